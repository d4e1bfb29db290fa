"""Tags that journeys put on people and take off: written for many at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import islice

from shared.agents.contacts.records import contacts
from shared.agents.journeys.known import Looked
from shared.domain.contact import Contact
from shared.domain.faults import Missing
from shared.domain.journey_walk import Way
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.ports import Ports, Stale, Write

_TOGETHER = 100


def label(ports: Ports, scope: Scope, ways: Iterable[Way], looked: Looked) -> None:
    """Tag people as their way says; whoever was erased meanwhile is left out. Repeatable, and a power cut may undo it,
    with the positions that are written after it."""
    rest = iter([way for way in ways if (way.label or way.unlabel) and way.position.contact in looked.contacts])
    while batch := list(islice(rest, _TOGETHER)):
        try:
            ports.documents.batch(scope, Kind.CONTACT, list(_writes(batch, looked)), durable=False)
        except Stale:
            _one_by_one(ports, scope, batch)


def _writes(ways: Iterable[Way], looked: Looked) -> Iterator[Write]:
    for way in ways:
        id = way.position.contact
        contact = looked.contacts[id].model_copy()
        _put(contact, way)
        yield Write(id, contact.model_dump(mode="json"), looked.revs[id])


def _one_by_one(ports: Ports, scope: Scope, ways: Iterable[Way]) -> None:
    """One of them was changed since it was read."""
    for way in ways:
        with suppress(Missing):
            contacts.change(ports, scope, way.position.contact, lambda found, way=way: _put(found, way))  # type: ignore[misc]


def _put(contact: Contact, way: Way) -> None:
    kept = [tag for tag in contact.tags if tag not in way.unlabel]
    contact.tags = list(dict.fromkeys([*kept, *way.label]))
