"""Why one person did, did not, or does not yet get a message: read from the row, never guessed (design 4.2)."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import Any, get_args

from shared.agents.campaigns.audience import audience_path
from shared.agents.campaigns.inquire import approval, timeline
from shared.agents.campaigns.paragraph import Stop, Told, outside, paragraph
from shared.agents.campaigns.rows import rows_of_reader
from shared.agents.lines import find_line
from shared.agents.records import load
from shared.domain.campaign import Campaign
from shared.domain.certificate import Explanation
from shared.domain.contact import Contact
from shared.domain.faults import Missing
from shared.domain.inquiry import Inquiry, inquiry_id
from shared.domain.names import Kind
from shared.domain.own import OWN, own_channel
from shared.domain.position import position_id
from shared.domain.review import Review
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.domain.suppression import Reason, holds, suppression_ids
from shared.ports import Fact, LedgerRow, Ports

_REASONS: tuple[Reason, ...] = get_args(Reason)


def explain(ports: Ports, scope: Scope, campaign: str, contact: str) -> Explanation:
    """One paragraph fit to paste into a reply, with the facts it rests on. Raises Missing for an unknown campaign or
    contact."""
    found = load(ports, scope, campaign)
    reader = _reader(ports, scope, contact)
    person = reader.person if reader else _once_in(ports, scope, found, contact)
    if person is None:
        raise Missing("contact", contact)
    row = _row(ports, scope, found, person, contact)
    if row is None:
        said = outside(found, reader)
        return Explanation(
            campaign=campaign, name=found.name, contact=contact, state="not_planned", sentence=said, evidence={}
        )
    told = Told(
        campaign=found,
        contact=reader,
        row=row,
        now=ports.clock.now(),
        inquiry=_inquiry(ports, scope, row),
        stops=_stops(ports, scope, found, person),
        approval=approval(ports, scope, campaign) if found.approved else None,
        ended=_ended(ports, scope, campaign) if row.held == "cancelled" else None,
        corrects=_corrects(ports, scope, found),
        reviews=_reviews(ports, scope, campaign, person),
    )
    evidence = _evidence(found, row, told.inquiry)
    evidence["reviews"] = [each.model_dump(mode="json", exclude={"person"}) for each in told.reviews]
    evidence["found"] = [each.model_dump(mode="json") for each in reader.found] if reader else []
    return Explanation(
        campaign=campaign,
        name=found.name,
        contact=contact,
        state=row.state,
        sentence=paragraph(told),
        evidence=evidence,
    )


def _reader(ports: Ports, scope: Scope, contact: str) -> Contact | None:
    if contact == OWN:
        return own_channel(ports.keys.address)
    document = ports.documents.get(scope, Kind.CONTACT, contact)
    return Contact.model_validate(document.body) if document else None


def _once_in(ports: Ports, scope: Scope, campaign: Campaign, contact: str) -> str | None:
    """The person behind a contact that left the address book, if the approved audience had it."""
    if not campaign.shards:
        return None
    if campaign.journey:
        at = ports.documents.get(scope, Kind.POSITION, position_id(campaign.journey.id, contact))
        return str(at.body["person"]) if at else None
    found = find_line(ports, scope, audience_path(campaign.id, campaign.version), f"{contact} ".encode())
    return found.decode().split()[1] if found else None


def _row(ports: Ports, scope: Scope, campaign: Campaign, person: str, contact: str) -> LedgerRow | None:
    """The last of theirs."""
    refs = list(rows_of_reader(ports, scope, campaign, person, contact)) if campaign.shards else []
    rows = ports.ledger.of_person(scope, refs)
    return rows[-1] if rows else None


def _inquiry(ports: Ports, scope: Scope, row: LedgerRow) -> Inquiry | None:
    document = ports.documents.get(scope, Kind.INQUIRY, inquiry_id(row.campaign, row.key))
    return Inquiry.model_validate(document.body) if document else None


def _stops(ports: Ports, scope: Scope, campaign: Campaign, person: str) -> list[Stop]:
    """What stops messages like this one to this person, the weightiest first."""
    ids = suppression_ids(person, campaign.request.channels[0], campaign.request.topic).present()
    asked = [Filter("id", "in", ids)]
    found = ports.documents.find(scope.agency, Kind.SUPPRESSION, asked, limit=len(ids)).documents
    held = [each.body for each in found if holds(each.body, scope.workspace, person)]
    said = [each for each in held if each.get("reason") in _REASONS and each.get("at")]
    stops = [Stop(each["reason"], datetime.fromisoformat(each["at"]), each.get("campaign")) for each in said]
    return sorted(stops, key=lambda each: _REASONS.index(each.reason), reverse=True)[:1]


def _ended(ports: Ports, scope: Scope, campaign: str) -> Fact | None:
    facts = [each for each in timeline(ports, scope, campaign) if each.what in ("recalled", "cancelled")]
    return facts[-1] if facts else None


def _reviews(ports: Ports, scope: Scope, campaign: str, person: str) -> list[Review]:
    """Where they asked for a person to look at it (rule G9)."""
    found = ports.documents.find(scope, Kind.REVIEW, [Filter("person", "eq", person)]).documents
    return [Review.model_validate(each.body) for each in found if each.body.get("campaign") == campaign]


def _corrects(ports: Ports, scope: Scope, campaign: Campaign) -> str | None:
    first = campaign.request.segment.received
    with suppress(Missing):
        return load(ports, scope, first).name if first else None
    return None


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
