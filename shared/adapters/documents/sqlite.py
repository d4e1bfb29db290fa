"""Documents in a SQLite file."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import datetime
from typing import Any

import orjson

from shared.adapters._sqlite.database import Database
from shared.adapters.documents import _query as query
from shared.adapters.documents._pages import page, read_cursor
from shared.adapters.documents._rules import check_batch, check_match, encode
from shared.domain.fields import BODY_SCHEMA, check_query
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.domain.stamp import next_stamp
from shared.ports import Body, Clock, Document, Order, Page, Write

_COLUMNS = "kind, id, body, changed_at, changed_by, schema"
_UPSERT = f"""INSERT INTO documents (scope, {_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET body = excluded.body, changed_at = excluded.changed_at,
    changed_by = excluded.changed_by, schema = excluded.schema"""


class SqliteDocuments:
    """`shared.ports.Documents` in `database`; `replica` names this home in `changed_by`. The stamp is also the rev."""

    def __init__(self, database: Database, *, clock: Clock, replica: str) -> None:
        self._database = database
        self._clock = clock
        self._replica = replica

    def get(self, scope: Scope, kind: str, id: str) -> Document | None:
        with self._database.reading() as connection:
            row = connection.execute(
                f"SELECT {_COLUMNS} FROM documents WHERE scope = ? AND kind = ? AND id = ? AND body IS NOT NULL",
                (str(scope), kind, id),
            ).fetchone()
        return _document(row) if row else None

    def put(self, scope: Scope, kind: str, id: str, body: Body, if_match: str | None = None) -> Document:
        document = self.batch(scope, kind, [Write(id, body, if_match)])[0]
        assert document is not None
        return document

    def delete(self, scope: Scope, kind: str, id: str, if_match: str = "*") -> None:
        self.batch(scope, kind, [Write(id, None, if_match)])

    def batch(self, scope: Scope, kind: str, writes: Sequence[Write], durable: bool = True) -> list[Document | None]:
        check_batch(writes)
        now = self._clock.now()
        texts = {write.id: None if write.body is None else encode(write.body).decode() for write in writes}

        def work(connection: sqlite3.Connection) -> dict[str, str]:
            revs = _revs(connection, scope, kind, list(texts))
            for write in writes:
                check_match(kind, write, revs.get(write.id))
            effective = [id for id, text in texts.items() if text is not None or id in revs]
            stamps = dict(zip(effective, _stamps(connection, now), strict=False))
            rows = [(str(scope), kind, id, texts[id], at, self._replica, BODY_SCHEMA) for id, at in stamps.items()]
            connection.executemany(_UPSERT, rows)
            _keep_stamp(connection, max(stamps.values(), default=None))
            return stamps

        stamps = self._database.write(work, durable)
        return [
            None if text is None else _document((kind, id, text, stamps[id], self._replica, BODY_SCHEMA))
            for id, text in texts.items()
        ]

    def find(
        self,
        scope: Scope,
        kind: str,
        filters: Sequence[Filter] = (),
        order: Order | None = None,
        limit: int = 100,
        cursor: str | None = None,
    ) -> Page:
        order = order or Order("id")
        check_query(kind, filters, order.field)
        if limit < 1:
            raise ValueError(f"limit {limit} must be at least 1")
        narrowing, values = query.narrow(filters)
        beyond, place = query.beyond(order, read_cursor(order, cursor))
        key = query.sort_key(order.field)
        # The kind is a literal (checked above) so that SQLite may use the partial indexes.
        sql = f"""SELECT {_COLUMNS}, {key} FROM documents WHERE scope = ? AND kind = '{kind}' AND body IS NOT NULL
            {narrowing}{beyond} ORDER BY {query.ordering(order)}"""
        with self._database.reading() as connection, closing(connection.cursor()) as rows:
            rows.execute(sql, (str(scope), *values, *place))
            found = ((_document(row), query.value_of(key)) for *row, key in rows)
            return page(found, query.undecided(filters), order, limit)

    def changes(self, scope: Scope, since: str | None, limit: int = 1000) -> tuple[list[Document], str | None]:
        with self._database.reading() as connection:
            rows = connection.execute(
                f"SELECT {_COLUMNS} FROM documents WHERE scope = ? AND changed_at > ? ORDER BY changed_at LIMIT ?",
                (str(scope), since or "", limit),
            ).fetchall()
        documents = [_document(row) for row in rows]
        return documents, documents[-1].changed_at if documents else since


def _document(row: Sequence[Any]) -> Document:
    kind, id, body, changed_at, changed_by, schema = row
    deleted = body is None
    return Document(
        kind, id, {} if deleted else orjson.loads(body), changed_at, changed_at, changed_by, schema, deleted
    )


def _revs(connection: sqlite3.Connection, scope: Scope, kind: str, ids: list[str]) -> dict[str, str]:
    """The revisions of those that exist."""
    return dict(
        connection.execute(
            """SELECT id, changed_at FROM documents WHERE scope = ? AND kind = ? AND body IS NOT NULL
            AND id IN (SELECT value FROM json_each(?))""",
            (str(scope), kind, orjson.dumps(ids).decode()),
        )
    )


def _stamps(connection: sqlite3.Connection, now: datetime) -> Iterator[str]:
    """Stamps after the last one of this file, whichever process wrote it and whatever the clock did since."""
    found = connection.execute("SELECT last FROM stamps").fetchone()
    last = found[0] if found else None
    while True:
        last = next_stamp(now, last)
        yield last


def _keep_stamp(connection: sqlite3.Connection, last: str | None) -> None:
    if last and not connection.execute("UPDATE stamps SET last = ?", (last,)).rowcount:
        connection.execute("INSERT INTO stamps VALUES (?)", (last,))
