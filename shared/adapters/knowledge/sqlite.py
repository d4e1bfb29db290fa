"""The index of passages on this machine: a SQLite file a scope, apart from `baton.db` so that taking in a large
document holds up no sender."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from threading import Lock

from shared.adapters._sqlite.database import Database
from shared.adapters.knowledge import _editions, _hits, _vectors, _words
from shared.adapters.knowledge._tables import MIGRATIONS
from shared.domain.knowledge import Passage
from shared.domain.scope import Scope
from shared.ports import Found, Held


class SqliteKnowledge:
    """`shared.ports.Knowledge` in files below `folder`, for the owner only."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._open: dict[Scope, Database] = {}
        self._opening = Lock()

    def close(self) -> None:
        """Let go of the files."""
        with self._opening:
            while self._open:
                self._open.popitem()[1].close()

    def store(self, scope: Scope, document: str, edition: str, passages: Sequence[Passage], at: datetime) -> None:
        self._at(scope).write(lambda connection: _editions.store(connection, document, edition, passages, at))

    def drop(self, scope: Scope, document: str, editions: Collection[str] | None = None) -> None:
        self._at(scope).write(lambda connection: _editions.drop(connection, document, editions))

    def held(self, scope: Scope) -> list[Held]:
        with self._at(scope).reading() as connection:
            return _editions.held(connection)

    def by_words(self, scope: Scope, query: str, limit: int) -> list[Found]:
        with self._at(scope).reading() as connection:
            return _hits.found(connection, _words.ranked(connection, query, limit))

    def by_vector(self, scope: Scope, space: str, vector: Sequence[float], limit: int) -> list[Found]:
        with self._at(scope).reading() as connection:
            return _hits.found(connection, _vectors.nearest(connection, space, vector, limit))

    def without_vector(self, scope: Scope, space: str, limit: int) -> list[Passage]:
        with self._at(scope).reading() as connection:
            return _vectors.missing(connection, space, limit)

    def put_vectors(self, scope: Scope, space: str, vectors: Mapping[str, Sequence[float]]) -> None:
        self._at(scope).write(lambda connection: _vectors.put(connection, space, vectors))

    def _at(self, scope: Scope) -> Database:
        with self._opening:
            if scope not in self._open:
                folder = self._folder / scope.tenant
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                self._open[scope] = Database(folder / f"{scope.workspace}.db", MIGRATIONS)
            return self._open[scope]
