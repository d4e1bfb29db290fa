"""Somebody comes into the address book by themselves: they wrote, and gave their address."""

from __future__ import annotations

from contextlib import suppress

from shared.agents.contacts.records import contacts
from shared.domain.address import person_of
from shared.domain.contact import Contact, contact_id
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.ports import Ports, Stale


def enter(ports: Ports, scope: Scope, email: str, source: str, **known: str | None) -> Contact:
    """The contact of this address; who is known already stays as they are, for anybody can write anybody's address.
    Nothing about consent is said by it. Repeating it changes nothing."""
    person = person_of(email, ports.keys.address)
    identity = ports.documents.get(scope, Kind.IDENTITY, person)
    id = str(identity.body["contact"]) if identity else contact_id(person)
    if identity is None:
        with suppress(Stale):
            ports.documents.put(scope, Kind.IDENTITY, person, {"contact": id})
    if ports.documents.get(scope, Kind.CONTACT, id) is None:
        given = {field: text for field, text in known.items() if text}
        made = Contact(id=id, person=person, email=email.lower(), source=source, created_at=ports.clock.now(), **given)  # type: ignore[arg-type]
        with suppress(Stale):
            ports.documents.put(scope, Kind.CONTACT, id, made.model_dump(mode="json"))
    return contacts.load(ports, scope, id)
