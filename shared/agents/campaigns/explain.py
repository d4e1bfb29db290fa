"""Why one person did, did not, or does not yet get a message: read from the row, never guessed (design 4.2)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from shared.agents.campaigns.audience import audience_path
from shared.agents.campaigns.manifest import place
from shared.agents.effects import STEP
from shared.agents.lines import find_line
from shared.agents.records import load
from shared.domain.address import effect_key
from shared.domain.campaign import Campaign
from shared.domain.certificate import Explanation
from shared.domain.consent import key_of as consent_key
from shared.domain.contact import Contact
from shared.domain.faults import Missing
from shared.domain.gate import HELD, WAITS
from shared.domain.inquiry import Inquiry, inquiry_id, mark_of
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.domain.slots import zone
from shared.domain.suppression import BY_SERVERS, holds
from shared.ports import LedgerRow, Ports

WHEN = {
    "first_slot": "the first slot of its window on their own clock",
    "slot_full": "the first slot that had room left",
    "zone_unknown": "the first slot of its window; their time zone is not on record, so the sender's was used",
}
STOPPED = ("paused", "missed")
TO = {"email": "e-mail", "sms": "text messages", "webhook": "messages", "chat": "messages", "social": "posts"}
"""Channel -> what they consented to."""


def explain(ports: Ports, scope: Scope, campaign: str, contact: str) -> Explanation:
    """One paragraph fit to paste into a reply, with the facts it rests on. Raises Missing for an unknown campaign or
    contact."""
    found = load(ports, scope, campaign)
    reader = _reader(ports, scope, contact)
    person = reader.person if reader else _once_in(ports, scope, found, contact)
    if person is None:
        raise Missing("contact", contact)
    row = _row(ports, scope, found, person)
    name = _name(reader)
    if row is None:
        return Explanation(
            campaign=campaign, contact=contact, state="not_planned", sentence=_outside(found, name), evidence={}
        )
    inquiry = _inquiry(ports, scope, row)
    said = (
        _assumed(found, name, row, inquiry) or _sentence(found, name, row, ports.clock.now()),
        _again(row, inquiry),
        _too_late(ports, scope, row),
        _basis(found, reader, row),
    )
    sentence = " ".join(filter(None, said))
    return Explanation(
        campaign=campaign, contact=contact, state=row.state, sentence=sentence, evidence=_evidence(found, row, inquiry)
    )


def _reader(ports: Ports, scope: Scope, contact: str) -> Contact | None:
    document = ports.documents.get(scope, Kind.CONTACT, contact)
    return Contact.model_validate(document.body) if document else None


def _name(reader: Contact | None) -> str:
    if reader is None:
        return "This person"
    return " ".join(filter(None, (reader.first_name, reader.last_name))) or reader.email


def _once_in(ports: Ports, scope: Scope, campaign: Campaign, contact: str) -> str | None:
    """The person behind a contact that left the address book, if the approved audience had it."""
    if not campaign.shards:
        return None
    found = find_line(ports, scope, audience_path(campaign.id, campaign.version), f"{contact} ".encode())
    return found.decode().split()[1] if found else None


def _row(ports: Ports, scope: Scope, campaign: Campaign, person: str) -> LedgerRow | None:
    key = effect_key(scope, campaign.id, STEP, campaign.request.channels[0], person)
    ref = place(ports, scope, campaign.id, key) if campaign.shards else None
    rows = ports.ledger.of_person(scope, [ref]) if ref else []
    return rows[0] if rows else None


def _outside(campaign: Campaign, name: str) -> str:
    if not campaign.shards:
        return f"“{campaign.name}” has no plan yet: it is {campaign.status.replace('_', ' ')}. Nobody has got it."
    return f"{name} was not in the audience that was approved for “{campaign.name}”, so nothing was sent to them."


def _sentence(campaign: Campaign, name: str, row: LedgerRow, now: datetime) -> str:
    title, times = f"“{campaign.name}”", len(set(row.acceptances))
    match row.state:
        case "accepted" | "delivered":
            how_often = "once" if times == 1 else f"{times} times"
            return f"{name} was sent {title} {how_often}, {_moment(row.intended_at, row)}, as variant {row.variant}."
        case "held":
            return f"{name} did not get {title}, because {HELD.get(row.held or '', row.held)}."
        case "failed":
            return f"{title} could not be delivered to {name}: {row.detail or 'the server refused it'}."
        case "planned" if campaign.status in ("completed", "failed"):
            return f"{name} has not got {title}: the campaign {campaign.status} before their turn."
        case "planned":
            still = f" once it goes on; it is {campaign.status} now" if campaign.status in STOPPED else ""
            return f"{name} is to get {title} {_moment(row.not_before, row)}{still}: {_why_then(row)}."
        case "intent" if row.lease_until and now < row.lease_until:
            return f"{title} is being handed over to {name}'s mail server right now."
        case _:
            return (
                f"It is not known whether {name} got {title}: it was handed over {_moment(row.intended_at, row)} and "
                "no answer was recorded. It will not be sent again by itself."
            )


def _too_late(ports: Ports, scope: Scope, row: LedgerRow) -> str:
    """An opt-out that came when the message could not be stopped any more (design 4.2)."""
    document = ports.documents.get(scope.agency, Kind.SUPPRESSION, row.person)
    # What a mail server said of an address is no opt-out.
    own = document is not None and document.body.get("reason") not in BY_SERVERS
    said = (
        str(document.body.get("at", ""))
        if document and own and holds(document.body, scope.workspace, row.person)
        else ""
    )
    if not said or row.intended_at is None or row.state in ("planned", "held"):
        return ""
    at = datetime.fromisoformat(said)
    if at < row.intended_at:
        return ""
    return f"They opted out {_moment(at, row)}: too late for this message, and in time for every later one."


def _inquiry(ports: Ports, scope: Scope, row: LedgerRow) -> Inquiry | None:
    document = ports.documents.get(scope, Kind.INQUIRY, inquiry_id(row.campaign, row.key))
    return Inquiry.model_validate(document.body) if document else None


def _assumed(campaign: Campaign, name: str, row: LedgerRow, inquiry: Inquiry | None) -> str | None:
    """What is believed by somebody's decision, until news proves it."""
    if inquiry is None or row.state != "accepted" or mark_of(row.detail) != "sent":
        return None
    return (
        f"It is not proved that {name} got “{campaign.name}”: it was handed over {_moment(row.intended_at, row)} and "
        f"no answer was recorded. {inquiry.decided_by} decided {_moment(inquiry.decided_at, row)} to treat it as sent, "
        "so it is not sent again."
    )


