"""The one writer of a SQLite file: what many callers ask for at the same time becomes one durable commit."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import partial
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from typing import Any

Work = Callable[[sqlite3.Connection], Any]


class NotCommitted(Exception):
    """The commit that carried this write (and perhaps others) failed; nothing of it is known to be stored."""


@dataclass(frozen=True)
class _Job:
    work: Work
    durable: bool
    done: Future[Any] = field(default_factory=Future)


class Writer:
    """A thread that runs jobs in groups: BEGIN IMMEDIATE, one savepoint a job, COMMIT; then the callers return."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._gate = Lock()
        self._closed = False
        self._durable = True
        self._thread = Thread(target=self._run, name="sqlite-writer", daemon=True)
        self._thread.start()

    def do(self, work: Work, durable: bool) -> Any:
        """Run `work` in the next group. Raises what it raises, or NotCommitted."""
        job = _Job(work, durable)
        with self._gate:
            if self._closed:
                raise NotCommitted("the database is closed")
            self._jobs.put(job)
        return job.done.result()

    def close(self) -> None:
        """Finish what was asked for, then stop."""
        with self._gate:
            self._closed = True
            self._jobs.put(None)
        self._thread.join()
        self._connection.close()

    def _run(self) -> None:
        while job := self._jobs.get():
            self._commit([job, *self._waiting()])

    def _waiting(self) -> Iterator[_Job]:
        while True:
            try:
                job = self._jobs.get_nowait()
            except Empty:
                return
            if job is None:
                self._jobs.put(None)
                return
            yield job

    def _commit(self, group: list[_Job]) -> None:
        try:
            self._sync(any(job.durable for job in group))
            self._connection.execute("BEGIN IMMEDIATE")
            answers = [self._attempt(job) for job in group]
            self._connection.execute("COMMIT")
        except BaseException as error:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            for job in group:
                job.done.set_exception(_not_committed(error))
        else:
            for answer in answers:
                answer()

    def _attempt(self, job: _Job) -> Callable[[], None]:
        self._connection.execute("SAVEPOINT caller")
        try:
            result = job.work(self._connection)
        except Exception as error:
            # Fails if SQLite itself has given up the whole transaction (disk full, I/O error): then so does the group.
            self._connection.execute("ROLLBACK TO caller")
            self._connection.execute("RELEASE caller")
            return partial(job.done.set_exception, error)
        self._connection.execute("RELEASE caller")
        return partial(job.done.set_result, result)

    def _sync(self, durable: bool) -> None:
        """With WAL, NORMAL leaves the fsync to the next FULL commit: order is kept, only a power cut loses the tail."""
        if durable != self._durable:
            self._connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
            self._durable = durable


def _not_committed(error: BaseException) -> NotCommitted:
    failure = NotCommitted(f"not committed: {error}")
    failure.__cause__ = error
    return failure
