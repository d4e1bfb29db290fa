"""The adapters that every contract suite runs against: one line each. And a clock that the tests hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from uuid import uuid4

import pytest

from shared.adapters._azure.blobs import blob_service
from shared.adapters._azure.tables import table_service
from shared.adapters._sqlite.database import Database
from shared.adapters.clock.host import HostClock
from shared.adapters.documents.sqlite import SqliteDocuments
from shared.adapters.files.blob import BlobFiles
from shared.adapters.files.folder import FolderFiles
from shared.adapters.folders.named import NamedFolders
from shared.adapters.journal.sqlite import SqliteJournal
from shared.adapters.journal.tables import TablesJournal
from shared.adapters.ledger.sqlite import SqliteLedger
from shared.adapters.ledger.tables import TablesLedger
from shared.domain.connection import Connection
from shared.domain.folder_places import folder_places
from shared.domain.scope import Scope
from shared.ports import Documents, Files, Folders, Journal, Ledger
from tests.contract.cosmos_home import cosmos_documents
from tests.servers.cosmos import CosmosServer

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


@pytest.fixture(params=["sqlite", "cosmos"])
def documents(request: pytest.FixtureRequest, clock: HeldClock) -> Iterator[Documents]:
    if request.param == "sqlite":
        yield SqliteDocuments(request.getfixturevalue("database"), clock=clock, replica="here")
        return
    with cosmos_documents(request.getfixturevalue("cosmos_server"), clock) as documents:
        yield documents


@pytest.fixture
def cosmos_server() -> Iterator[CosmosServer]:
    with CosmosServer() as server:
        yield server


@pytest.fixture
def tables(azurite: Connection) -> Iterator[TablesLedger]:
    ledger = TablesLedger(partial(table_service, azurite), HostClock().pace, f"t{uuid4().hex}")
    yield ledger
    ledger.close()


@pytest.fixture(params=["sqlite", "tables"])
def ledger(request: pytest.FixtureRequest) -> Ledger:
    if request.param == "tables":
        found: Ledger = request.getfixturevalue("tables")
        return found
    return SqliteLedger(request.getfixturevalue("database"))


@pytest.fixture
def table_journal(azurite: Connection) -> Iterator[TablesJournal]:
    journal = TablesJournal(partial(table_service, azurite), HostClock().pace, f"j{uuid4().hex}")
    yield journal
    journal.close()


@pytest.fixture(params=["sqlite", "tables"])
def journal(request: pytest.FixtureRequest) -> Journal:
    if request.param == "tables":
        found: Journal = request.getfixturevalue("table_journal")
        return found
    return SqliteJournal(request.getfixturevalue("database"))


@pytest.fixture
def blob_files(azurite_blob: Connection) -> Iterator[BlobFiles]:
    files = BlobFiles(partial(blob_service, azurite_blob), HostClock(), f"f{uuid4().hex}")
    yield files
    files.close()


@pytest.fixture(params=["folder", "blob"])
def files(request: pytest.FixtureRequest, tmp_path: Path) -> Files:
    if request.param == "blob":
        found: Files = request.getfixturevalue("blob_files")
        return found
    return FolderFiles(tmp_path / "files")


@pytest.fixture(params=["disk", "blob"])
def folders(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Folders]:
    """`inbox` is the workspace main's, `shared` everybody's, each their own part."""
    if request.param == "disk":
        places = f"inbox={tmp_path}/in;shared={tmp_path}/all-{{tenant}}-{{workspace}}"
        for name in ("in", "all-local-main", "all-local-other"):
            (tmp_path / name).mkdir()
        yield NamedFolders(folder_places(places), None, HostClock())
        return
    connect = partial(blob_service, request.getfixturevalue("azurite_blob"))
    container = f"f{uuid4().hex}"
    with connect() as service:
        service.create_container(container)
    places = f"inbox=blob:{container}/in;shared=blob:{container}/all/{{tenant}}/{{workspace}}"
    found = NamedFolders(folder_places(places), connect, HostClock())
    yield found
    found.close()


@pytest.fixture
def scope() -> Scope:
    return Scope("local", "main")


@pytest.fixture
def fresh_scope() -> Callable[[], Scope]:
    """A scope of its own for each example of a property test: nothing is shared but the adapter."""
    numbers = count()
    return lambda: Scope("local", f"w{next(numbers)}")
