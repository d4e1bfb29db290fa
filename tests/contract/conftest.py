"""The adapters that every contract suite runs against: one line each. And a clock that the tests hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from shared.adapters._sqlite.database import Database
from shared.adapters.clock.host import HostClock
from shared.adapters.documents.sqlite import SqliteDocuments
from shared.adapters.files.folder import FolderFiles
from shared.adapters.journal.sqlite import SqliteJournal
from shared.adapters.ledger.sqlite import SqliteLedger
from shared.domain.scope import Scope
from shared.ports import Documents, Files, Journal, Ledger

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class HeldClock(HostClock):
    """The real adapter over a file that the test writes, as the host does under its virtual clock."""

    def __init__(self, file: Path) -> None:
        super().__init__(file)
        self._file = file
        self.set(datetime(2026, 3, 2, 9, tzinfo=UTC))

    def set(self, at: datetime) -> None:
        nanoseconds = (at - EPOCH) // timedelta(microseconds=1) * 1000
        self._file.write_bytes(nanoseconds.to_bytes(8, "little", signed=True))


@pytest.fixture
def clock(tmp_path: Path) -> HeldClock:
    return HeldClock(tmp_path / "clock")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(tmp_path / "baton.db")
    yield database
    database.close()


@pytest.fixture(params=["sqlite"])
def documents(request: pytest.FixtureRequest, database: Database, clock: HeldClock) -> Documents:
    adapters: dict[str, Callable[[], Documents]] = {
        "sqlite": lambda: SqliteDocuments(database, clock=clock, replica="here"),
    }
    return adapters[request.param]()


@pytest.fixture(params=["sqlite"])
def ledger(request: pytest.FixtureRequest, database: Database) -> Ledger:
    adapters: dict[str, Callable[[], Ledger]] = {"sqlite": lambda: SqliteLedger(database)}
    return adapters[request.param]()


@pytest.fixture(params=["sqlite"])
def journal(request: pytest.FixtureRequest, database: Database) -> Journal:
    adapters: dict[str, Callable[[], Journal]] = {"sqlite": lambda: SqliteJournal(database)}
    return adapters[request.param]()


@pytest.fixture(params=["folder"])
def files(request: pytest.FixtureRequest, tmp_path: Path) -> Files:
    adapters: dict[str, Callable[[], Files]] = {"folder": lambda: FolderFiles(tmp_path / "files")}
    return adapters[request.param]()


@pytest.fixture
def scope() -> Scope:
    return Scope("local", "main")


@pytest.fixture
def fresh_scope() -> Callable[[], Scope]:
    """A scope of its own for each example of a property test: nothing is shared but the adapter."""
    numbers = count()
    return lambda: Scope("local", f"w{next(numbers)}")
