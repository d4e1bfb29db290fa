"""What is older than its category is kept is removed once a day; and counted, for whoever asks before (rule G7)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice

from shared.agents.privacy.old import Old, evidence, words
from shared.agents.privacy.places import everything
from shared.agents.qualify import keeping
from shared.domain.names import Kind
from shared.domain.retention import CATEGORIES, CategoryName, Due, Retention
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.ports import Ports, Write

_POLICY = "retention"
"""The id of the document, of the kind of policies."""
_TOGETHER = 100


def read(ports: Ports, scope: Scope) -> Retention:
    """The policy; the defaults where none was ever written."""
    found = ports.documents.get(scope, Kind.POLICY, _POLICY)
    return Retention.model_validate(found.body) if found else Retention()


def write(ports: Ports, scope: Scope, by: str, policy: Retention) -> Retention:
    """Put this one in the place of the old; the next run keeps it."""
    ports.documents.put(scope, Kind.POLICY, _POLICY, policy.model_dump(mode="json"), "*")
    ports.journal.append(scope, "policy", ports.clock.now(), by, "retention", policy.model_dump(mode="json"))
    return policy


def due(ports: Ports, scope: Scope) -> list[Due]:
    """What the next run would remove: nothing is changed."""
    policy, now = read(ports, scope), ports.clock.now()
    return [
        Due(
            category=name,
            holds=each.holds,
            days=policy.of(name),
            default=each.days,
            before=now - timedelta(days=policy.of(name)),
            due=sum(each.amount for each in _old(ports, scope, name, now - timedelta(days=policy.of(name)))),
        )
        for name, each in CATEGORIES.items()
    ]


def apply(ports: Ports, scope: Scope) -> dict[str, int]:
    """Remove it; category -> how much there was. Repeatable."""
    policy, now, removed = read(ports, scope), ports.clock.now(), dict[str, int]()
    for name in CATEGORIES:
        gone = list(_old(ports, scope, name, now - timedelta(days=policy.of(name))))
        for each in gone:
            each.remove()
        removed[name] = sum(each.amount for each in gone)
    if any(removed.values()):
        ports.journal.append(scope, "privacy", now, "system", "retention", removed)
    return removed


def _old(ports: Ports, scope: Scope, name: CategoryName, before: datetime) -> Iterator[Old]:
    return _FINDERS[name](ports, scope, before)


_OF_PEOPLE = ("/source", "/batches/", "/before/", "/examples-", "/quarantine.csv")
"""Files of an import that hold rows; once they are gone it can be neither confirmed nor taken back."""


def _files_of_imports(ports: Ports, scope: Scope, before: datetime) -> Iterator[Old]:
    for each in everything(ports, scope, Kind.IMPORT):
        if each.body.get("status") == "running" or datetime.fromisoformat(each.body["created_at"]) >= before:
            continue
        for path in ports.files.list(scope, f"imports/{each.id}/"):
            if any(part in path for part in _OF_PEOPLE):
                yield Old(path, lambda path=path: ports.files.delete(scope, path))  # type: ignore[misc]


def _documents(kind: Kind, field: str, holding: str = "") -> Callable[[Ports, Scope, datetime], Iterator[Old]]:
    """Documents of a kind whose time in `field` is before; with `holding`, of those that have this field only."""

    def find(ports: Ports, scope: Scope, before: datetime) -> Iterator[Old]:
        for each in everything(ports, scope, kind, Filter(field, "lt", before.isoformat())):
            if not holding or holding in each.body:
                yield _gone(ports, scope, kind, each.id)

    return find


def _sign_ins(ports: Ports, scope: Scope, before: datetime) -> Iterator[Old]:
    for each in everything(ports, scope, Kind.SIGN_IN):
        if datetime.fromisoformat(each.body["at"]) < before:
            yield _gone(ports, scope, Kind.SIGN_IN, each.id)


def _set_aside(ports: Ports, scope: Scope, before: datetime) -> Iterator[Old]:
    """What became a lead stays with its deal."""
    for each in everything(ports, scope, Kind.INBOUND, Filter("at", "lt", before.isoformat())):
        if each.body["state"] in ("quarantined", "dropped"):
            yield _gone(ports, scope, Kind.INBOUND, each.id)


def _members(ports: Ports, scope: Scope, before: datetime) -> Iterator[Old]:
    """Whoever is let in stays."""
    for each in everything(ports, scope, Kind.MEMBER):
        over = each.body["revoked_at"] or (None if each.body["accepted_at"] else each.body["link_ends_at"])
        if over and datetime.fromisoformat(over) < before:
            yield _gone(ports, scope, Kind.MEMBER, each.id)


def _gone(ports: Ports, scope: Scope, kind: Kind, id: str) -> Old:
    return Old(id, lambda: ports.documents.delete(scope, kind, id))


def _runs(ports: Ports, scope: Scope, before: datetime) -> Iterator[Old]:
    ended = Filter("ended_at", "lt", before.isoformat())
    for each in everything(ports, scope, Kind.RUN, ended):
        yield Old(each.id, lambda id=each.id: _forget_run(ports, scope, id))  # type: ignore[misc]
    for path in list(ports.files.list(scope, "runs/incoming/")):
        if path.split("/")[2] < before.date().isoformat():
            yield Old(path, lambda path=path: ports.files.delete(scope, path))  # type: ignore[misc]


def _forget_run(ports: Ports, scope: Scope, id: str) -> None:
    """The run goes last: who is killed in between finds it again."""
    for path in list(ports.files.list(scope, f"runs/{id}/")):
        ports.files.delete(scope, path)
    for kind in (Kind.RUN_STEP, Kind.RUN_LOG, Kind.APPROVAL):
        for each in list(everything(ports, scope, kind, Filter("id", "prefix", f"{id}~"))):
            ports.documents.delete(scope, kind, each.id)
    ports.documents.delete(scope, Kind.RUN, id)


def _ways(ports: Ports, scope: Scope, before: datetime) -> Iterator[Old]:
    """Of journeys that ended before. What counts, and knows nobody, stays for their drawings; who left a journey that
    goes on stays, so that they do not come in again."""
    for journey in everything(ports, scope, Kind.JOURNEY, Filter("status", "in", ["completed", "stopped"])):
        if datetime.fromisoformat(journey.body["ended_at"]) >= before:
            continue
        places = everything(ports, scope, Kind.POSITION, Filter("id", "prefix", f"{journey.id}."))
        while batch := [each.id for each in islice(places, _TOGETHER)]:
            yield Old(batch[0], lambda batch=batch: _forget_places(ports, scope, batch), len(batch))  # type: ignore[misc]


def _forget_places(ports: Ports, scope: Scope, ids: Sequence[str]) -> None:
    ports.documents.batch(scope, Kind.POSITION, [Write(id, None, "*") for id in ids])


_FINDERS: Mapping[CategoryName, Callable[[Ports, Scope, datetime], Iterator[Old]]] = {
    "imports": _files_of_imports,
    "tape": _documents(Kind.TAPE, "at", "answered"),
    "returns": _documents(Kind.RETURN, "at"),
    "answers": _documents(Kind.IDEMPOTENCY, "expires_at"),
    "inbound": _set_aside,
    "sign_ins": _sign_ins,
    "members": _members,
    "words": words,
    "evidence": evidence,
    "runs": _runs,
    "journeys": _ways,
    "strangers": keeping.strangers,
    "leads": keeping.leads,
    "lead_lists": keeping.lists,
}
