"""Bookkeeping alone: plan, claim 99, settle 99, with nothing sent. `python -m benchmarks.ledger [--rounds 3]`.

The yardstick, in the same run, is bare SQLite that keeps but a state for each recipient, in the same commits."""

from __future__ import annotations

import argparse
import hashlib
import json
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from shared.adapters._sqlite.database import Database
from shared.adapters.ledger.sqlite import SqliteLedger
from shared.domain.scope import Scope
from shared.ports import CLAIMS_MOST, Claim, PlannedRow, Settlement

SCOPE = Scope("local", "main")
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
VERDICT = {"codes": ["consent", "suppression", "caps", "quiet-hours"], "versions": {"contact": NOON.isoformat()}}
SHARD, WINDOW = 1000, CLAIMS_MOST

Shards = list[list[PlannedRow]]


def _shards(recipients: int) -> Shards:
    return [[_row(n) for n in range(start, start + SHARD)] for start in range(0, recipients, SHARD)]


def _row(n: int) -> PlannedRow:
    key = hashlib.sha256(str(n).encode()).hexdigest()
    due = NOON + timedelta(milliseconds=10 * n)
    return PlannedRow(key, f"contact-{n}", key, "a", due, "slot", {"zone": "Europe/Berlin"})


def _windows(rows: Sequence[PlannedRow]) -> Iterator[Sequence[PlannedRow]]:
    return (rows[start : start + WINDOW] for start in range(0, len(rows), WINDOW))


def _ledger(home: Path, shards: Shards) -> None:
    database = Database(home / "baton.db")
    ledger = SqliteLedger(database)
    for shard, rows in enumerate(shards):
        ledger.plan(SCOPE, "c", shard, rows)
    for shard, rows in enumerate(shards):
        for window in _windows(rows):
            claims = [Claim(row.key, 1, "intent", VERDICT) for row in window]
            ledger.claim(SCOPE, "c", shard, "bench", claims, NOON, NOON + timedelta(minutes=5))
            receipts = [Settlement(row.key, 1, "accepted", provider_id=row.key) for row in window]
            ledger.settle(SCOPE, "c", shard, receipts, NOON)
    assert ledger.tally(SCOPE, "c")["accepted"] == len(shards) * SHARD
    database.close()


def _floor(home: Path, shards: Shards) -> None:
    connection = sqlite3.connect(home / "floor.db", isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("CREATE TABLE sends (key TEXT PRIMARY KEY, state INTEGER NOT NULL)")
    for rows in shards:
        _commit(connection, "INSERT OR IGNORE INTO sends VALUES (?, 0)", rows)
    for rows in shards:
        for window in _windows(rows):
            _commit(connection, "UPDATE sends SET state = 1 WHERE key = ? AND state = 0", window)
            _commit(connection, "UPDATE sends SET state = 2 WHERE key = ? AND state = 1", window)
    assert connection.execute("SELECT count(*) FROM sends WHERE state = 2").fetchone()[0] == len(shards) * SHARD
    connection.close()


def _commit(connection: sqlite3.Connection, sql: str, rows: Sequence[PlannedRow]) -> None:
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany(sql, [(row.key,) for row in rows])
    connection.execute("COMMIT")


def _rate(work: Callable[[Path, Shards], None], shards: Shards) -> float:
    with tempfile.TemporaryDirectory() as name:
        began = time.perf_counter()
        work(Path(name), shards)
        return len(shards) * SHARD / (time.perf_counter() - began)


def _measure(recipients: int, rounds: int) -> dict[str, float]:
    shards = _shards(recipients)
    pairs = [(_rate(_ledger, shards), _rate(_floor, shards)) for _ in range(rounds)]
    return {
        "recipients": recipients,
        "ledger_per_s": round(statistics.median(ledger for ledger, _ in pairs)),
        "floor_per_s": round(statistics.median(floor for _, floor in pairs)),
        "ratio": round(statistics.median(ledger / floor for ledger, floor in pairs), 2),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    for recipients in (10_000, 100_000):
        print(json.dumps(_measure(recipients, rounds)))


if __name__ == "__main__":
    main()
