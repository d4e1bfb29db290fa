"""The engine is a role, not a thread: whoever has it takes what is asked for and makes it one transaction.

A thread of its own always comes when it is called. But a thread whose activity has ended, and which has nothing else to
do, takes the role if nobody has it: then no other thread must wake up for the next step of the workflow.
"""

from __future__ import annotations

import asyncio
import logging
import queue
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Any

from local.host.activities import ActivityPool
from local.host.clock import Clock, VirtualClock
from local.host.commands import Command, FinishOperations, Wake
from local.host.committer import Committer, Posted
from local.host.dispatcher import Dispatcher
from local.host.entities import Entities
from local.host.model import EngineSettings, EngineStopped, Functions
from local.host.store import Store
from local.host.waiters import Waiters

_log = logging.getLogger(__name__)
_BATCH = 1000  # commands; bounds how long an answer waits for its COMMIT
_HELP = 3  # steps of a helper: take the end of its activity, hand it on, see that nothing is left
_LONGEST_WAIT = 1.0  # seconds; the machine's clock may be set, or sleep
_RETRY_AFTER = 0.5  # seconds after a transaction that failed, such as on a full disk


class Worker:
    """Runs what is posted, one thread at a time. Futures belong to the loop."""

    def __init__(
        self,
        store: Store,
        functions: Functions,
        settings: EngineSettings,
        clock: Clock,
        loop: asyncio.AbstractEventLoop,
        waiters: Waiters,
    ) -> None:
        self._store = store
        self._clock = clock
        self._waiters = waiters
        self._posted: deque[Posted] = deque()
        self._role = threading.Lock()  # held by the thread that is the engine
        self._bell: queue.SimpleQueue[None] = queue.SimpleQueue()  # calls the engine's own thread
        self._alarm: datetime | None = None  # the timer for which that thread wakes up by itself
        self._stopping = threading.Event()
        self._posting = threading.Lock()
        self._gone: EngineStopped | None = None
        self._pool = ActivityPool(functions, settings, loop, self.post, self.report)
        self._entities = Entities(store, functions, settings, lambda outcome: self.report(FinishOperations(outcome)))
        self._dispatcher = Dispatcher(store, self._pool)
        self._committer = Committer(
            store, functions, settings, clock, self._dispatcher, self._entities, waiters, self.post
        )
        self._thread = threading.Thread(target=self._run, name="durable-engine", daemon=True)

    def start(self) -> None:
        """Take up what an earlier host left."""
        if isinstance(self._clock, VirtualClock):
            self._clock.wake = self._ring
        for instance_id in self._store.unfinished_business():
            self.post(Wake(instance_id))
        self._thread.start()

    async def stop(self, grace: float) -> None:
        """Let running activities end, commit what has come, end the thread."""
        await asyncio.gather(self._pool.close(grace), self._entities.close(grace))
        self._stopping.set()
        self._ring()
        await asyncio.to_thread(self._thread.join)

    def post(self, command: Command, answer: asyncio.Future[Any] | None = None) -> None:
        """Queue a command, from any thread; `answer` is resolved after the COMMIT that holds it."""
        self._put((command, answer))
        self._ring()

    def report(self, command: Command) -> None:
        """Queue how something has ended, on a thread that has nothing more to do, and be the engine if nobody is.

        While other activities run, the engine's own thread does better: their ends meet in one transaction.
        """
        self._put((command, None))
        if self._dispatcher.has_others or not self._role.acquire(blocking=False):
            self._ring()
            return
        try:
            quiet = any(not self._step() for _ in range(_HELP))
        finally:
            self._role.release()
        if self._posted or not quiet or self._committer.next_timer != self._alarm:
            self._ring()

    def is_live(self, instance_id: str) -> bool:
        """Whether the instance is known, without a look at the disk, not to have ended; its waiters will be told."""
        return instance_id in self._committer.sessions

    @property
    def next_timer(self) -> datetime | None:
        """When the next durable timer fires, as of the last batch."""
        return self._committer.next_timer

    def _put(self, posted: Posted) -> None:
        self._clock.enter()
        with self._posting:
            self._posted.append(posted)
            if self._gone:
                self._refuse_all(self._gone)

    def _ring(self) -> None:
        if self._bell.empty():
            self._bell.put(None)

    def _run(self) -> None:
        with self._role, self._vital():
            self._committer.begin()
        while self._serve():
            self._wait()

    def _serve(self) -> bool:
        """Do all there is to do; False: the engine has come to its end."""
        with self._role:
            while self._step() and not self._stopping.is_set():
                pass
            if self._stopping.is_set() and not self._posted and not self._committer.has_rows and not self._gone:
                self._end("the durable engine has stopped")
            self._alarm = self._committer.next_timer
        return self._gone is None

    def _wait(self) -> None:
        """Until the bell rings or a timer fires; the virtual clock rings by itself."""
        seconds = None
        if self._alarm and not isinstance(self._clock, VirtualClock):
            seconds = min(max(0.0, (self._alarm - self._clock.now()).total_seconds()), _LONGEST_WAIT)
        if not self._stopping.is_set():
            with suppress(queue.Empty):
                self._bell.get(timeout=seconds)

    def _step(self) -> bool:
        """Do some of what there is to do, on the thread that has the role; False: nothing is left."""
        if self._gone:
            return False
        with self._vital():
            self._retry()
            more = self._committer.step(self._taken(), stopping=self._stopping.is_set())
            return more or bool(self._posted) or self._committer.has_failed

    @contextmanager
    def _vital(self) -> Iterator[None]:
        """An error that the engine cannot go on from is its end."""
        try:
            yield
        except BaseException as error:
            _log.critical("the engine has stopped; what is committed goes on when the host is started again")
            self._end(f"the durable engine has stopped: {error!r}; start the host again")
            raise

    def _taken(self) -> list[Posted]:
        return [self._posted.popleft() for _ in range(min(len(self._posted), _BATCH))]

    def _retry(self) -> None:
        """Each message alone, so that one that cannot be written does not hold up the others."""
        if self._committer.has_failed:
            self._stopping.wait(_RETRY_AFTER)
            for posted in self._committer.failed():
                self._committer.process([posted])

    def _end(self, why: str) -> None:
        """Nobody shall wait for an engine that is gone."""
        with self._posting:
            self._gone = EngineStopped(why)
            self._refuse_all(self._gone)
            self._waiters.refuse(self._gone)

    def _refuse_all(self, why: EngineStopped) -> None:
        while self._posted:
            self._waiters.answer([(self._posted.popleft()[1], why)])
