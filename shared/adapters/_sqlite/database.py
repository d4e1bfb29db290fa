"""One SQLite file shared by the local adapters: one writer with group commit, many readers."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar, cast

from shared.adapters._sqlite.schema import MIGRATIONS, Migrations, migrate
from shared.adapters._sqlite.writer import Writer

T = TypeVar("T")


class Database:
    """Opens (or creates, for the owner only) and migrates the file at `path`; WAL, synchronous=FULL. Thread-safe.
    `migrations` are those of `baton.db` unless it is another file.

    Raises SchemaTooNew. Other processes may have the same file open."""

    def __init__(self, path: Path, migrations: Migrations = MIGRATIONS) -> None:
        self._path = path
        path.touch(mode=0o600)
        connection = _connect(path)
        try:
            migrate(connection, path, migrations)
        except BaseException:
            connection.close()
            raise
        self._writer = Writer(connection)
        self._idle: list[sqlite3.Connection] = []
        self._closed = False

    def write(self, work: Callable[[sqlite3.Connection], T], durable: bool = True) -> T:
        """Run `work` in a transaction of its own, committed when this returns; if it raises, it has changed nothing.

        Without `durable` a power cut (not a kill) may undo it. Raises NotCommitted. `work` may run in another caller's
        thread and must not call `write`."""
        return cast(T, self._writer.do(work, durable))

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A read-only connection for one thread; it sees every commit that was made before each statement."""
        try:
            connection = self._idle.pop()
        except IndexError:
            connection = self._open_reader()
        try:
            yield connection
        finally:
            if self._closed:
                connection.close()
            else:
                self._idle.append(connection)

    def scrub(self) -> None:
        """Write the file anew and empty its log, so that no byte of what was deleted is left in either. It takes as
        long as copying the file, and needs room for the copy; who writes meanwhile waits.

        Raises sqlite3.OperationalError while somebody else reads what is to be emptied, or when the disk is full."""
        self._writer.alone(_scrub)

    def close(self) -> None:
        """Finish the writes that were asked for, then let go of the file."""
        self._closed = True
        while self._idle:
            self._idle.pop().close()
        self._writer.close()

    def _open_reader(self) -> sqlite3.Connection:
        connection = _connect(self._path)
        connection.execute("PRAGMA query_only = ON")
        return connection


def _scrub(connection: sqlite3.Connection) -> None:
    connection.execute("VACUUM")
    busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if busy:
        raise sqlite3.OperationalError("the log is being read")


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    # 16 MB: claims and receipts of one window change the same pages, which are then copied back once.
    connection.execute("PRAGMA wal_autocheckpoint = 4000")
    return connection
