"""The certificate of a campaign as a page to hand over: one sheet of PDF, the same bytes for the same facts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import orjson

from shared.domain.approval import Approval
from shared.domain.campaign import WHO, Campaign
from shared.domain.certificate import Certificate
from shared.domain.gate import HELD

TEMPLATE = Path(__file__).parent / "templates" / "certificate.typ"
_SENT, _HELD, _UNKNOWN, _FAILED, _REST = "#0b6e5f", "#c98a12", "#7a4fc4", "#b3362b", "#dedacf"
_MOST_REASONS = 12
_BY: Mapping[str, str] = {
    "email": "the mail server or the outbox folder",
    "sms": "the provider of the text messages",
    "webhook": "the receiving server",
    "chat": "the chat service",
    "social": "the network that it was posted to",
}
"""Channel -> who acknowledges a message."""
_CHANNELS: Mapping[str, str] = {
    "email": "e-mail", "sms": "text message", "webhook": "webhook", "chat": "chat message", "social": "post",
}  # fmt: skip
_MEANING = (
    "Sent once means: exactly one hand-over of this message was acknowledged by {by}. It does not say that it was "
    "read, or that no filter put it aside. Unknown means that nobody can say yet whether it was taken; it is not sent "
    "again by itself. Each figure was counted row by row in the ledger, where a row is written before its message may "
    "leave."
)


def certificate_pdf(certificate: Certificate, campaign: Campaign, approval: Approval | None, zone: ZoneInfo) -> bytes:
    """One A4 page. Times are in `zone`."""
    import typst

    facts = orjson.dumps(_data(certificate, campaign, approval, zone)).decode()
    made: bytes = typst.compile(
        TEMPLATE.read_bytes(), format="pdf", sys_inputs={"data": facts}, ignore_system_fonts=True, timestamp=0
    )
    return made


def _data(certificate: Certificate, campaign: Campaign, approval: Approval | None, zone: ZoneInfo) -> dict[str, Any]:
    recounted = certificate.recounted_at.astimezone(zone)
    return {
        "kind": "Certificate of sending" if not certificate.remaining else "Interim certificate of sending",
        "title": certificate.name,
        "sender": campaign.request.sender.name,
        "sentence": f"{certificate.sentence()}.",
        "planned": certificate.planned,
        "total": f"{certificate.planned:,}",
        "parts": [
            {"label": part.label, "why": part.why, "n": part.n, "number": f"{part.n:,}", "colour": part.colour}
            for part in _parts(certificate)
        ],
        "facts": list(_facts(campaign, approval, zone)),
        "meaning": _MEANING.format(by=_BY[campaign.request.channels[0]]),
        "footer": f"Recounted from the ledger on {recounted:%A %-d %B %Y at %H:%M:%S} ({zone.key}). "
        f"Campaign {certificate.campaign}.",
    }


class _Part(NamedTuple):
    """A line of the table; one without a colour is about people of the lines above it and adds nothing."""

    label: str
    why: str
    n: int
    colour: str | None


def _parts(certificate: Certificate) -> Iterator[_Part]:
    yield _Part("Sent once", "", certificate.sent_once, _SENT)
    if certificate.assumed:
        yield _Part("", "of them not proved: treated as sent by a person's decision", certificate.assumed, None)
    yield _Part("Sent twice", "", certificate.sent_twice, _FAILED)
    if certificate.sent_again:
        yield _Part("", "of all: sent again by a person's decision, may be twice", certificate.sent_again, None)
    yield _Part("Failed", "refused for good, or came back", certificate.failed, _FAILED)
    yield _Part("Unknown", "", certificate.unknown, _UNKNOWN)
    ordered = sorted(certificate.held.items(), key=lambda each: (-each[1], each[0]))
    for code, n in ordered[:_MOST_REASONS]:
        yield _Part("Held", f"because {HELD.get(code, code)}", n, _HELD)
    if rest := sum(n for _, n in ordered[_MOST_REASONS:]):
        yield _Part("Held", "for other reasons", rest, _HELD)
    yield _Part("Remaining", "", certificate.remaining, _REST)


def _facts(campaign: Campaign, approval: Approval | None, zone: ZoneInfo) -> Iterator[tuple[str, str]]:
    sender = campaign.request.sender
    yield "From", f"{sender.name} <{sender.address}>, {sender.postal_address}"
    yield "By", _CHANNELS[campaign.request.channels[0]]
    if campaign.request.segment.received:
        yield "Written to", f"those who got the messages of campaign {campaign.request.segment.received}"
    if again := campaign.request.segment.again:
        yield "Written to", f"of campaign {again.campaign}, {WHO[again.who]}"
    if campaign.status == "cancelled":
        yield "Stopped", "the campaign was recalled or cancelled; whoever had not got it then does not get it"
    if approval and approval.decision == "approve" and approval.at:
        yield "Approved", f"by {approval.by}, {approval.at.astimezone(zone):%A %-d %B %Y at %H:%M}"
    if campaign.first_due and campaign.last_due:
        first, last = campaign.first_due.astimezone(zone), campaign.last_due.astimezone(zone)
        end = f" to {last:%-d %B %Y %H:%M}" if last != first else ""
        yield "Planned for", f"{first:%-d %B %Y %H:%M}{end}"
    if campaign.approved:
        yield "Seal (SHA-256)", campaign.approved
