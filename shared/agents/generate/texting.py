"""What a written variant takes as a text message, for the very people it is for: found before anybody approves it, not
when it should leave."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from hashlib import sha256
from math import ceil
from typing import Any

from shared.agents.asking import found
from shared.agents.campaigns.audience import members
from shared.agents.channels import channel_of
from shared.domain.campaign import Campaign
from shared.domain.draft import Draft, Finding
from shared.domain.faults import Missing, Rejected
from shared.domain.scope import Scope
from shared.domain.sms import Tariff, foreign, length
from shared.domain.wording import ShortCopy
from shared.ports import Body, Ports
from shared.render.forms import text_message
from shared.render.personal import Personal, Rendered, fields_of, sample_fields


def text_findings(ports: Ports, scope: Scope, campaign: Campaign, draft: Draft, tape: str) -> Iterator[Finding]:
    """For a campaign over text messages: an error if it is too long for somebody of whom nothing is known, a warning
    with the number of those for whom it is, what makes it UCS-2, and what all of it costs at most. The counts are kept
    on the tape: the same words for the same version are counted once."""
    tariff = channel_of(ports, campaign).tariff
    if campaign.request.channels[0] != "sms" or tariff is None:
        return
    text, where = _Text(campaign, draft), "text" if isinstance(draft.words, ShortCopy) else "subject"
    plain = text.segments(dict.fromkeys(sample_fields()) | {"attributes": {}})
    if strange := foreign(text.words):
        reason = f"{strange!r} is not in the GSM alphabet: a segment holds 70 characters instead of 160"
        yield Finding(severity="warning", rule="sms-alphabet", where=where, reason=reason)
    if plain > tariff.most_segments:
        reason = f"as a text message it takes {plain} segments; most_segments is {tariff.most_segments}"
        yield Finding(severity="error", rule="sms-long", where=where, reason=reason)
        return

    def count() -> Body:
        return {str(segments): people for segments, people in Counter(_each(ports, scope, campaign, text)).items()}

    counted = found(ports, scope, f"{tape}~segments~{sha256(text.words.encode()).hexdigest()[:16]}", count)
    yield from _audience(Counter({int(segments): people for segments, people in counted.items()}), tariff, where)


class _Text:
    """The text message of a draft: of all its parts only the subject is in it."""

    def __init__(self, campaign: Campaign, draft: Draft) -> None:
        self._request, self._draft = campaign.request, draft
        self._subject = Personal(draft.model_copy(update={"preheader": "", "html": "", "text": ""}))
        self.words = text_message(self._request, draft, Rendered(draft.subject, "", "", ""))

    def segments(self, fields: Mapping[str, Any]) -> int:
        rendered = self._subject.render(fields, [], "", "")
        return length(text_message(self._request, self._draft, rendered)).segments


def _each(ports: Ports, scope: Scope, campaign: Campaign, text: _Text) -> Iterator[int]:
    """Segments for each of the audience, with their own values; no one if it is not known yet."""
    try:
        for reader in members(ports, scope, campaign.request.segment):
            try:
                yield text.segments(fields_of(reader))
            except ValueError:
                yield _BEYOND
    except (Missing, Rejected):
        return


_BEYOND = 1_000
"""Segments of what cannot be written at all."""


def _audience(counts: Counter[int], tariff: Tariff, where: str) -> Iterator[Finding]:
    people, most = counts.total(), tariff.most_segments
    if not people:
        return
    if too_long := sum(n for segments, n in counts.items() if segments > most):
        reason = f"for {too_long} of {people} people it takes more than {most} segments: they would not get it"
        yield Finding(severity="warning", rule="sms-long-for-some", where=where, reason=reason)
    fitting = {segments: n for segments, n in counts.items() if segments <= most}
    if not fitting:
        return
    total = sum(segments * n for segments, n in fitting.items())
    cost = f", {_euros(tariff.segment_micros * total)} in all" if tariff.segment_micros else ""
    span = f"{min(fitting)} to {max(fitting)}" if len(fitting) > 1 else f"{max(fitting)}"
    reason = f"{span} segment{'s' if span != '1' else ''} for each of {sum(fitting.values())} people{cost}"
    yield Finding(severity="info", rule="sms-segments", where=where, reason=reason)


def _euros(micros: int) -> str:
    """Rounded up to the cent: never less than it costs."""
    return f"{ceil(micros / 10_000) / 100:.2f} €"
