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
from typing import Any

from shared.adapters._sqlite.database import Database
from shared.adapters.ledger.sqlite import SqliteLedger
from shared.domain.scope import Scope
from shared.ports import CLAIMS_MOST, Claim, PlannedRow, Settlement

SCOPE = Scope("local", "main")
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
VERDICT = {"codes": ["consent", "suppression", "caps", "quiet-hours"], "versions": {"contact": NOON.isoformat()}}
FACTS = {"zone": "Europe/Berlin"}
SHARD, WINDOW = 1000, CLAIMS_MOST


def _key(n: int) -> str:
    """As long as an effect key, and as little in order."""
    return hashlib.blake2b(b"%d" % n, digest_size=16).hexdigest()


def _row(n: int) -> PlannedRow:
    key = _key(n)
    return PlannedRow(key, f"p{key[:23]}", key, "a", NOON + timedelta(milliseconds=10 * n), "slot", FACTS)


def _numbers(shards: int, phase: str) -> Iterator[tuple[int, range]]:
    """Each shard and the numbers of its recipients; says on stderr how far it is."""
    for shard in range(shards):
        if shard % 50 == 0:
            print(f"\r{phase} {shard * SHARD:>9,} of {shards * SHARD:,}", end="", file=sys.stderr, flush=True)
        yield shard, range(shard * SHARD, (shard + 1) * SHARD)


def _windows(numbers: range) -> Iterator[list[str]]:
    """The keys of one shard, window by window."""
    return ([_key(n) for n in numbers[start : start + WINDOW]] for start in range(0, len(numbers), WINDOW))


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
    for shard, numbers in _numbers(shards, "ledger: plan"):
        rows = [_row(n) for n in numbers]
        with watch:
            ledger.plan(SCOPE, "c", shard, rows)
    for shard, numbers in _numbers(shards, "ledger: send"):
        for window in _windows(numbers):
            claims = [Claim(key, 1, "intent", VERDICT) for key in window]
            receipts = [Settlement(key, 1, "accepted", provider_id=key) for key in window]
            with watch:
                ledger.claim(SCOPE, "c", shard, "bench", claims, NOON, NOON + timedelta(minutes=5))
                ledger.settle(SCOPE, "c", shard, receipts, NOON)
    assert ledger.tally(SCOPE, "c")["accepted"] == shards * SHARD
    with watch:  # What still lies in the log is brought home, so that a short run has no advantage.
        database.close()


def _floor(home: Path, shards: int, watch: _Watch) -> None:
    connection = sqlite3.connect(home / "floor.db", isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("CREATE TABLE sends (key TEXT PRIMARY KEY, state INTEGER NOT NULL)")
    for _, numbers in _numbers(shards, "floor: plan"):
        keys = [_key(n) for n in numbers]
        with watch:
            _commit(connection, "INSERT OR IGNORE INTO sends VALUES (?, 0)", keys)
    for _, numbers in _numbers(shards, "floor: send"):
        for window in _windows(numbers):
            with watch:
                _commit(connection, "UPDATE sends SET state = 1 WHERE key = ? AND state = 0", window)
                _commit(connection, "UPDATE sends SET state = 2 WHERE key = ? AND state = 1", window)
    assert connection.execute("SELECT count(*) FROM sends WHERE state = 2").fetchone()[0] == shards * SHARD
    with watch:
        connection.close()


def _commit(connection: sqlite3.Connection, sql: str, keys: Sequence[str]) -> None:
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany(sql, [(key,) for key in keys])
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
    found: dict[str, float] = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    return found


def measure(recipients: int, rounds: int) -> dict[str, Any]:
    """The medians of the rounds; each round runs ledger and floor one after the other."""
    pairs = [(_apart("ledger", recipients), _apart("floor", recipients)) for _ in range(rounds)]
    print("\r" + " " * 60, end="\r", file=sys.stderr)
    return {
        "benchmark": "ledger",
        "recipients": recipients,
        "per_second": round(statistics.median(ledger["per_s"] for ledger, _ in pairs)),
        "floor_per_second": round(statistics.median(floor["per_s"] for _, floor in pairs)),
        "ratio_to_floor": round(statistics.median(ledger["per_s"] / floor["per_s"] for ledger, floor in pairs), 2),
        "grown_mb": round(statistics.median(ledger["grown_mb"] for ledger, _ in pairs), 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="of up to 100,000 recipients; of more there is one")
    parser.add_argument("--recipients", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--only", choices=WORKS, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.only:
        print(json.dumps(_one(asked.only, asked.recipients[0])))
        return
    for recipients in asked.recipients:
        print(json.dumps(measure(recipients, asked.rounds if recipients <= 100_000 else 1)), flush=True)


if __name__ == "__main__":
    main()
