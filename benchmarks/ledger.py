"""Bookkeeping alone (bench B5): plan, claim 99, settle 99, nothing sent. `python -m benchmarks.ledger [--rounds 3]`.

The yardstick, in the same run, is bare SQLite that keeps but a state for each recipient, in the same commits."""

from __future__ import annotations

import argparse
import hashlib
import json
import resource
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
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


def _shard(number: int) -> list[PlannedRow]:
    return [_row(n) for n in range(number * SHARD, (number + 1) * SHARD)]


def _row(n: int) -> PlannedRow:
    key = hashlib.sha256(str(n).encode()).hexdigest()
    due = NOON + timedelta(milliseconds=10 * n)
    return PlannedRow(key, f"contact-{n}", key, "a", due, "slot", {"zone": "Europe/Berlin"})


def _windows(rows: Sequence[PlannedRow]) -> Iterator[Sequence[PlannedRow]]:
    return (rows[start : start + WINDOW] for start in range(0, len(rows), WINDOW))


class _Watch:
    """Counts the time inside its `with` blocks only: making the rows is not the ledger's work."""

    seconds = 0.0

    def __enter__(self) -> None:
        self._begun = time.perf_counter()

    def __exit__(self, *_: object) -> None:
        self.seconds += time.perf_counter() - self._begun


def _ledger(home: Path, shards: int, watch: _Watch) -> None:
    database = Database(home / "baton.db")
    ledger = SqliteLedger(database)
    for shard in range(shards):
        rows = _shard(shard)
        with watch:
            ledger.plan(SCOPE, "c", shard, rows)
    for shard in range(shards):
        rows = _shard(shard)
        with watch:
            for window in _windows(rows):
                claims = [Claim(row.key, 1, "intent", VERDICT) for row in window]
                ledger.claim(SCOPE, "c", shard, "bench", claims, NOON, NOON + timedelta(minutes=5))
                receipts = [Settlement(row.key, 1, "accepted", provider_id=row.key) for row in window]
                ledger.settle(SCOPE, "c", shard, receipts, NOON)
    assert ledger.tally(SCOPE, "c")["accepted"] == shards * SHARD
    database.close()


def _floor(home: Path, shards: int, watch: _Watch) -> None:
    connection = sqlite3.connect(home / "floor.db", isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("CREATE TABLE sends (key TEXT PRIMARY KEY, state INTEGER NOT NULL)")
    for shard in range(shards):
        rows = _shard(shard)
        with watch:
            _commit(connection, "INSERT OR IGNORE INTO sends VALUES (?, 0)", rows)
    for shard in range(shards):
        rows = _shard(shard)
        with watch:
            for window in _windows(rows):
                _commit(connection, "UPDATE sends SET state = 1 WHERE key = ? AND state = 0", window)
                _commit(connection, "UPDATE sends SET state = 2 WHERE key = ? AND state = 1", window)
    assert connection.execute("SELECT count(*) FROM sends WHERE state = 2").fetchone()[0] == shards * SHARD
    connection.close()


def _commit(connection: sqlite3.Connection, sql: str, rows: Sequence[PlannedRow]) -> None:
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany(sql, [(row.key,) for row in rows])
    connection.execute("COMMIT")


WORKS = {"ledger": _ledger, "floor": _floor}


def _one(what: str, recipients: int) -> dict[str, float]:
    """One point, in this process: recipients a second, and by how much the peak of the resident memory grew."""
    with tempfile.TemporaryDirectory() as name:
        before, watch = _peak_mb(), _Watch()
        WORKS[what](Path(name), recipients // SHARD, watch)
        return {"per_s": recipients / watch.seconds, "grown_mb": _peak_mb() - before}


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _apart(what: str, recipients: int) -> dict[str, float]:
    """The same in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.ledger", "--only", what, "--recipients", str(recipients)]
    found: dict[str, float] = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    return found


def _measure(recipients: int, rounds: int) -> dict[str, float]:
    pairs = [(_apart("ledger", recipients), _apart("floor", recipients)) for _ in range(rounds)]
    return {
        "recipients": recipients,
        "ledger_per_s": round(statistics.median(ledger["per_s"] for ledger, _ in pairs)),
        "floor_per_s": round(statistics.median(floor["per_s"] for _, floor in pairs)),
        "ratio": round(statistics.median(ledger["per_s"] / floor["per_s"] for ledger, floor in pairs), 2),
        "grown_mb": round(statistics.median(ledger["grown_mb"] for ledger, _ in pairs), 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--recipients", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--only", choices=WORKS, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.only:
        print(json.dumps(_one(asked.only, asked.recipients[0])))
        return
    rows = []
    for recipients in asked.recipients:
        rows.append(_measure(recipients, asked.rounds))
        print(json.dumps(rows[-1]), flush=True)
    first, last = rows[0], rows[-1]
    rate, grown = last["ledger_per_s"] / first["ledger_per_s"], last["grown_mb"] - first["grown_mb"]
    print(json.dumps({"largest_to_smallest_rate": round(rate, 2), "grown_mb_from_smallest": round(grown, 1)}))


if __name__ == "__main__":
    main()
