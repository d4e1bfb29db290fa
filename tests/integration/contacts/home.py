"""A home for one test: the real local adapters over a folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from shared.adapters._sqlite.database import Database
from shared.adapters.clock.host import HostClock
from shared.adapters.dkim.folder import FolderDkimKeys
from shared.adapters.dns.resolver import DnsResolver
from shared.adapters.documents.sqlite import SqliteDocuments
from shared.adapters.files.folder import FolderFiles
from shared.adapters.journal.sqlite import SqliteJournal
from shared.adapters.knowledge.reader import ChildReader
from shared.adapters.knowledge.sqlite import SqliteKnowledge
from shared.adapters.ledger.sqlite import SqliteLedger
from shared.adapters.models.writer import BuiltInWriter
from shared.agents.contacts import accept_import, get_import, run
from shared.domain.imports import Import
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.ports import Keys, Ports

SCOPE = Scope("local", "main")


@contextmanager
def home(folder: Path) -> Iterator[Ports]:
    """Ports over `folder`, closed at the end."""
    folder.mkdir(parents=True, exist_ok=True)
    database, clock = Database(folder / "baton.db"), HostClock()
    knowledge = SqliteKnowledge(folder / "knowledge")
    try:
        yield Ports(
            documents=SqliteDocuments(database, clock=clock, replica="test"),
            ledger=SqliteLedger(database),
            journal=SqliteJournal(database),
            files=FolderFiles(folder / "files"),
            models={"built-in": BuiltInWriter()},
            channels={},
            clock=clock,
            keys=Keys(b"a" * 32, {"1": b"l" * 32}, {"1": b"f" * 32}),
            dkim=FolderDkimKeys(folder / "dkim"),
            resolver=DnsResolver(("127.0.0.1", 9)),
            relays=(),
            public_url="http://127.0.0.1:7071",
            timezone="Europe/Berlin",
            knowledge=knowledge,
            reader=ChildReader(),
        )
    finally:
        knowledge.close()
        database.close()


def bring_in(ports: Ports, data: bytes, content_type: str = "text/csv", scope: Scope = SCOPE) -> Import:
    """Accept a file and take it in, as the flow does."""
    accepted = accept_import(ports, scope, "test", data, content_type)
    take_in(ports, accepted.id, scope)
    return get_import(ports, scope, accepted.id)


def take_in(ports: Ports, id: str, scope: Scope = SCOPE) -> None:
    """All steps of an accepted import."""
    order: dict[str, Any] = {"scope": list(scope), "import": id}
    split: Any = run(ports, {**order, "op": "split"})
    for n in range(split.data["batches"]):
        run(ports, {**order, "op": "batch", "batch": n})
    run(ports, {**order, "op": "finish"})


def book(ports: Ports, scope: Scope = SCOPE) -> dict[str, dict[str, Any]]:
    """Every contact's body by id."""
    found, cursor = {}, None
    while True:
        page = ports.documents.find(scope, Kind.CONTACT, limit=500, cursor=cursor)
        found.update({document.id: document.body for document in page.documents})
        cursor = page.cursor
        if cursor is None:
            return found


class _Watched:
    """A port that tells of every call before it makes it."""

    def __init__(self, port: object, before: Callable[[str, tuple[Any, ...]], None]) -> None:
        self._port = port
        self._before = before

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._port, name)

        def call(*given: Any, **named: Any) -> Any:
            self._before(name, given)
            return method(*given, **named)

        return call


def watched(ports: Ports, before: Callable[[str, tuple[Any, ...]], None]) -> Ports:
    """The same ports; `before(method, arguments)` is called ahead of each use of documents, files and journal."""
    return replace(
        ports,
        documents=_Watched(ports.documents, before),
        files=_Watched(ports.files, before),
        journal=_Watched(ports.journal, before),
    )
