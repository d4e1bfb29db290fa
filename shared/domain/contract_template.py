"""What a contract is written from: sections of text with named fields, `{{ client.name }}`, as data with versions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from shared.domain.offer import Language, Slug
from shared.domain.texts import Line, Plain

FIELDS: Mapping[str, str] = {
    "title": "what the engagement is called",
    "agency.name": "who delivers, as in the terms of billing",
    "agency.address": "their address, in one line",
    "client.name": "who orders",
    "client.address": "their address, in one line",
    "option": "which option of the proposal was accepted",
    "proposal.version": "which version of it",
    "proposal.day": "on which day",
    "once.net": "all that is paid once, without tax",
    "once.gross": "the same with tax",
    "monthly.net": "all that is paid each month, without tax",
    "monthly.gross": "the same with tax",
    "months": "for how many months at least",
    "payment.days": "in how many days an invoice is paid",
    "terms": "the terms of the proposal, word for word",
    "sign.by": "the last day on which both can sign",
}
"""What every template can name; beside these, what it declares in `fields`."""
MOST_SECTIONS = 40
_FIELD = re.compile(r"\{\{\s*([a-z][a-z0-9_.]*)\s*\}\}")
_OTHER = re.compile(r"\{\{|\}\}|\{%|%\}|\{#")
FieldName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Value = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500), Plain]
Prose = Annotated[str, StringConstraints(strip_whitespace=True, max_length=8000), Plain]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Section(_Strict):
    """One numbered section. `show`: after its text come the agreed lines, or the agreed dates. `when`: only where
    something is paid once, or monthly, or the proposal has terms."""

    heading: Line
    text: Prose = ""
    show: Literal["", "scope", "dates"] = ""
    when: Literal["", "once", "monthly", "terms"] = ""


class ContractTemplate(_Strict):
    """The body of PUT /api/v1/contract-templates/{id}. `fields` are its own, with what they say unless a contract says
    otherwise; `note` is for who works with it, and stands on drafts."""

    name: Line
    language: Language
    title: Line
    note: Prose = ""
    fields: Annotated[dict[FieldName, Value], Field(max_length=40)] = Field(default_factory=dict)
    sections: Annotated[list[Section], Field(min_length=1, max_length=MOST_SECTIONS)]

    @model_validator(mode="after")
    def _known(self) -> ContractTemplate:
        known = {*FIELDS, *self.fields}
        for at, text in self._texts():
            if wrong := sorted({*_FIELD.findall(text)} - known):
                raise ValueError(f"{at}: there is no field {wrong[0]!r}; there are {', '.join(sorted(known))}")
            if _OTHER.search(_FIELD.sub("", text)):
                raise ValueError(f"{at}: a field is written as {{{{ client.name }}}}; nothing else has braces like it")
        return self

    def _texts(self) -> Iterator[tuple[str, str]]:
        yield "title", self.title
        for n, section in enumerate(self.sections):
            yield f"sections[{n}].heading", section.heading
            yield f"sections[{n}].text", section.text


class NewTemplate(ContractTemplate):
    """The body of POST /api/v1/contract-templates."""

    id: Slug


class TemplateVersion(ContractTemplate):
    """The document: one version, which never changes. `version` 0 is built in."""

    template: Slug
    version: int
    at: datetime | None = None
    by: str = ""


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with what its fields say. What a value says is never looked through for fields again."""
    return _FIELD.sub(lambda found: values[found[1]], text)
