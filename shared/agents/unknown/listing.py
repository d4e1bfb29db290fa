"""The list of unknown messages: for each, what was asked and what was answered."""

from __future__ import annotations

from shared.agents.campaigns.audience import contacts_by_id
from shared.agents.records import load
from shared.agents.unknown.inquiries import inquiries
from shared.domain.contact import Contact
from shared.domain.faults import FieldError, Rejected
from shared.domain.inquiry import Asked, Inquiry, UnknownMessage
from shared.domain.scope import Scope
from shared.ports import LedgerRow, Ports

_WHY = {"lease-ended": "the sender was stopped before it could note an answer"}
_NOBODY_SAID = "no bounce, no reply, no opened or clicked link has come in"


def listing(
    ports: Ports, scope: Scope, campaign: str, cursor: str | None = None, limit: int = 50
) -> tuple[list[UnknownMessage], str | None]:
    """One page of the messages that nobody can decide but a person. Raises Missing, Rejected for a wrong cursor."""
    load(ports, scope, campaign)
    try:
        rows, following = ports.ledger.of_state(scope, campaign, "unknown", cursor, limit)
    except ValueError as error:
        raise Rejected(FieldError("cursor", str(error))) from None
    people = contacts_by_id(ports, scope, [row.contact for row in rows])
    asked = inquiries(ports, scope, rows)
    now = ports.clock.now()
    silence = Asked(whom="the recipient and their mail server", at=now, answer=_NOBODY_SAID)
    return [_shown(row, people.get(row.contact), asked.get(row.key), silence) for row in rows], following


def _shown(row: LedgerRow, contact: Contact | None, inquiry: Inquiry | None, silence: Asked) -> UnknownMessage:
    known = inquiry.asked if inquiry and inquiry.attempt == row.attempt else ()
    return UnknownMessage(
        key=row.key,
        contact=row.contact,
        email=contact.email if contact else None,
        name=" ".join(filter(None, (contact.first_name, contact.last_name))) or None if contact else None,
        attempt=row.attempt,
        handed_over_at=row.intended_at,
        unknown_since=row.settled_at,
        why=_WHY.get(row.detail or "", row.detail or "no answer was recorded"),
        asked=[*known, silence],
    )
