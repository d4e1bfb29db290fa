"""The first step of an import: the source file, read once, becomes batches of people and a list of bad rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial

import orjson

from shared.agents import policy
from shared.agents.contacts.entry import Entry, entry_of
from shared.agents.contacts.read import read
from shared.agents.contacts.records import change, load, path
from shared.domain.imports import Import, RowError
from shared.domain.outcome import Done
from shared.domain.scope import Scope
from shared.ports import Ports

PEOPLE = 1000
"""How many people make a batch."""
_ERRORS_KEPT = 1000


def split(ports: Ports, scope: Scope, id: str) -> Done:
    """Write `batches/<n>.jsonl` and `errors.json`, then put the counts on the document. Repeatable."""
    found = load(ports, scope, id)
    if found.batches is not None:
        return Done({"batches": found.batches})
    source = ports.files.get(scope, path(id, "source"))
    entries = partial(
        entry_of,
        address_key=ports.keys.address,
        country=policy.country(ports, scope),
        double_opt_in=found.double_opt_in,
        now=found.created_at,
    )
    sorted_rows = _sort(map(entries, read(source, found.content_type)))
    for n, lines in enumerate(sorted_rows.batches):
        ports.files.put(scope, path(id, "batches", f"{n}.jsonl"), b"\n".join(lines))
    kept = [error.model_dump() for error in sorted_rows.errors]
    ports.files.put(scope, path(id, "errors.json"), orjson.dumps(kept))
    change(ports, scope, id, sorted_rows.report)
    return Done({"batches": len(sorted_rows.batches)})


@dataclass
class _Sorted:
    """Good rows by batch, as JSON lines: all rows of one person are in the same batch, in the file's order."""

    batches: list[list[bytes]] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)
    errors_total: int = 0
    quarantined: int = 0

    def take(self, n: int, entry: Entry) -> None:
        if n == len(self.batches):
            self.batches.append([])
        self.batches[n].append(entry.model_dump_json(exclude_defaults=True).encode())

    def refuse(self, errors: list[RowError]) -> None:
        self.quarantined += 1
        self.errors_total += len(errors)
        self.errors += errors[: _ERRORS_KEPT - len(self.errors)]

    def report(self, found: Import) -> None:
        if found.batches is None:
            found.batches, found.errors_total = len(self.batches), self.errors_total
            found.count({"quarantined": self.quarantined})


def _sort(entries: Iterable[Entry | list[RowError]]) -> _Sorted:
    result = _Sorted()
    places: dict[str, int] = {}
    for entry in entries:
        if isinstance(entry, Entry):
            result.take(places.setdefault(entry.person, len(places) // PEOPLE), entry)
        else:
            result.refuse(entry)
    return result
