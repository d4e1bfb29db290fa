"""The journal in a SQLite file; its one writer keeps each chain in order."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import orjson

from shared.adapters._sqlite.database import Database
from shared.domain.chain import GENESIS, link
from shared.domain.scope import Scope
from shared.ports import Fact

_COLUMNS = "seq, at, what, by, data, hash"


class SqliteJournal:
    """`shared.ports.Journal` in `database`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def append(self, scope: Scope, stream: str, at: datetime, by: str, what: str, data: Mapping[str, Any]) -> Fact:
        moment = at.astimezone(UTC).isoformat(timespec="microseconds")
        text = orjson.dumps(dict(data)).decode()

        def work(connection: sqlite3.Connection) -> Fact:
            last, previous = _head(connection, scope, stream)
            seq, hash = last + 1, link(previous, scope, stream, last + 1, moment, by, what, data)
            connection.execute(
                f"INSERT INTO facts (scope, stream, {_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (str(scope), stream, seq, moment, what, by, text, hash),
            )
            return _fact((seq, moment, what, by, text, hash))

        return self._database.write(work)

    def read(self, scope: Scope, stream: str, after: int = 0, limit: int = 1000) -> list[Fact]:
        with self._database.reading() as connection:
            rows = connection.execute(
                f"SELECT {_COLUMNS} FROM facts WHERE scope = ? AND stream = ? AND seq > ? ORDER BY seq LIMIT ?",
                (str(scope), stream, after, limit),
            ).fetchall()
        return [_fact(row) for row in rows]

    def verify(self, scope: Scope, stream: str) -> int:
        seq, previous = 0, GENESIS
        for fact in self._all(scope, stream):
            seq += 1
            at = fact.at.isoformat(timespec="microseconds")
            previous = link(previous, scope, stream, seq, at, fact.by, fact.what, fact.data)
            if fact.seq != seq or fact.hash != previous:
                raise ValueError(f"stream {stream!r}: fact {seq} is missing or was changed")
        return seq

    def _all(self, scope: Scope, stream: str) -> Iterator[Fact]:
        page = self.read(scope, stream)
        while page:
            yield from page
            page = self.read(scope, stream, after=page[-1].seq)


def _head(connection: sqlite3.Connection, scope: Scope, stream: str) -> tuple[int, str]:
    found: tuple[int, str] | None = connection.execute(
        "SELECT seq, hash FROM facts WHERE scope = ? AND stream = ? ORDER BY seq DESC LIMIT 1", (str(scope), stream)
    ).fetchone()
    return found or (0, GENESIS)


def _fact(row: Sequence[Any]) -> Fact:
    seq, at, what, by, data, hash = row
    return Fact(seq, datetime.fromisoformat(at), what, by, orjson.loads(data), hash)
