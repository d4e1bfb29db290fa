"""kill -9 at work, twenty times on the same home: what was acknowledged is there, and the books balance."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections import Counter, defaultdict
from functools import partial
from pathlib import Path

from shared.adapters._azure.tables import table_service
from shared.adapters._sqlite.database import Database
from shared.adapters.clock.host import HostClock
from shared.adapters.documents.sqlite import SqliteDocuments
from shared.adapters.files.folder import FolderFiles
from shared.adapters.journal.sqlite import SqliteJournal
from shared.adapters.journal.tables import TablesJournal
from shared.adapters.ledger.sqlite import SqliteLedger
from shared.adapters.ledger.tables import TablesLedger
from shared.domain.connection import Connection
from shared.domain.effect import STATES
from shared.domain.scope import Scope
from shared.ports import Ledger
from tests.contract.killed_child import ROWS, content

ROOT = Path(__file__).parents[2]
Said = dict[str, set[int]]


def test_what_was_acknowledged_survives_twenty_kills(tmp_path: Path) -> None:
    moments = random.Random(20)
    for run in (f"run{n}" for n in range(20)):
        said = _run_and_kill(tmp_path, run, after_lines=moments.randrange(1, 250))
        _check(tmp_path, Scope("local", run), said)


def test_what_a_ledger_on_azure_tables_acknowledged_survives_kills(tmp_path: Path, azurite: Connection) -> None:
    moments = random.Random(5)
    connect = partial(table_service, azurite)
    ledger, journal = TablesLedger(connect, HostClock().pace), TablesJournal(connect, HostClock().pace)
    for run in (f"run{n}" for n in range(5)):
        said = _run_and_kill(tmp_path, run, moments.randrange(1, 20), azurite.secret)
        _check_ledger(ledger, Scope("local", run), said)
        assert journal.verify(Scope("local", run), "s") in (len(said["fact"]), len(said["fact"]) + 1)
    journal.close()
    ledger.close()


def _run_and_kill(home: Path, run: str, after_lines: int, tables: str | None = None) -> Said:
    child = subprocess.Popen(
        [sys.executable, str(ROOT / "tests/contract/killed_child.py"), str(home), run, *([tables] if tables else [])],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    with child:
        assert child.stdout is not None
        lines = [child.stdout.readline() for _ in range(after_lines)]
        child.kill()
        lines += child.stdout.readlines()
    said: Said = defaultdict(set)
    for line in lines:
        what, _, n = line.decode().partition(" ")
        said[what].add(int(n))
    return said


def _check(home: Path, scope: Scope, said: Said) -> None:
    database = Database(home / "baton.db")
    try:
        _check_ledger(SqliteLedger(database), scope, said)
        _check_documents(SqliteDocuments(database, clock=HostClock(), replica="here"), scope, said)
        assert SqliteJournal(database).verify(scope, "s") in (len(said["fact"]), len(said["fact"]) + 1)
    finally:
        database.close()
    _check_files(FolderFiles(home / "files"), scope, said)


def _check_ledger(ledger: Ledger, scope: Scope, said: Said) -> None:
    for shard in range(max(said["plan"], default=-1) + 2):
        rows = ledger.of_shard(scope, "c", shard)
        states = {row.state for row in rows}
        assert len(states) <= 1, "a window was written in part"
        assert len(rows) in (0, ROWS)
        assert shard not in said["plan"] or rows
        assert shard not in said["claim"] or states <= {"intent", "accepted"}
        assert shard not in said["settle"] or states == {"accepted"}
        assert ledger.tally(scope, "c", shard) == {**dict.fromkeys(STATES, 0), **Counter(row.state for row in rows)}


def _check_documents(documents: SqliteDocuments, scope: Scope, said: Said) -> None:
    found = Counter(each.body["n"] for each in documents.find(scope, "tape", limit=10_000).documents)
    assert said["batch"] <= set(found)
    assert set(found.values()) <= {3}, "a batch was written in part"
    assert len(found) <= len(said["batch"]) + 1


def _check_files(files: FolderFiles, scope: Scope, said: Said) -> None:
    written = {int(path.partition("/")[2]) for path in files.list(scope, "folder/")}
    assert said["file"] <= written
    assert all(files.get(scope, f"folder/{n}") == content(n) for n in written)
