"""What every change of the ledger keeps beside the rows: partitions as numbers, tallies, notes of what to look at."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping

from shared.domain.scope import Scope

NOTED = ("held", "failed", "unknown")
"""The states whose rows are noted, so that they are found without an index on the state."""

_NOTE = "INSERT OR IGNORE INTO noted VALUES (?, ?, ?)"
_COUNT = "INSERT INTO tallies VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET n = n + excluded.n"


def part_of(connection: sqlite3.Connection, scope: Scope, campaign: str, shard: int) -> int | None:
    """The partition's number; None, which no row has, if nothing was planned there."""
    found = connection.execute(
        "SELECT id FROM partitions WHERE scope = ? AND campaign = ? AND shard = ?", (str(scope), campaign, shard)
    ).fetchone()
    return found[0] if found else None


def new_part(connection: sqlite3.Connection, scope: Scope, campaign: str, shard: int) -> int:
    """The partition's number, given to it now if it has none."""
    place = str(scope), campaign, shard
    connection.execute("INSERT OR IGNORE INTO partitions (scope, campaign, shard) VALUES (?, ?, ?)", place)
    part = part_of(connection, scope, campaign, shard)
    assert part is not None
    return part


def note(connection: sqlite3.Connection, part: int | None, entering: Iterable[tuple[str, str]]) -> None:
    """Note rows, given as state and key, that enter one of the noted states; to be verified on reading."""
    connection.executemany(_NOTE, [(part, state, key) for state, key in entering])


def count(connection: sqlite3.Connection, part: int | None, changes: Mapping[str, int]) -> None:
    """Add to the partition's tally."""
    connection.executemany(_COUNT, [(part, name, n) for name, n in changes.items() if n])
