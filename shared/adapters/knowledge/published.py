"""The index of passages for many machines without a common disk: a SQLite file a scope, kept whole in Files and opened
read-only by whoever searches."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote

from shared.adapters._sqlite.schema import migrate
from shared.adapters.knowledge import _editions, _hits, _vectors, _words
from shared.adapters.knowledge._tables import MIGRATIONS
from shared.domain.knowledge import Passage
from shared.domain.scope import Scope
from shared.ports import Files, Found, Held

T = TypeVar("T")
_FOLDER = "knowledge-index/"
_KEPT = 3
"""Issues of the file that stay: others may be reading the one before."""
_BLOCK = 8_000_000


class PublishedKnowledge:
    """`shared.ports.Knowledge` in `files`. A change makes the next issue of the file, under a number that only one can
    take; whoever comes second makes it again on top of the first's. `folder` holds a copy of the issue last read."""

    def __init__(self, files: Files, folder: Path) -> None:
        self._files = files
        self._folder = folder

    def store(self, scope: Scope, document: str, edition: str, passages: Sequence[Passage], at: datetime) -> None:
        self._change(scope, lambda connection: _editions.store(connection, document, edition, passages, at))

    def drop(self, scope: Scope, document: str, editions: Collection[str] | None = None) -> None:
        if any(each.document == document and each.edition in (editions or [each.edition]) for each in self.held(scope)):
            self._change(scope, lambda connection: _editions.drop(connection, document, editions))

    def held(self, scope: Scope) -> list[Held]:
        return self._read(scope, _editions.held, [])

    def by_words(self, scope: Scope, query: str, limit: int) -> list[Found]:
        return self._read(scope, lambda on: _hits.found(on, _words.ranked(on, query, limit)), [])

    def by_vector(self, scope: Scope, space: str, vector: Sequence[float], limit: int) -> list[Found]:
        return self._read(scope, lambda on: _hits.found(on, _vectors.nearest(on, space, vector, limit)), [])

    def without_vector(self, scope: Scope, space: str, limit: int) -> list[Passage]:
        return self._read(scope, lambda connection: _vectors.missing(connection, space, limit), [])

    def put_vectors(self, scope: Scope, space: str, vectors: Mapping[str, Sequence[float]]) -> None:
        self._change(scope, lambda connection: _vectors.put(connection, space, vectors))

    def _read(self, scope: Scope, work: Callable[[sqlite3.Connection], T], nothing: T) -> T:
        """Work on the newest issue; `nothing` if there is none yet."""
        while (issue := self._newest(scope)) is not None:
            with suppress(FileNotFoundError), closing(_opened(self._copy(scope, issue))) as connection:
                return work(connection)
        return nothing

    def _change(self, scope: Scope, work: Callable[[sqlite3.Connection], None]) -> None:
        """The next issue is the newest one with this change."""
        while True:
            issue = self._newest(scope)
            number = 1 if issue is None else int(Path(issue).stem) + 1
            with tempfile.TemporaryDirectory() as folder, suppress(FileNotFoundError):
                draft = Path(folder) / "draft.db"
                if issue is not None:
                    shutil.copyfile(self._copy(scope, issue), draft)
                _edit(draft, work)
                if self._files.put_blocks(scope, f"{_FOLDER}{number:012}.db", _blocks(draft), only_new=True):
                    self._prune(scope)
                    return

    def _newest(self, scope: Scope) -> str | None:
        return max(self._files.list(scope, _FOLDER), default=None)

    def _prune(self, scope: Scope) -> None:
        for issue in sorted(self._files.list(scope, _FOLDER))[:-_KEPT]:
            self._files.delete(scope, issue)

    def _copy(self, scope: Scope, issue: str) -> Path:
        """The issue on this machine's disk. Raises FileNotFoundError: it is no longer kept."""
        folder = self._folder / scope.tenant / scope.workspace
        copy = folder / Path(issue).name
        if not copy.exists():
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=folder) as apart:
                fetched = Path(apart) / copy.name
                self._fetch(scope, issue, fetched)
                os.replace(fetched, copy)
            for older in folder.glob("*.db"):
                if older.name < copy.name:
                    older.unlink(missing_ok=True)
        return copy

    def _fetch(self, scope: Scope, issue: str, to: Path) -> None:
        """A block at a time: an issue, which nobody changes, may be larger than memory should hold."""
        with to.open("wb") as file:
            while block := self._files.get(scope, issue, file.tell(), _BLOCK):
                file.write(block)


def _opened(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{quote(str(path.absolute()))}?mode=ro&immutable=1", uri=True)


def _edit(path: Path, work: Callable[[sqlite3.Connection], None]) -> None:
    """Change the file in one transaction, made anew if it is not there."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        migrate(connection, path, MIGRATIONS)
        connection.execute("BEGIN IMMEDIATE")
        work(connection)
        connection.execute("COMMIT")


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            yield block
