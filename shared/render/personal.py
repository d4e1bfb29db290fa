"""Personal fields: a draft's templates, judged and read once, filled in for one person after another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from shared.domain.contact import PERSONAL_FIELDS, Contact
from shared.domain.draft import Draft, Finding
from shared.domain.faults import FieldError
from shared.render.sandbox import judge
from shared.render.template import Template

MAX_RENDERED = {"subject": 500, "preheader": 1_000, "html": 300_000, "text": 150_000}
"""Characters of a rendered part; long field values cannot make a message that no mailbox takes."""


class Rendered(NamedTuple):
    """One person's message; subject and preheader are single lines."""

    subject: str
    preheader: str
    html: str
    text: str


class Personal:
    """The four templates of a draft. Raises ValueError if one of them may not run; a checked draft always may."""

    def __init__(self, draft: Draft) -> None:
        refused = draft_findings(draft)
        if refused:
            raise ValueError("; ".join(f"{finding.where}: {finding.reason}" for finding in refused))
        self._subject, self._preheader = Template(draft.subject, False), Template(draft.preheader, False)
        self._html, self._text = Template(draft.html, True), Template(draft.text, False)

    def render(
        self,
        fields: Mapping[str, Any],
        links: Sequence[str],
        unsubscribe: str,
        open_pixel: str,
        preferences: str = "#",
        notice: Any = "",
    ) -> Rendered:
        """Fill in. `links` are the signed URLs of `draft.links`, by position; without `preferences` it leads nowhere.
        `notice` (`render.notice`) is for those who were found.

        Raises ValueError, naming the part, if it grows beyond `MAX_RENDERED`."""
        values = {**fields, "links": links, "unsubscribe": unsubscribe, "open_pixel": open_pixel}
        values["preferences"], values["notice"] = preferences, notice
        return Rendered(
            " ".join(_fill(self._subject, values, "subject").split()),
            " ".join(_fill(self._preheader, values, "preheader").split()),
            _fill(self._html, values, "html"),
            _fill(self._text, values, "text"),
        )


def _fill(template: Template, values: Mapping[str, Any], where: str) -> str:
    try:
        return template.fill(values, MAX_RENDERED[where])
    except ValueError as wrong:
        raise ValueError(f"{where} {wrong}") from None


def fields_of(contact: Contact) -> dict[str, Any]:
    """What a template may know of a person; a missing field is None, so that its fallback applies."""
    return {**{name: getattr(contact, name) for name in PERSONAL_FIELDS}, "attributes": contact.attributes}


def no_fields() -> dict[str, Any]:
    """Of somebody who gave nothing but an address: every fallback applies."""
    return {**dict.fromkeys(PERSONAL_FIELDS), "attributes": {}}


def sample_fields() -> dict[str, Any]:
    """An invented person, for a preview without a contact."""
    sample = ("Anna", "Lindqvist", "Nordlicht Studio", "Managing Director", "Hamburg", "Germany")
    return {**dict(zip(PERSONAL_FIELDS, sample, strict=True)), "attributes": {}}


def template_errors(text: str, where: str) -> list[FieldError]:
    """What is wrong with a text that people write, such as a part of a brief; `where` is its dotted path."""
    return [FieldError(finding.where, finding.reason) for finding in judge(text, where)]


def draft_findings(draft: Draft) -> list[Finding]:
    """The same for the four templates of a draft, which may also place its links."""
    parts = (("subject", draft.subject), ("preheader", draft.preheader), ("html", draft.html), ("text", draft.text))
    return [finding for where, text in parts for finding in judge(text, where, len(draft.links))]


def with_fallbacks(text: str) -> str:
    """A checked text as a person reads it of whom nothing is known. Raises ValueError if it may not run."""
    refused = judge(text, "text")
    if refused:
        raise ValueError(refused[0].reason)
    return str(Template(text, False).fill(dict.fromkeys(PERSONAL_FIELDS) | {"attributes": {}}))
