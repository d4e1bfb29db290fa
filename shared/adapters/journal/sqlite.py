"""The journal in a SQLite file; its one writer keeps each chain in order."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from shared.adapters._sqlite.database import Database
from shared.adapters.journal._chain import End, checked, counted, encoded, fact, moment
from shared.domain.chain import GENESIS, link
from shared.domain.scope import Scope
from shared.ports import Fact

_COLUMNS = "seq, at, what, by, data, hash"
_BYTES = "seq, " + ", ".join(f"CAST({name} AS BLOB)" for name in ("at", "what", "by", "data", "hash"))
"""Read so, because what was changed on the disk need not be text any more."""


class SqliteJournal:
    """`shared.ports.Journal` in `database`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def append(self, scope: Scope, stream: str, at: datetime, by: str, what: str, data: Mapping[str, Any]) -> Fact:
        when, text = moment(at.astimezone(UTC)), encoded(data)

        def work(connection: sqlite3.Connection) -> Fact:
            last, previous = _head(connection, scope, stream)
            seq, hash = last + 1, link(previous, scope, stream, last + 1, when, by, what, data)
            connection.execute(
                f"INSERT INTO facts (scope, stream, {_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (str(scope), stream, seq, when, what, by, text, hash),
            )
            connection.execute("INSERT OR REPLACE INTO heads VALUES (?, ?, ?, ?)", (str(scope), stream, seq, hash))
            return fact(stream, seq, when, what, by, text, hash)

        return self._database.write(work)

    def read(self, scope: Scope, stream: str, after: int = 0, limit: int = 1000) -> list[Fact]:
        with self._database.reading() as connection:
            rows = connection.execute(
                f"SELECT {_BYTES} FROM facts WHERE scope = ? AND stream = ? AND seq > ? ORDER BY seq LIMIT ?",
                (str(scope), stream, after, limit),
            ).fetchall()
        return [_fact(stream, row) for row in rows]

    def verify(self, scope: Scope, stream: str) -> int:
        """As the port says; and no fact is missing at the end, which the head knows."""
        with self._database.reading() as connection:
            end = _head(connection, scope, stream)
        return counted(checked(lambda after: self.read(scope, stream, after), scope, stream), end, stream)


def _head(connection: sqlite3.Connection, scope: Scope, stream: str) -> End:
    found = connection.execute(
        "SELECT seq, CAST(hash AS BLOB) FROM heads WHERE scope = ? AND stream = ?", (str(scope), stream)
    ).fetchone()
    return End(found[0], found[1].decode(errors="replace")) if found else End(0, GENESIS)


def _fact(stream: str, row: Sequence[Any]) -> Fact:
    seq, *texts = row
    at, what, by, data, hash = (text.decode(errors="replace") for text in texts)
    return fact(stream, seq, at, what, by, data, hash)
