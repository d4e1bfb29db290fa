"""The plan on file: one line per recipient, sorted by effect key, written once (design 3, Ledger)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

import orjson

from shared.domain.scope import Scope
from shared.ports import PlannedRow, Ports, RowRef

STEP = "1"
"""The step that effect keys of a campaign name: it has one; journeys will have more."""
_BLOCK = 4096


class Line(NamedTuple):
    """One recipient's place in the plan."""

    shard: int
    row: PlannedRow


def path_of(campaign: str) -> str:
    """Where the manifest of a campaign lies."""
    return f"campaigns/{campaign}/plan/manifest.jsonl"


def write(ports: Ports, scope: Scope, campaign: str, lines: Iterable[Line]) -> None:
    """Write the manifest unless it is there: a plan never changes, a retry re-reads it."""
    # A line begins with its key, so sorting the encoded lines sorts by key, and a million of them fit into memory.
    ports.files.put(scope, path_of(campaign), b"".join(sorted(map(_encode, lines))), only_new=True)


def read(ports: Ports, scope: Scope, campaign: str) -> list[Line]:
    """The whole manifest, in the order of its keys. Raises FileNotFoundError before it is written."""
    return [_decode(raw) for raw in ports.files.get(scope, path_of(campaign)).splitlines()]


def shards(ports: Ports, scope: Scope, campaign: str) -> Iterator[tuple[int, list[PlannedRow]]]:
    """The rows of each shard, shards in order. Raises FileNotFoundError before the manifest is written."""
    found: defaultdict[int, list[bytes]] = defaultdict(list)
    for raw in ports.files.get(scope, path_of(campaign)).splitlines():
        found[int(raw.split(b",", 2)[1])].append(raw)
    for shard in sorted(found):
        yield shard, [_decode(raw).row for raw in found.pop(shard)]


def place(ports: Ports, scope: Scope, campaign: str, key: str) -> RowRef | None:
    """Where one effect's row lies: a binary search in the sorted file, a few small reads. None if it is not planned."""
    path = path_of(campaign)
    low, high = 0, ports.files.size(scope, path) or 0  # the line sought, if it is there, begins in [low, high)
    while high - low > _BLOCK:
        middle = (low + high) // 2
        begin, line = _line_after(ports, scope, path, middle)
        if line is None or line.row.key > key:
            high = middle + 1
        else:
            low = begin
    block = ports.files.get(scope, path, low, high - low + _BLOCK) if high else b""
    found = (_decode(raw) for raw in block.splitlines(keepends=True) if raw.endswith(b"\n"))
    return next((RowRef(campaign, line.shard, key) for line in found if line.row.key == key), None)


def _line_after(ports: Ports, scope: Scope, path: str, offset: int) -> tuple[int, Line | None]:
    """The first line that begins after `offset` and where it begins; no line if the file ends before."""
    block = ports.files.get(scope, path, offset, _BLOCK)
    begin = block.find(b"\n") + 1
    end = block.find(b"\n", begin)
    return (offset + begin, _decode(block[begin:end])) if begin and end > 0 else (offset, None)


def _encode(line: Line) -> bytes:
    row = line.row
    parts = [row.key, line.shard, row.contact, row.person, row.variant, row.due.isoformat(), row.reason, row.facts]
    return orjson.dumps(parts) + b"\n"


def _decode(raw: bytes) -> Line:
    key, shard, contact, person, variant, due, reason, facts = orjson.loads(raw)
    return Line(shard, PlannedRow(key, contact, person, variant, datetime.fromisoformat(due), reason, facts))
