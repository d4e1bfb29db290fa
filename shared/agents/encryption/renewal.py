"""Everything that is encrypted is moved to the newest key, a bounded portion a step; each step can be begun again.

Rounds through all marked kinds of all workspaces are made until one finds nothing to move: so what was written with an
older key after the round had passed it (by a process that had not heard of the new one) is found by the next. While
old keys stay in the ring, a new round is made each day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, NamedTuple

from shared.agents.records import Records
from shared.agents.scopes import registered
from shared.domain.faults import Missing
from shared.domain.marked_fields import MARKED
from shared.domain.names import Kind
from shared.domain.outcome import Done, Outcome, Refused
from shared.domain.renewal import PLACES, Renewal
from shared.domain.scope import SHARED_WORKSPACE, Scope
from shared.ports import Encryption, Ports, Stale

ID = "field"
_RECORDS = Records(Kind.RENEWAL, Renewal)
_PAGES = 40
"""Of one step: 2,000 documents."""
_AGAIN = timedelta(days=1)


class Place(NamedTuple):
    """Documents of one kind in one workspace."""

    scope: Scope
    kind: str


def places(ports: Ports, tenant: str) -> Iterator[Place]:
    """Wherever values may be encrypted: always in the same order."""
    scopes = {Scope(tenant, SHARED_WORKSPACE), *registered(ports, tenant)}
    for scope in sorted(scopes):
        yield from (Place(scope, kind) for kind in sorted(MARKED))


def read(ports: Ports, tenant: str) -> Renewal | None:
    """The last one, as far as it is."""
    try:
        return _RECORDS.load(ports, Scope(tenant, SHARED_WORKSPACE), ID)
    except Missing:
        return None


def due(ports: Ports, tenant: str) -> Renewal | None:
    """What is to be carried on, or begun, now; None if nothing is. Called by the sweep, and when a key was added."""
    if ports.encryption is None:
        return None
    ring, now, last = list(ports.keys.field), ports.clock.now(), read(ports, tenant)
    old_keys = len(ring) > 1
    if not old_keys and not ports.encryption.believes_plain():
        return None
    if last and last.key == ring[-1]:
        if last.status == "running":
            return last
        if not old_keys or (last.completed_at and now - last.completed_at < _AGAIN):
            return None
    return begin(ports, tenant)


def begin(ports: Ports, tenant: str) -> Renewal:
    """A new one, in the place of the last."""
    agency, now = Scope(tenant, SHARED_WORKSPACE), ports.clock.now()
    while True:
        found = ports.documents.get(agency, Kind.RENEWAL, ID)
        attempt = Renewal.model_validate(found.body).attempt + 1 if found else 1
        made = Renewal(key=list(ports.keys.field)[-1], attempt=attempt, started_at=now)
        try:
            ports.documents.put(agency, Kind.RENEWAL, ID, made.model_dump(mode="json"), found.rev if found else None)
        except Stale:
            continue
        return made


def again(ports: Ports, tenant: str, attempt: int) -> None:
    """Its flow broke: the sweep starts the next, which goes on where this one stopped."""

    def next_one(found: Renewal) -> None:
        if found.status == "running" and found.attempt == attempt:
            found.attempt += 1

    _RECORDS.change(ports, Scope(tenant, SHARED_WORKSPACE), ID, next_one)


def run(ports: Ports, order: dict[str, Any]) -> Outcome:
    """One step: `{scope, attempt}`. Done says whether there is `more`."""
    agency = Scope(*order["scope"])
    found = read(ports, agency.tenant)
    if ports.encryption is None or found is None:
        return Refused("renewal", "there is nothing to be encrypted")
    if found.status != "running" or found.attempt != order["attempt"]:
        return Done({"more": False})
    more = all(_page(ports, ports.encryption, agency.tenant, found) for _ in range(_PAGES))
    _RECORDS.change(ports, agency, ID, lambda present: _take_over(present, found))
    if not more:
        _refuse_plain(ports)
    return Done({"more": more})


def _page(ports: Ports, encryption: Encryption, tenant: str, found: Renewal) -> bool:
    """Move one page; whether there is another."""
    here = _here(ports, tenant, found)
    if here is None:
        if found.moved_now:
            found.next_round()
            return True
        found.status, found.completed_at = "completed", ports.clock.now()
        return False
    place, cursor = here
    page = encryption.renew(place.scope, place.kind, cursor)
    found.at = (place.scope.workspace, place.kind, page.cursor)
    found.looked += page.looked
    found.moved += page.moved
    found.moved_now += page.moved + page.overtaken
    found.lost += len(page.unreadable)
    named = [f"{place.scope.workspace}/{place.kind}/{each}" for each in page.unreadable]
    found.unreadable = [*found.unreadable, *named][:PLACES]
    return True


def _here(ports: Ports, tenant: str, found: Renewal) -> tuple[Place, str | None] | None:
    """Where the next page is; None at the end of the round."""
    for place in places(ports, tenant):
        name = (place.scope.workspace, place.kind)
        if found.at is None or name > found.at[:2]:
            return place, None
        if name == found.at[:2] and found.at[2] is not None:
            return place, found.at[2]
    return None


def _take_over(present: Renewal, found: Renewal) -> None:
    """What this step found, unless a newer one is at it."""
    if present.attempt == found.attempt and present.key == found.key:
        for name in Renewal.model_fields:
            setattr(present, name, getattr(found, name))


def _refuse_plain(ports: Ports) -> None:
    """Nothing stands in plain any more, in no agency: whatever does from now on was put there by somebody."""
    newest = list(ports.keys.field)[-1]
    if ports.rings is None or ports.encryption is None or not ports.encryption.believes_plain():
        return
    done = (read(ports, tenant) for tenant in ports.tenants)
    if all(each and each.status == "completed" and each.key == newest for each in done):
        ports.rings.refuse_plain()
