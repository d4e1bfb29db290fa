"""Runs as a process of its own and is killed at work: writes to every local home and says so after each write."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from threading import Event, Thread

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
from shared.domain.scope import Scope
from shared.ports import Claim, Journal, Ledger, PlannedRow, Settlement, Write

ROWS = 20
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def content(n: int) -> bytes:
    return bytes([n % 256]) * (40_000 + n)


def main(home: Path, run: str, tables: str | None = None) -> None:
    """With a connection string, the ledger and the journal alone, on Azure Tables."""
    scope, database = Scope("local", run), Database(home / "baton.db")
    files = FolderFiles(home / "files")
    journal: Journal = SqliteJournal(database)
    ledger: Ledger = SqliteLedger(database)
    if tables:
        connect = partial(table_service, Connection(tables))
        journal, ledger = TablesJournal(connect, HostClock().pace), TablesLedger(connect, HostClock().pace)
    documents = SqliteDocuments(database, clock=HostClock(), replica="here")
    keys = [f"k{n:02}" for n in range(ROWS)]

    def recipients(n: int) -> None:
        ledger.plan(scope, "c", n, [PlannedRow(key, "c", "p", "v", NOON, "slot") for key in keys])
        _say(f"plan {n}")
        claims = [Claim(key, 1, "intent", {}) for key in keys]
        assert len(ledger.claim(scope, "c", n, run, claims, NOON, NOON + timedelta(minutes=5))) == ROWS
        _say(f"claim {n}")
        ledger.settle(scope, "c", n, [Settlement(key, 1, "accepted") for key in keys], NOON)
        _say(f"settle {n}")

    def nouns(n: int) -> None:
        documents.batch(scope, "tape", [Write(f"{n}-{part}", {"n": n}) for part in range(3)])
        _say(f"batch {n}")

    def facts(n: int) -> None:
        journal.append(scope, "s", NOON, "child", "did", {"n": n})
        _say(f"fact {n}")

    def bytes_(n: int) -> None:
        files.put(scope, f"folder/{n}", content(n), only_new=True)
        _say(f"file {n}")

    for work in (recipients, facts) if tables else (recipients, nouns, facts, bytes_):
        Thread(target=_for_ever, args=(work,)).start()
    Event().wait()  # A main thread that ends begins the interpreter's end, and with it that of the SDK's thread pools.


def _for_ever(work: Callable[[int], None]) -> None:
    for n in count():
        work(n)


def _say(what: str) -> None:
    os.write(1, f"{what}\n".encode())


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
