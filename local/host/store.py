"""The host's state in SQLite: one writer, one transaction for each batch, one host for each directory."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from operator import attrgetter
from pathlib import Path
from typing import Any

import orjson

from local.host.bus_model import Namespace
from local.host.bus_store import MIGRATION as BUS_MIGRATION
from local.host.bus_store import BusTables
from local.host.history import Event
from local.host.model import StateRefused
from local.host.reader import COLUMNS, TURNS, read_chunks, read_record
from local.host.rows import Caller, Changes, Message, Operation, Record, Timer, Transaction, Work

# Each entry brings a database one version further; PRAGMA user_version counts them.
_MIGRATIONS = [
    """
    CREATE TABLE instances (
        id TEXT PRIMARY KEY, execution_id TEXT NOT NULL, generation INTEGER NOT NULL, name TEXT NOT NULL,
        version TEXT, status TEXT NOT NULL, input TEXT, output TEXT, custom_status TEXT, failure TEXT,
        created TEXT NOT NULL, updated TEXT NOT NULL, parent_id TEXT, parent_execution TEXT, parent_task INTEGER,
        chunks INTEGER NOT NULL
    );
    CREATE TABLE history (
        instance_id TEXT NOT NULL, chunk INTEGER NOT NULL, events BLOB NOT NULL, PRIMARY KEY (instance_id, chunk)
    );
    CREATE TABLE work (
        seq INTEGER PRIMARY KEY, instance_id TEXT NOT NULL, execution_id TEXT NOT NULL, task INTEGER NOT NULL,
        name TEXT NOT NULL, input TEXT
    );
    CREATE INDEX work_of_instance ON work (instance_id);
    CREATE TABLE timers (
        instance_id TEXT NOT NULL, task INTEGER NOT NULL, execution_id TEXT NOT NULL, fire_at TEXT NOT NULL,
        PRIMARY KEY (instance_id, task)
    ) WITHOUT ROWID;
    CREATE TABLE inbox (
        seq INTEGER PRIMARY KEY, instance_id TEXT NOT NULL, execution_id TEXT, event BLOB NOT NULL
    );
    CREATE INDEX inbox_of_instance ON inbox (instance_id);
    CREATE TABLE monitors (name TEXT PRIMARY KEY, row BLOB NOT NULL) WITHOUT ROWID;
    CREATE TABLE clock (id INTEGER PRIMARY KEY CHECK (id = 0), now TEXT NOT NULL);
    """,
    BUS_MIGRATION,
    """
    CREATE TABLE entities (id TEXT PRIMARY KEY, state TEXT NOT NULL, updated TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE operations (
        seq INTEGER PRIMARY KEY, entity_id TEXT NOT NULL, name TEXT NOT NULL, input TEXT,
        request_id TEXT NOT NULL, caller_id TEXT, caller_execution TEXT, caller_task INTEGER
    );
    CREATE INDEX operations_of_entity ON operations (entity_id);
    ALTER TABLE timers ADD COLUMN activity TEXT;
    ALTER TABLE timers ADD COLUMN input TEXT;
    """,
    # Turns lie in the order in which they were written, and each names the one before it: no key is kept sorted.
    """
    ALTER TABLE instances ADD COLUMN tail INTEGER;
    UPDATE instances SET tail =
        (SELECT rowid FROM history WHERE instance_id = instances.id ORDER BY chunk DESC LIMIT 1);
    CREATE TABLE turns (seq INTEGER PRIMARY KEY, previous INTEGER, events BLOB NOT NULL);
    INSERT INTO turns SELECT rowid, lag(rowid) OVER (PARTITION BY instance_id ORDER BY chunk), events FROM history;
    DROP TABLE history;
    ALTER TABLE turns RENAME TO history;
    """,
    """
    ALTER TABLE instances ADD COLUMN trace TEXT;
    ALTER TABLE work ADD COLUMN trace TEXT;
    """,
]
_START = f"INSERT OR REPLACE INTO instances ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})"  # noqa: S608
_started = attrgetter(*COLUMNS)
# What a turn may change.
_MUTABLE = (
    *("execution_id", "generation", "status", "input", "output", "custom_status", "failure", "updated"),
    *("chunks", "tail"),
)
_UPDATE = f"UPDATE instances SET {', '.join(f'{name} = ?' for name in _MUTABLE)} WHERE id = ?"  # noqa: S608
_updated = attrgetter(*_MUTABLE, "id")
_NOBODY = (None,) * len(Caller._fields)
# The rows of one instance in each table, by its id.
_OF_INSTANCE = {
    "history": f"seq IN ({TURNS})",
    "timers": "instance_id = ?",
    "work": "instance_id = ?",
    "inbox": "instance_id = ?",
}


class Store:
    """The only writer. It holds the directory's lock until `close`.

    Raises:
        StateRefused: another host holds the directory, or a newer host has written it.
    """

    def __init__(self, directory: Path, namespace: Namespace | None = None) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self.path = directory / "host.db"
        self._lock = _lock(directory)
        self._db = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False)
        try:
            _prepare(self._db, self.path)
        except BaseException:
            self.close()
            raise
        self._work_seq = self._last("work")
        self._mail_seq = self._last("inbox")
        self._turn_seq = self._last("history")
        self.bus = BusTables(self._db, namespace or Namespace())
        self._operation_seq = self._last("operations")

    def close(self) -> None:
        """Close the database and let go of the directory."""
        self._db.close()
        self._lock.close()

    def next_work(self) -> int:
        """A number for a row of work; numbers only grow while the store is open."""
        self._work_seq += 1
        return self._work_seq

    def next_mail(self) -> int:
        """A number for a row of the inbox."""
        self._mail_seq += 1
        return self._mail_seq

    def next_operation(self) -> int:
        """A number for a row of operations; numbers only grow while the store is open."""
        self._operation_seq += 1
        return self._operation_seq

    def _last(self, table: str) -> int:
        row = self._db.execute(f"SELECT coalesce(max(seq), 0) FROM {table}").fetchone()  # noqa: S608
        return int(row[0])

    def write(self, transaction: Transaction) -> None:
        """Write a batch: all of it or, when this raises, nothing."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            self._remove(transaction)
            self._add(transaction)
            bus = self.bus.apply(transaction.bus, transaction.now) if transaction.bus else self.bus.state
            self._db.execute("COMMIT")
        except BaseException:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise
        self.bus.publish(bus)

    def _remove(self, transaction: Transaction) -> None:
        changed = transaction.instances
        purged = [(id_,) for id_ in transaction.purged]
        for table, of_instance in _OF_INSTANCE.items():
            forgotten = [(record.id,) for record, changes in changed if table in changes.forget]
            self._many(f"DELETE FROM {table} WHERE {of_instance}", purged + forgotten)  # noqa: S608
        self._many("DELETE FROM instances WHERE id = ?", purged)
        self._many("DELETE FROM work WHERE seq = ?", [(seq,) for seq in transaction.finished_work])
        gone = [(record.id, task) for record, changes in changed for task in changes.timers_gone]
        self._many("DELETE FROM timers WHERE instance_id = ? AND task = ?", gone)
        read = [(seq,) for _, changes in changed for seq in changes.mail_gone]
        self._many("DELETE FROM inbox WHERE seq = ?", read)
        self._many("DELETE FROM operations WHERE seq = ?", [(seq,) for seq in transaction.finished_operations])
        destroyed = [(id_,) for id_, (state, _) in transaction.entities.items() if state is None]
        self._many("DELETE FROM entities WHERE id = ?", destroyed)

    def _add(self, transaction: Transaction) -> None:
        changed = transaction.instances
        self._many("INSERT INTO history VALUES (?, ?, ?)", self._turns(changed))
        self._many(_START, [_started(record) for record, c in changed if c.is_start])
        self._many(_UPDATE, [_updated(record) for record, c in changed if not c.is_start])
        self._many("INSERT INTO work VALUES (?, ?, ?, ?, ?, ?, ?)", [work for _, c in changed for work in c.work])
        timers = [timer for _, c in changed for timer in c.timers.values()]
        self._many("INSERT INTO timers VALUES (?, ?, ?, ?, ?, ?)", timers)
        mail = [(m.seq, r.id, m.execution_id, orjson.dumps(m.event)) for r, c in changed for m in c.mail]
        self._many("INSERT INTO inbox VALUES (?, ?, ?, ?)", mail)
        monitors = [(name, orjson.dumps(row)) for name, row in transaction.monitors.items()]
        self._many("INSERT OR REPLACE INTO monitors VALUES (?, ?)", monitors)
        states = [(id_, state, at) for id_, (state, at) in transaction.entities.items() if state is not None]
        self._many("INSERT OR REPLACE INTO entities VALUES (?, ?, ?)", states)
        asked = [(*operation[:5], *(operation.caller or _NOBODY)) for operation in transaction.operations]
        self._many("INSERT INTO operations VALUES (?, ?, ?, ?, ?, ?, ?, ?)", asked)
        if transaction.clock is not None:
            self._db.execute("INSERT OR REPLACE INTO clock VALUES (0, ?)", (transaction.clock,))

    def _turns(self, changed: list[tuple[Record, Changes]]) -> list[tuple[int, int | None, bytes]]:
        """The rows of new turns; each instance gets to know its last one."""
        rows = []
        for record, changes in changed:
            for events in changes.chunks:
                self._turn_seq += 1
                rows.append((self._turn_seq, record.tail, orjson.dumps(events)))
                record.tail = self._turn_seq
        return rows

    def _many(self, sql: str, rows: list[Any]) -> None:
        if rows:
            self._db.executemany(sql, rows)

    def record(self, instance_id: str) -> Record | None:
        """The instance's row."""
        return read_record(self._db, instance_id)

    def chunks(self, instance_id: str) -> Iterator[list[Event]]:
        """The history, turn by turn."""
        return read_chunks(self._db, instance_id)

    def mail(self, instance_id: str) -> list[Message]:
        """The messages that the instance has not taken yet, in order of arrival."""
        sql = "SELECT event, execution_id, seq FROM inbox WHERE instance_id = ? ORDER BY seq"
        return [Message(orjson.loads(row[0]), row[1], row[2]) for row in self._db.execute(sql, (instance_id,))]

    def open_timers(self, instance_id: str) -> set[int]:
        """The task ids of the instance's timers."""
        sql = "SELECT task FROM timers WHERE instance_id = ?"
        return {int(row[0]) for row in self._db.execute(sql, (instance_id,))}

    def timers(self) -> list[Timer]:
        """The timers of all instances."""
        sql = "SELECT instance_id, task, execution_id, fire_at, activity, input FROM timers"
        return [Timer(*row) for row in self._db.execute(sql)]

    def work_after(self, seq: int, limit: int) -> list[Work]:
        """The oldest activities that are to run, after `seq`."""
        sql = """SELECT seq, instance_id, execution_id, task, name, input, trace FROM work
                 WHERE seq > ? ORDER BY seq LIMIT ?"""
        return [Work(*row) for row in self._db.execute(sql, (seq, limit))]

    def operations(self, entity_id: str, limit: int) -> list[Operation]:
        """The oldest operations that the entity is to run."""
        sql = """SELECT seq, entity_id, name, input, request_id, caller_id, caller_execution, caller_task
                 FROM operations WHERE entity_id = ? ORDER BY seq LIMIT ?"""
        rows = self._db.execute(sql, (entity_id, limit))
        return [_operation(row) for row in rows]

    def entities_with_operations(self) -> list[str]:
        """The entities that have operations to run, those of the oldest first."""
        sql = "SELECT entity_id FROM operations GROUP BY entity_id ORDER BY min(seq)"
        return [str(row[0]) for row in self._db.execute(sql)]

    def entity_state(self, entity_id: str) -> str | None:
        """The entity's state as JSON text; None when it does not exist."""
        row = self._db.execute("SELECT state FROM entities WHERE id = ?", (entity_id,)).fetchone()
        return str(row[0]) if row else None

    def unfinished_business(self) -> list[str]:
        """Live instances with a first turn or with messages before them."""
        sql = """SELECT id FROM instances WHERE status IN ('Pending', 'Running')
                 AND (chunks = 0 OR id IN (SELECT instance_id FROM inbox)) ORDER BY id"""
        return [str(row[0]) for row in self._db.execute(sql)]

    def clock(self) -> str | None:
        """The virtual time of the last COMMIT that followed a jump."""
        row = self._db.execute("SELECT now FROM clock").fetchone()
        return str(row[0]) if row else None


def _operation(row: tuple[Any, ...]) -> Operation:
    seq, entity_id, name, input_text, request_id, *caller = row
    return Operation(seq, entity_id, name, input_text, request_id, Caller(*caller) if caller[0] is not None else None)


def _lock(directory: Path) -> sqlite3.Connection:
    """An exclusive lock on a file of its own, which the operating system lets go when the process ends."""
    db = sqlite3.connect(directory / "host.lock", timeout=0, isolation_level=None, check_same_thread=False)
    try:
        db.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        db.close()
        raise StateRefused(f"{directory}: another host is running on this state directory") from error
    return db


def _prepare(db: sqlite3.Connection, path: Path) -> None:
    version = int(db.execute("PRAGMA user_version").fetchone()[0])
    if version > len(_MIGRATIONS):
        raise StateRefused(
            f"{path}: written by a newer host (schema {version}; this one knows up to {len(_MIGRATIONS)})"
        )
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = FULL")  # an answer given means it survives a power cut
    db.execute("PRAGMA temp_store = MEMORY")
    for number, migration in enumerate(_MIGRATIONS[version:], start=version + 1):
        db.executescript(f"BEGIN; {migration} PRAGMA user_version = {number}; COMMIT;")
