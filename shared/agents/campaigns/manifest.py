"""The plan on file: one line per recipient, sorted by effect key, written once (design 3, Ledger)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby
from typing import NamedTuple

import orjson

from shared.agents.lines import blocks, find_line, lines
from shared.agents.sorting import sorted_lines
from shared.domain.scope import Scope
from shared.ports import PlannedRow, Ports, RowRef

_DIGITS = 9
"""Of a shard's number, where lines are sorted by it."""


class Line(NamedTuple):
    """One recipient's place in the plan."""

    shard: int
    row: PlannedRow


def path_of(campaign: str) -> str:
    """Where the manifest of a campaign lies."""
    return f"campaigns/{campaign}/plan/manifest.jsonl"


def write(ports: Ports, scope: Scope, campaign: str, planned: Iterable[Line]) -> None:
    """Write the manifest unless it is there: a plan never changes, a retry re-reads it."""
    # A line begins with its key, so sorting the encoded lines sorts by key.
    encoded = sorted_lines(map(_encode, planned))
    ports.files.put_blocks(scope, path_of(campaign), blocks(encoded), only_new=True)


def read(ports: Ports, scope: Scope, campaign: str) -> list[Line]:
    """The whole manifest, in the order of its keys. Raises FileNotFoundError before it is written."""
    return [_decode(raw) for raw in lines(ports, scope, path_of(campaign))]


def shards(ports: Ports, scope: Scope, campaign: str) -> Iterator[tuple[int, list[PlannedRow]]]:
    """The rows of each shard, shards in order. Raises FileNotFoundError before the manifest is written."""
    by_shard = sorted_lines(b"%0*d%b" % (_DIGITS, _shard(raw), raw) for raw in lines(ports, scope, path_of(campaign)))
    for shard, found in groupby(by_shard, lambda line: line[:_DIGITS]):
        yield int(shard), [_decode(line[_DIGITS:]).row for line in found]


def shard_count(ports: Ports, scope: Scope, campaign: str) -> int:
    """How many shards the plan has; none before the manifest is written."""
    if ports.files.size(scope, path_of(campaign)) is None:
        return 0
    return 1 + max(map(_shard, lines(ports, scope, path_of(campaign))), default=-1)


def place(ports: Ports, scope: Scope, campaign: str, key: str) -> RowRef | None:
    """Where one effect's row lies. None if it is not planned."""
    found = find_line(ports, scope, path_of(campaign), b'["%b",' % key.encode())
    return RowRef(campaign, _shard(found), key) if found else None


def find(ports: Ports, scope: Scope, campaign: str, start: str) -> RowRef | None:
    """As `place`, by the start of an effect key. None also if there is no plan."""
    if ports.files.size(scope, path_of(campaign)) is None:
        return None
    found = find_line(ports, scope, path_of(campaign), b'["%b' % start.encode())
    return RowRef(campaign, _shard(found), _decode(found).row.key) if found else None


def _shard(raw: bytes) -> int:
    return int(raw.split(b",", 2)[1])


def _encode(line: Line) -> bytes:
    row = line.row
    parts = [row.key, line.shard, row.contact, row.person, row.variant, row.due.isoformat(), row.reason, row.facts]
    return orjson.dumps(parts) + b"\n"


def _decode(raw: bytes) -> Line:
    key, shard, contact, person, variant, due, reason, facts = orjson.loads(raw)
    return Line(shard, PlannedRow(key, contact, person, variant, datetime.fromisoformat(due), reason, facts))
