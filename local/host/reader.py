"""Reading the host's database: for any thread, beside the writer, as last committed."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import orjson

from local.host.history import Event, to_text
from local.host.model import Entity, Instance
from local.host.rows import Record

COLUMNS = [column.name for column in fields(Record)]
T = TypeVar("T")

# The turns of an instance, from its last one back. CROSS JOIN: SQLite looks each up instead of reading all of history.
TURNS = """WITH RECURSIVE turns (seq) AS (
    SELECT tail FROM instances WHERE id = ?
    UNION ALL SELECT previous FROM turns CROSS JOIN history USING (seq)
) SELECT seq FROM turns"""
_SELECT = f"SELECT {', '.join(COLUMNS)} FROM instances"  # noqa: S608


class Reader:
    """One read-only connection for each thread that asks."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._mine = threading.local()
        self._all: list[sqlite3.Connection] = []
        self._lock = threading.Lock()

    def close(self) -> None:
        """Close every thread's connection."""
        with self._lock:
            while self._all:
                self._all.pop().close()

    @property
    def _db(self) -> sqlite3.Connection:
        db: sqlite3.Connection | None = getattr(self._mine, "db", None)
        if db is None:
            uri = f"{self._path.resolve().as_uri()}?mode=ro"
            db = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False)
            self._mine.db = db
            with self._lock:
                self._all.append(db)
        return db

    def status(self, instance_id: str) -> Instance | None:
        """The instance, or None."""
        record = read_record(self._db, instance_id)
        return to_instance(record) if record else None

    def query(
        self,
        status: Sequence[str],
        created_from: datetime | None,
        created_to: datetime | None,
        id_prefix: str | None,
        after: str | None,
        limit: int,
    ) -> list[Instance]:
        """At most `limit` instances by id, after the id `after`; what is empty or None does not filter."""
        filters: list[tuple[str, list[str]]] = []
        if status:
            filters.append((f"status IN ({', '.join('?' * len(status))})", list(status)))
        if created_from:
            filters.append(("created >= ?", [to_text(created_from)]))
        if created_to:
            filters.append(("created <= ?", [to_text(created_to)]))
        if id_prefix:
            filters.append(("id >= ? AND id < ?", [id_prefix, f"{id_prefix}\U0010ffff"]))
        if after is not None:
            filters.append(("id > ?", [after]))
        where = " AND ".join(condition for condition, _ in filters) or "1"
        values = [value for _, given in filters for value in given]
        rows = self._db.execute(f"{_SELECT} WHERE {where} ORDER BY id LIMIT ?", (*values, limit))
        return [to_instance(Record(*row)) for row in rows]

    def history(self, instance_id: str) -> list[Event]:
        """The events of the current execution, in order."""
        return [event for chunk in read_chunks(self._db, instance_id) for event in chunk]

    def read(self, query: Callable[[sqlite3.Connection], T]) -> T:
        """What the query finds."""
        return query(self._db)

    def entity(self, entity_id: str) -> Entity | None:
        """The entity, or None."""
        row = self._db.execute("SELECT id, state, updated FROM entities WHERE id = ?", (entity_id,)).fetchone()
        return _entity(row) if row else None

    def entities(
        self,
        id_prefix: str,
        operated_from: datetime | None,
        operated_to: datetime | None,
        after: str | None,
        limit: int,
    ) -> list[Entity]:
        """At most `limit` entities by id, after the id `after`; None does not filter."""
        filters = [("id >= ?", id_prefix), ("id < ?", f"{id_prefix}\U0010ffff")]
        if operated_from:
            filters.append(("updated >= ?", to_text(operated_from)))
        if operated_to:
            filters.append(("updated <= ?", to_text(operated_to)))
        if after is not None:
            filters.append(("id > ?", after))
        where = " AND ".join(condition for condition, _ in filters)
        sql = f"SELECT id, state, updated FROM entities WHERE {where} ORDER BY id LIMIT ?"  # noqa: S608
        return [_entity(row) for row in self._db.execute(sql, (*(value for _, value in filters), limit))]

    def monitor(self, name: str) -> dict[str, Any] | None:
        """The row that the edge keeps under this name."""
        row = self._db.execute("SELECT row FROM monitors WHERE name = ?", (name,)).fetchone()
        return orjson.loads(row[0]) if row else None


def _entity(row: tuple[str, str, str]) -> Entity:
    id_, state, updated = row
    return Entity(id_, state, datetime.fromisoformat(updated))


def read_record(db: sqlite3.Connection, instance_id: str) -> Record | None:
    """The instance's row, on any connection."""
    row = db.execute(f"{_SELECT} WHERE id = ?", (instance_id,)).fetchone()
    return Record(*row) if row else None


def read_chunks(db: sqlite3.Connection, instance_id: str) -> Iterator[list[Event]]:
    """The instance's history turn by turn, on any connection."""
    sql = f"SELECT events FROM ({TURNS}) CROSS JOIN history USING (seq) ORDER BY seq"  # noqa: S608
    return (orjson.loads(row[0]) for row in db.execute(sql, (instance_id,)))


def to_instance(record: Record) -> Instance:
    """The row as the engine's callers see it."""
    return Instance(
        id=record.id,
        name=record.name,
        status=record.status,
        input=record.input,
        output=record.output,
        custom_status=record.custom_status,
        created=datetime.fromisoformat(record.created),
        last_updated=datetime.fromisoformat(record.updated),
        execution_id=record.execution_id,
        version=record.version,
        failure=record.failure,
    )
