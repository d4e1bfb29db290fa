"""The list of events, read off the documents that changed: the change itself is the outbox (decision 31)."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from shared.domain.event import Event, EventType, events_in, stamp
from shared.domain.faults import FieldError, Rejected
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.ports import Document, Order, Ports, Stale, Write

KEPT = timedelta(days=30)
"""So far back events and deliveries are listed and can be sent again."""
_PAGES, _AT_ONCE = 50, 100
_MARK = "changes"
_OURS = (Kind.EVENT_MARK, Kind.EVENT)
"""What is written here tells nothing new."""


def collect(ports: Ports, scope: Scope) -> str | None:
    """Note the events of whatever changed since the last time, each once; returns up to where changes have been read:
    the same again while nothing changes. The mark moves on behind the events, so a kill in between finds the same ones
    again, under the same ids."""
    since: str | None = None
    for _ in range(_PAGES):
        mark = ports.documents.get(scope, Kind.EVENT_MARK, _MARK)
        since = mark.body["since"] if mark else None
        documents, upto = ports.as_found.changes(scope, since)
        if len(documents) <= _AT_ONCE and all(document.kind in _OURS for document in documents):
            return since
        for document in documents:
            _note(ports, scope, document)
        try:
            ports.documents.put(scope, Kind.EVENT_MARK, _MARK, {"since": upto}, mark.rev if mark else None)
        except Stale:
            return since  # somebody else is at it
    return since


def listing(
    ports: Ports, scope: Scope, type: EventType | None, limit: int, cursor: str | None = None
) -> tuple[list[Event], str | None]:
    """Events, newest first. Raises Rejected for a cursor that is none."""
    asked = [Filter("type", "eq", type)] if type else []
    try:
        page = ports.documents.find(scope, Kind.EVENT, asked, Order("at", descending=True), limit, cursor)
    except ValueError as error:
        raise Rejected(FieldError("cursor", str(error))) from None
    return [event_of(document) for document in page.documents], page.cursor


def event_of(document: Document) -> Event:
    """The event of a document."""
    return Event.model_validate({name: value for name, value in document.body.items() if name != "state"})


def forget(ports: Ports, scope: Scope) -> None:
    """Drop events, deliveries and notes of commands that are older than thirty days."""
    before = [Filter("at", "lt", stamp(ports.clock.now() - KEPT))]
    for kind in (Kind.DELIVERY, Kind.EVENT, Kind.COMMAND):
        while old := ports.documents.find(scope, kind, before, limit=_AT_ONCE).documents:
            ports.documents.batch(scope, kind, _deletions(old))


def _note(ports: Ports, scope: Scope, document: Document) -> None:
    if document.deleted:
        return
    changed = datetime.fromisoformat(document.changed_at[:27])
    for event in events_in(scope, document.kind, document.id, document.body, changed):
        if ports.clock.now() - event.at < KEPT:
            with suppress(Stale):
                ports.documents.put(scope, Kind.EVENT, event.id, {**event.model_dump(mode="json"), "state": "new"})


def _deletions(documents: Sequence[Document]) -> list[Write]:
    return [Write(each.id, None, "*") for each in documents]
