"""One batch of an import of deals: what becomes of its rows is decided and stored once, what deals were is kept before
the first write, and every step can be repeated after any kill (decision 44)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import orjson

from shared.agents.contacts.batch import decided, show
from shared.agents.contacts.records import path
from shared.agents.deals.entry import DealEntry
from shared.agents.deals.plan import Planned, examples, planned, taken_back
from shared.domain.address import person_of
from shared.domain.deal import Deal
from shared.domain.imports import Import
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.ports import Body, Document, Ports, Stale, Write

_CHUNK = 100
Rows = dict[str, list[DealEntry]]


def pass_over(ports: Ports, scope: Scope, found: Import, n: int) -> dict[str, int]:
    """Preview batch `n`, take it in, or take it back; how many rows (of an undo: deals) had which outcome."""
    return _back(ports, scope, found, n) if found.doing == "undo" else _forward(ports, scope, found, n)


def _forward(ports: Ports, scope: Scope, found: Import, n: int) -> dict[str, int]:
    chunks = list(_chunks(_rows(ports, scope, found, n)))
    plans = [_plan(ports, scope, found, chunk) for chunk in chunks]
    every = [each for some in plans for each in some]
    counts = Counter[str](each.outcome for each in every)
    counts["merged"] = sum(len(each.entries) - 1 for each in every)
    place = path(found.id, f"{found.doing}-{found.attempt}", f"{n}.json")
    outcomes = decided(ports, scope, place, counts)
    show(ports, scope, found, examples(every))
    if found.doing == "import":
        _keep(ports, scope, found, n, every, only_new=True)
        for chunk, some in zip(chunks, plans, strict=True):
            _write(ports, scope, found, n, chunk, some)
    return outcomes


def _write(ports: Ports, scope: Scope, found: Import, n: int, chunk: Rows, plans: list[Planned]) -> None:
    """Write what differs; where somebody was faster, plan these deals again."""
    while True:
        writes = [Write(each.after.id, each.after.model_dump(mode="json"), each.rev) for each in _changed(plans)]
        try:
            if writes:
                ports.documents.batch(scope, Kind.DEAL, writes)
            return
        except Stale:
            plans = _plan(ports, scope, found, chunk)
            _keep(ports, scope, found, n, plans, only_new=False)


def _back(ports: Ports, scope: Scope, found: Import, n: int) -> dict[str, int]:
    images = list(_images(ports, scope, found, n).items())
    chunks = [dict(images[at : at + _CHUNK]) for at in range(0, len(images), _CHUNK)]
    counts = Counter[str](what for chunk in chunks for what, _ in _decide(ports, scope, chunk))
    outcomes = decided(ports, scope, path(found.id, f"undo-{found.attempt}", f"{n}.json"), counts)
    for chunk in chunks:
        _restore(ports, scope, chunk)
    return outcomes


def _restore(ports: Ports, scope: Scope, chunk: dict[str, Body]) -> None:
    while True:
        writes = [write for _, write in _decide(ports, scope, chunk) if write]
        try:
            if writes:
                ports.documents.batch(scope, Kind.DEAL, writes)
            return
        except Stale:
            continue


def _decide(ports: Ports, scope: Scope, chunk: dict[str, Body]) -> Iterator[tuple[str, Write | None]]:
    present = _by_id(ports, scope, Kind.DEAL, list(chunk))
    for id, image in chunk.items():
        document = present.get(id)
        now = Deal.model_validate(document.body) if document else None
        before = Deal.model_validate(image["before"]) if image["before"] else None
        what, back = taken_back(now, before, Deal.model_validate(image["after"]))
        if document is None or back == now:
            yield what, None
        else:
            yield what, Write(id, back.model_dump(mode="json") if back else None, document.rev)


def _plan(ports: Ports, scope: Scope, found: Import, chunk: Rows) -> list[Planned]:
    stored = _by_id(ports, scope, Kind.DEAL, list(chunk))
    contacts = _contacts(ports, scope, chunk)
    made = []
    for id, entries in chunk.items():
        document = stored.get(id)
        before = Deal.model_validate(document.body) if document else None
        made.append(planned(found, before, document.rev if document else None, entries, contacts.get(id, "")))
    return made


def _contacts(ports: Ports, scope: Scope, chunk: Rows) -> dict[str, str]:
    """Of each deal the first of its people who is in the address book."""
    asked = {
        id: [person_of(mail, ports.keys.address) for entry in entries for mail in entry.emails]
        for id, entries in chunk.items()
    }
    people = list({person for persons in asked.values() for person in persons})
    known: dict[str, str] = {}
    for at in range(0, len(people), _CHUNK):
        found = _by_id(ports, scope, Kind.IDENTITY, people[at : at + _CHUNK])
        known |= {person: document.body["contact"] for person, document in found.items()}
    return {id: next((known[each] for each in persons if each in known), "") for id, persons in asked.items()}


def _changed(plans: Sequence[Planned]) -> list[Planned]:
    return [each for each in plans if each.after != each.before]


def _rows(ports: Ports, scope: Scope, found: Import, n: int) -> Rows:
    rows: Rows = {}
    for line in ports.files.get(scope, path(found.id, "batches", f"{n}.jsonl")).splitlines():
        if line:
            entry = DealEntry.model_validate_json(line)
            rows.setdefault(entry.id, []).append(entry)
    return rows


def _chunks(rows: Rows) -> Iterator[Rows]:
    every = list(rows.items())
    yield from (dict(every[at : at + _CHUNK]) for at in range(0, len(every), _CHUNK))


def _images(ports: Ports, scope: Scope, found: Import, n: int) -> dict[str, Body]:
    try:
        kept: dict[str, Body] = orjson.loads(ports.files.get(scope, path(found.id, "before", f"{n}.json")))
    except FileNotFoundError:
        return {}
    return kept


def _keep(ports: Ports, scope: Scope, found: Import, n: int, plans: Sequence[Planned], only_new: bool) -> None:
    """What these deals were and are made to be; whoever was killed finds it again: what was kept first stays."""
    kept = _images(ports, scope, found, n)
    new = {
        each.after.id: {
            "before": each.before.model_dump(mode="json") if each.before else None,
            "after": each.after.model_dump(mode="json"),
        }
        for each in _changed(plans)
        if not (only_new and each.after.id in kept)
    }
    if new:
        ports.files.put(scope, path(found.id, "before", f"{n}.json"), orjson.dumps(kept | new))


def _by_id(ports: Ports, scope: Scope, kind: Kind, ids: list[str]) -> dict[str, Document]:
    page = ports.documents.find(scope, kind, [Filter("id", "in", ids)], limit=max(1, len(ids)))
    return {document.id: document for document in page.documents}
