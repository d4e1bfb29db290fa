"""What is watched: added, shown, removed."""

from __future__ import annotations

from datetime import timedelta

import uuid_utils

from shared.agents.records import Records
from shared.agents.scopes import register
from shared.domain.faults import Conflict
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.domain.watch import MARKS, Sightings, Watch, WatchRequest, WatchShown, seen
from shared.ports import Ports, Stale

WATCHES = Records(Kind.WATCH, Watch)
SIGHTINGS = Records(Kind.SIGHTINGS, Sightings)
STREAM = "watch"
MOST = 50
"""Of one workspace."""
_POLITE = timedelta(minutes=5)


def add(ports: Ports, scope: Scope, by: str, request: WatchRequest) -> Watch:
    """Watch it from now on; the caller starts its flow. Raises Conflict if there are too many."""
    if len(listing(ports, scope)) >= MOST:
        raise Conflict("watches", f"{MOST} things are watched already; remove one first")
    now, id = ports.clock.now(), uuid_utils.uuid7().hex
    made = Watch(**request.model_dump(), id=id, created_at=now, created_by=by, next_at=now)
    register(ports, scope)
    ports.documents.put(scope, Kind.SIGHTINGS, id, Sightings(id=id).model_dump(mode="json"))
    ports.documents.put(scope, Kind.WATCH, id, made.model_dump(mode="json"))
    ports.journal.append(scope, STREAM, now, by, "watched", {"watch": id, "about": made.about})
    return made


def get(ports: Ports, scope: Scope, id: str) -> Watch:
    """As it stands. Raises Missing."""
    return WATCHES.load(ports, scope, id)


def listing(ports: Ports, scope: Scope) -> list[Watch]:
    """All of them, by name."""
    found = ports.documents.find(scope, Kind.WATCH, limit=MOST + 20).documents
    return sorted((Watch.model_validate(each.body) for each in found), key=lambda each: (each.name, each.id))


def shown(ports: Ports, scope: Scope, id: str) -> WatchShown:
    """With what was seen there: new, rising, gone, steady; the newest of each first. Raises Missing."""
    watch = get(ports, scope, id)
    kept = ports.documents.get(scope, Kind.SIGHTINGS, id)
    found = Sightings.model_validate(kept.body) if kept else Sightings(id=id)
    items = [seen(each, found.read) for each in found.items.values()] if found.read else []
    items.sort(key=lambda each: (-MARKS.index(each.mark), each.at, each.title), reverse=True)
    return WatchShown(**watch.model_dump(), read=found.read, items=items)


def again(ports: Ports, scope: Scope, id: str, by: str) -> Watch:
    """Read it now; the caller rings its flow. Raises Missing, and Conflict if it was read just now."""
    now = ports.clock.now()

    def due(found: Watch) -> None:
        if found.tried_at and now - found.tried_at < _POLITE:
            raise Conflict("watch", "it was read less than five minutes ago; its server is not asked more often")
        found.next_at = now

    after = WATCHES.change(ports, scope, id, due)
    ports.journal.append(scope, STREAM, now, by, "read_now", {"watch": id})
    return after


def remove(ports: Ports, scope: Scope, id: str, by: str) -> Watch:
    """Watch it no longer; what was seen goes, too. The caller rings its flow, which ends. Raises Missing."""
    found = get(ports, scope, id)
    for kind in (Kind.WATCH, Kind.SIGHTINGS):
        try:
            ports.documents.delete(scope, kind, id)
        except Stale:
            continue
    ports.journal.append(scope, STREAM, ports.clock.now(), by, "removed", {"watch": id})
    return found


def give_up(ports: Ports, scope: Scope, id: str, attempt: int) -> None:
    """That flow broke: another follows. Raises Missing."""

    def next_one(found: Watch) -> None:
        if found.attempt == attempt:
            found.attempt += 1

    WATCHES.change(ports, scope, id, next_one)
