"""The first step of an import: the source file, read once, becomes batches of people and a list of bad rows. What is in
memory does not grow with the file: rows are sorted by person on disk."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby, islice

import orjson

from shared.agents.contacts.quarantine import Quarantine
from shared.agents.contacts.read import Upload, opened
from shared.agents.contacts.records import change, known_columns, load, path, source_of
from shared.agents.contacts.rows import Row
from shared.agents.contacts.taking import Check, Keyed, Taking
from shared.agents.sorting import sorted_lines
from shared.domain.imports import Import, RowError
from shared.domain.outcome import Done
from shared.domain.scope import Scope
from shared.ports import Ports

PEOPLE = 1000
"""How many people make a batch."""
_ERRORS_KEPT = 1000
_LONGEST = 1 << 20
"""Bytes of a row that is sorted: a hundred columns of a thousand characters, as JSON."""


def split(ports: Ports, scope: Scope, id: str, taking: Taking) -> Done:
    """Write `batches/<n>.jsonl`, `errors.json` and `quarantine.csv`, then the counts on the document. Repeatable."""
    found = load(ports, scope, id)
    if found.batches is not None:
        return Done({"batches": found.batches})
    with opened(source_of(ports, scope, id), found.content_type, known_columns(found), taking.reading) as upload:
        headings = {each.file: each.headings for each in upload.columns}
        with Quarantine(headings) as left_out:
            taken = _Checked(taking.checker(ports, scope, found), left_out)
            batches = 0
            for lines in _batches(sorted_lines(taken.lines(upload), _LONGEST)):
                ports.files.put(scope, path(id, "batches", f"{batches}.jsonl"), b"\n".join(lines))
                batches += 1
            if left_out.rows:
                left_out.keep(ports, scope, id)
    ports.files.put(scope, path(id, "errors.json"), orjson.dumps([error.model_dump() for error in taken.errors]))
    change(ports, scope, id, lambda present: _report(present, batches, taken))
    return Done({"batches": batches})


def _report(found: Import, batches: int, taken: _Checked) -> None:
    if found.batches is None:
        found.batches, found.errors_total = batches, taken.reasons
        found.count({"quarantined": taken.rows["quarantined"]})


class _Checked:
    """Rows are checked on their way: good ones become lines, bad ones go to quarantine and are counted."""

    def __init__(self, check: Check, left_out: Quarantine) -> None:
        self._check, self._left_out = check, left_out
        self.errors: list[RowError] = []
        self.reasons = 0
        self.rows = Counter[str]()

    def lines(self, upload: Upload) -> Iterator[bytes]:
        """`key number entry`, so that all rows of one person, or one deal, stand together, in the order of the file."""
        for n, row in enumerate(upload.rows()):
            checked = self._check(row)
            if isinstance(checked, Keyed):
                yield f"{checked.key} {n:08d} {checked.entry.model_dump_json(exclude_defaults=True)}\n".encode()
            else:
                self._refuse(row, checked)

    def _refuse(self, row: Row, errors: list[RowError]) -> None:
        self.rows["quarantined"] += 1
        self.reasons += len(errors)
        self.errors += errors[: _ERRORS_KEPT - len(self.errors)]
        self._left_out.add(row, errors)


def _batches(lines: Iterable[bytes]) -> Iterator[list[bytes]]:
    """The entries of at most PEOPLE people each."""
    people = groupby(lines, lambda line: line.partition(b" ")[0])
    while batch := [entry for _, rows in islice(people, PEOPLE) for entry in map(_entry, rows)]:
        yield batch


def _entry(line: bytes) -> bytes:
    return line.rstrip(b"\n").split(b" ", 2)[2]
