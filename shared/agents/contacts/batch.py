"""One batch of an import. What becomes of its rows is decided and stored once, before the first write; the writes can
then be repeated after any kill, and the counts stay (design 4.7, 4.11)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

import orjson

from shared.agents.contacts.entry import Entry
from shared.agents.contacts.merge import merged
from shared.agents.contacts.records import change, load, path
from shared.domain.contact import Contact, contact_id
from shared.domain.imports import Import, RowOutcome
from shared.domain.names import Kind
from shared.domain.outcome import Done
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.ports import Document, Ports, Stale, Write

_CHUNK = 100
"""People per transaction."""
_People = Mapping[str, list[Entry]]


def apply(ports: Ports, scope: Scope, id: str, n: int) -> Done:
    """Merge batch `n` into the address book and count its rows on the document."""
    found = load(ports, scope, id)
    chunks = list(_chunks(_people(ports, scope, id, n)))
    plans = [_plan(ports, scope, found, chunk) for chunk in chunks]
    outcomes = _decided(ports, scope, path(id, "outcomes", f"{n}.json"), plans)
    for chunk, plan in zip(chunks, plans, strict=True):
        _write(ports, scope, found, chunk, plan)
    change(ports, scope, id, lambda present: _count(present, n, outcomes))
    return Done(outcomes)


@dataclass(frozen=True)
class _Change:
    """What one person's contact is to be. `rev` None: it is not there yet; `named`: the identity document is."""

    contact: Contact
    rev: str | None
    named: bool
    outcome: RowOutcome
    repeats: int


def _people(ports: Ports, scope: Scope, id: str, n: int) -> _People:
    people: dict[str, list[Entry]] = {}
    for line in ports.files.get(scope, path(id, "batches", f"{n}.jsonl")).splitlines():
        entry = Entry.model_validate_json(line)
        people.setdefault(entry.person, []).append(entry)
    return people


def _chunks(people: _People) -> Iterator[_People]:
    rest = iter(people.items())
    while chunk := dict(islice(rest, _CHUNK)):
        yield chunk


def _plan(ports: Ports, scope: Scope, found: Import, people: _People) -> list[_Change]:
    identities = _by_id(ports, scope, Kind.IDENTITY, list(people))
    ids = {p: identities[p].body["contact"] if p in identities else contact_id(p) for p in people}
    contacts = _by_id(ports, scope, Kind.CONTACT, list(ids.values()))
    return [
        _change(found, ids[person], entries, contacts.get(ids[person]), person in identities)
        for person, entries in people.items()
    ]


def _change(found: Import, id: str, entries: list[Entry], stored: Document | None, named: bool) -> _Change:
    first = entries[0]
    known = Contact.model_validate(stored.body) if stored else None
    start = known or Contact(
        id=id, person=first.person, email=first.email, created_at=found.created_at, source=f"import {found.id}"
    )
    contact = merged(start, entries)
    outcome: RowOutcome = "created" if known is None else "unchanged" if contact == known else "updated"
    return _Change(contact, stored.rev if stored else None, named, outcome, len(entries) - 1)


def _decided(ports: Ports, scope: Scope, file: str, plans: list[list[_Change]]) -> dict[str, int]:
    """The counts of this batch: those of the first run that got here."""
    counts = Counter[str](each.outcome for plan in plans for each in plan)
    counts["merged"] = sum(each.repeats for plan in plans for each in plan)
    ports.files.put(scope, file, orjson.dumps(dict(counts)), only_new=True)
    decided: dict[str, int] = orjson.loads(ports.files.get(scope, file))
    return decided


def _write(ports: Ports, scope: Scope, found: Import, people: _People, plan: list[_Change]) -> None:
    """Write what differs; where somebody was faster, plan these people again."""
    while True:
        identities = [Write(each.contact.person, {"contact": each.contact.id}) for each in plan if not each.named]
        contacts = [
            Write(each.contact.id, each.contact.model_dump(mode="json"), each.rev)
            for each in plan
            if each.outcome != "unchanged"
        ]
        try:
            for kind, writes in ((Kind.IDENTITY, identities), (Kind.CONTACT, contacts)):
                if writes:
                    ports.documents.batch(scope, kind, writes)
            return
        except Stale:
            plan = _plan(ports, scope, found, people)


def _count(present: Import, n: int, outcomes: Mapping[str, int]) -> None:
    """Batches come one after another, so their number tells whether this one is counted already."""
    if present.batches_done == n:
        present.batches_done = n + 1
        present.count(outcomes)


def _by_id(ports: Ports, scope: Scope, kind: Kind, ids: list[str]) -> dict[str, Document]:
    found = ports.documents.find(scope, kind, [Filter("id", "in", ids)], limit=_CHUNK)
    return {document.id: document for document in found.documents}