def _again(row: LedgerRow, inquiry: Inquiry | None) -> str:
    if inquiry is None or inquiry.decision != "again":
        return ""
    twice = "may arrive twice" if row.state in ("planned", "intent") else "may have arrived twice"
    return (
        f"It was not known whether try {inquiry.attempt} arrived, and {inquiry.decided_by} decided "
        f"{_moment(inquiry.decided_at, row)} to send it again, so it {twice}."
    )


def _why_then(row: LedgerRow) -> str:
    if mark_of(row.detail) == "again":
        return f"try {row.attempt}, by decision of a person"
    if row.not_before == row.due:
        return WHEN.get(row.reason, row.reason)
    if row.attempt > 1:
        return f"try {row.attempt}, because the last was put off ({row.detail or 'no reason was given'})"
    return WAITS.get(str((row.verdict or {}).get("code")), WAITS["closed_hours"])


def _basis(campaign: Campaign, reader: Contact | None, row: LedgerRow) -> str:
    """What they had agreed to, and what was approved."""
    if row.state == "held":
        return ""
    parts = []
    channel, purpose = campaign.request.channels[0], campaign.request.purpose
    given = [reader.consent.get(key) for key in (consent_key(channel, purpose), channel)] if reader else []
    consent = next((each for each in given if each and each.status == "granted"), None)
    if consent:
        when = f" on {consent.at:%-d %B %Y}" if consent.at else ""
        parts.append(
            f"Their consent to {TO[channel]} was given{when}{f' ({consent.source})' if consent.source else ''}."
        )
    if campaign.approved:
        parts.append(f"The version approved under seal {campaign.approved[:12]} is the only one that may leave.")
    return " ".join(parts)


def _moment(at: datetime | None, row: LedgerRow) -> str:
    where = zone(str(row.facts.get("zone", "UTC")))
    if at is None or where is None:
        return "at a time that was not recorded"
    return f"on {at.astimezone(where):%A %-d %B %Y at %H:%M} ({where.key})"


def _evidence(campaign: Campaign, row: LedgerRow, inquiry: Inquiry | None) -> dict[str, Any]:
    return {
        "inquiry": inquiry.model_dump(mode="json", exclude={"campaign", "key"}) if inquiry else None,
        "effect_key": row.key,
        "shard": row.shard,
        "variant": row.variant,
        "due": row.due.isoformat(),
        "reason": row.reason,
        "facts": dict(row.facts),
        "attempt": row.attempt,
        "acceptances": list(row.acceptances),
        "provider_id": row.provider_id,
        "verdict": dict(row.verdict) if row.verdict else None,
        "held": row.held,
        "detail": row.detail,
        "seal": campaign.approved,
        "intended_at": row.intended_at.isoformat() if row.intended_at else None,
        "settled_at": row.settled_at.isoformat() if row.settled_at else None,
    }
