"""That people who were found were told so (GDPR Article 14; rule G10)."""

from __future__ import annotations

from datetime import datetime, timedelta

from shared.agents.contacts.evidence import stream_of
from shared.agents.contacts.records import contacts
from shared.domain.contact import Contact
from shared.domain.faults import Conflict, FieldError, Rejected
from shared.domain.found import Told, told, untold
from shared.domain.scope import Scope
from shared.ports import Ports

_AHEAD = timedelta(minutes=5)


def note_told(ports: Ports, scope: Scope, id: str, at: datetime, by: str) -> Contact:
    """They know from now on where their data come from; what they were told before stands. Raises Missing."""

    def write(contact: Contact) -> None:
        contact.found = told(contact.found, at, by)

    return contacts.change(ports, scope, id, write)


def record_told(ports: Ports, scope: Scope, id: str, by: str, said: Told) -> Contact:
    """Record by hand that they were told otherwise than by a message. Raises Missing, Rejected (a time to come),
    Conflict if there is nothing that they do not know."""
    now = ports.clock.now()
    if said.at and said.at > now + _AHEAD:
        raise Rejected(FieldError("at", "must not lie in the future"))
    if not untold(contacts.load(ports, scope, id).found):
        raise Conflict("contact", "there is nothing about them that was found and that they were not told")
    kept = note_told(ports, scope, id, said.at or now, said.how)
    ports.journal.append(scope, stream_of(id), now, by, "told_where_found", {"at": (said.at or now).isoformat()})
    return kept
