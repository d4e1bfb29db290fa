"""The one writer of a SQLite file: what many callers ask for at the same time becomes one durable commit."""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Callable
from threading import Lock
from typing import Any

from shared.domain.faults import Unavailable

Work = Callable[[sqlite3.Connection], Any]


class NotCommitted(Unavailable):
    """The commit that carried this write (and perhaps others) failed, as on a full disk; nothing of it is known to be
    stored."""


class _Job:
    def __init__(self, work: Work, durable: bool) -> None:
        self.work = work
        self.durable = durable
        self.done = False
        self.result: Any = None
        self.error: BaseException | None = NotCommitted("not committed: interrupted")


class Writer:
    """Whoever finds the file free commits for all who wait: BEGIN IMMEDIATE, a savepoint for each of several jobs,
    COMMIT.

    No thread of its own: handing every write to one and back cost a fifth of the ledger's speed."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._waiting: deque[_Job] = deque()
        self._turn = Lock()
        self._closed = False
        self._durable = True

    def do(self, work: Work, durable: bool) -> Any:
        """Run `work` in the next commit and return after it. Raises what `work` raises, or NotCommitted."""
        job = _Job(work, durable)
        self._waiting.append(job)
        with self._turn:
            if not job.done:
                self._commit([self._waiting.popleft() for _ in range(len(self._waiting))])
        if job.error is not None:
            raise job.error
        return job.result

    def alone(self, work: Work) -> None:
        """Run `work` outside of any transaction, while nobody writes: what SQLite does not do within one."""
        with self._turn:
            if self._closed:
                raise NotCommitted("the database is closed")
            work(self._connection)

    def close(self) -> None:
        """Wait for the commit that is under way; later writes are NotCommitted."""
        with self._turn:
            self._closed = True
            self._connection.close()

    def _commit(self, group: list[_Job]) -> None:
        try:
            self._begin(durable=any(job.durable for job in group))
            if len(group) == 1:
                self._alone(group[0])
            else:
                self._together(group)
        except BaseException as error:
            for job in group:
                job.error = _not_committed(error)
            if not self._closed and self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            if not isinstance(error, Exception):
                raise
        finally:
            for job in group:
                job.done = True

    def _begin(self, durable: bool) -> None:
        if self._closed:
            raise NotCommitted("the database is closed")
        if durable != self._durable:
            # With WAL, NORMAL leaves the fsync to the next FULL commit: only a power cut loses anything, the tail.
            self._connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
            self._durable = durable
        self._connection.execute("BEGIN IMMEDIATE")

    def _alone(self, job: _Job) -> None:
        """Without the savepoint, for whose sake SQLite copies each page before it changes it."""
        try:
            job.result, job.error = job.work(self._connection), None
        except Exception as error:
            job.error = error
            # Fails if SQLite itself has given up the transaction (disk full, I/O error): then it is NotCommitted.
            self._connection.execute("ROLLBACK")
        else:
            self._connection.execute("COMMIT")

    def _together(self, group: list[_Job]) -> None:
        for job in group:
            self._attempt(job)
        self._connection.execute("COMMIT")

    def _attempt(self, job: _Job) -> None:
        self._connection.execute("SAVEPOINT caller")
        try:
            job.result, job.error = job.work(self._connection), None
        except Exception as error:
            job.error = error
            # Fails if SQLite itself has given up the whole transaction: then so does the group.
            self._connection.execute("ROLLBACK TO caller")
        self._connection.execute("RELEASE caller")


def _not_committed(error: BaseException) -> NotCommitted:
    failure = NotCommitted(f"not committed: {error}")
    failure.__cause__ = error
    return failure
