"""The engine's thread: batch = transaction. Activities, timers, answers and jumps of the clock follow the COMMIT."""

from __future__ import annotations

import asyncio
import logging
import queue
import threading
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from local.host.activities import ActivityPool
from local.host.batch import Batch
from local.host.bus_store import UseBus
from local.host.clock import Clock, VirtualClock
from local.host.commands import CallAgain, Command, Deliver, FinishOperations, Wake
from local.host.deadlines import Deadlines
from local.host.dispatcher import Dispatcher
from local.host.entities import Entities, Outcome
from local.host.history import Kind, event, to_text
from local.host.model import EngineError, EngineSettings, EngineStopped, Functions
from local.host.rows import Message, Timer, Transaction, Work
from local.host.session import Sessions
from local.host.store import Store
from local.host.waiters import Waiters

_log = logging.getLogger(__name__)
_BATCH = 1000  # commands; bounds how long an answer waits for its COMMIT
_LIVE_SESSIONS = 10_000  # about 9 KiB each
_LONGEST_WAIT = 1.0  # seconds; the machine's clock may be set, or sleep
_RETRY_AFTER = 0.5  # seconds after a transaction that failed, such as on a full disk

Answer = tuple["asyncio.Future[Any] | None", Any]
Posted = tuple[Command, "asyncio.Future[Any] | None"]


class Worker:
    """Owns the writing connection. `post` may be called from any thread; futures belong to the loop."""

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
        self._functions = functions
        self._settings = settings
        self._clock = clock
        self._loop = loop
        self._waiters = waiters
        self._queue: queue.SimpleQueue[Posted | None] = queue.SimpleQueue()
        self._stopping = threading.Event()
        self._sessions = Sessions(store, _LIVE_SESSIONS if settings.sticky else 0)
        self._deadlines = Deadlines(store.timers())
        self._pool = ActivityPool(functions, settings, loop, self.post)
        self._dispatcher = Dispatcher(store, self._pool)
        self._entities = Entities(store, functions, settings, self._report)
        self._failed: list[Posted] = []
        self._again = False  # whether a transaction failed that nobody else will ask for again
        self._held: set[str] = set()  # virtual clock: instances whose events wait for the activities to end
        self._stored_time = store.clock()
        self._next_timer = self._deadlines.next()
        self._busy = False
        self._posting = threading.Lock()
        self._gone: EngineStopped | None = None
        self._thread = threading.Thread(target=self._run, name="durable-engine", daemon=True)

    def start(self) -> None:
        """Take up what an earlier host left."""
        if isinstance(self._clock, VirtualClock):
            self._clock.wake = lambda: self._queue.put(None)
        for instance_id in self._store.unfinished_business():
            self.post(Wake(instance_id))
        self._thread.start()

    async def stop(self, grace: float) -> None:
        """Let running activities end, commit what has come, end the thread."""
        await asyncio.gather(self._pool.close(grace), self._entities.close(grace))
        self._stopping.set()
        self._queue.put(None)
        await asyncio.to_thread(self._thread.join)

    def post(self, command: Command, answer: asyncio.Future[Any] | None = None) -> None:
        """Queue a command; `answer` is resolved after the COMMIT that holds it."""
        self._clock.enter()
        with self._posting:
            self._queue.put((command, answer))
            if self._gone:
                self._refuse_all(self._gone)

    def is_live(self, instance_id: str) -> bool:
        """Whether the instance is known, without a look at the disk, not to have ended; its waiters will be told."""
        return instance_id in self._sessions

    @property
    def next_timer(self) -> datetime | None:
        """When the next durable timer fires, as of the last batch."""
        return self._next_timer

    def _report(self, outcome: Outcome) -> None:
        self.post(FinishOperations(outcome))

    def _run(self) -> None:
        try:
            self._serve()
        except BaseException as error:
            _log.critical("the engine has stopped; what is committed goes on when the host is started again")
            self._end(f"the durable engine has stopped: {error!r}; start the host again")
            raise
        self._end("the durable engine has stopped")

    def _end(self, why: str) -> None:
        """Nobody shall wait for an engine that is gone."""
        with self._posting:
            self._gone = EngineStopped(why)
            self._refuse_all(self._gone)
            self._waiters.refuse(self._gone)

    def _refuse_all(self, why: EngineStopped) -> None:
        while not self._queue.empty():
            item = self._queue.get()
            self._answer([(item[1], why)] if item else [])

    def _serve(self) -> None:
        step = self._virtual_step if isinstance(self._clock, VirtualClock) else self._real_step
        self._dispatcher.dispatch([])
        self._entities.dispatch()
        self._hold_clock()
        while not self._stopping.is_set() or not self._queue.empty():
            self._retry()
            step()

    def _real_step(self) -> None:
        posted = self._take(self._until_next_timer())
        posted += self._due_timers()
        if posted:
            self._process(posted)

    def _virtual_step(self) -> None:
        """Time stands still while there is something to do; events wait until no activity runs (see `_hand_on`)."""
        posted = self._take(0)
        if not posted and not self._hand_on() and not self._jump():
            posted = self._take(None)
        if posted:
            self._process(posted, hold=True)

    def _take(self, timeout: float | None) -> list[Posted]:
        """What is in the queue, after waiting for the first if nothing else is to do; None in the queue only wakes."""
        block = timeout != 0 and not self._stopping.is_set() and not self._failed
        taken: list[Posted | None] = []
        with suppress(queue.Empty):
            taken.append(self._queue.get(block, timeout or None))
            while len(taken) < _BATCH:
                taken.append(self._queue.get_nowait())
        return [item for item in taken if item is not None]

    def _until_next_timer(self) -> float | None:
        due = self._deadlines.next()
        if due is None:
            return None
        return min(max(0.0, (due - self._clock.now()).total_seconds()), _LONGEST_WAIT)

    def _due_timers(self) -> list[Posted]:
        due = self._deadlines.due(self._clock.now())
        self._clock.enter(len(due))
        return [(_fired(timer), None) for timer in due]

    def _hand_on(self) -> bool:
        """When no activity and no entity is left to run, hand on all events, in the order of (instance id, task id).

        How long they really took then has no influence on any history. Time that has moved is stored, too.
        """
        if self._working:
            return False
        posted = self._due_timers()
        if not posted and not self._held and self._moved_time() is None:
            return False
        self._process(posted, hold=True, hand_on=True)
        return True

    def _jump(self) -> bool:
        """Let time go on; it counts, and whoever waits for it is told, once it is stored."""
        if not isinstance(self._clock, VirtualClock) or self._stopping.is_set():
            return False
        return self._clock.jump(self._deadlines.next()) and self._hand_on()

    def _process(self, posted: Sequence[Posted], hold: bool = False, hand_on: bool = False) -> None:
        """One transaction."""
        batch = Batch(self._store, self._sessions, self._functions, self._settings, self._clock.now())
        try:
            answers = [(answer, _apply(batch, command, hold)) for command, answer in posted]
            if hand_on:
                batch.hand_on(self._held | batch.held)
            batch.run()
            transaction = batch.transaction(self._moved_time())
            self._store.write(transaction)
        except Exception as error:
            self._give_up(batch, posted, error, hand_on)
            return
        self._held = set() if hand_on else self._held | batch.held
        self._note_ends(transaction)
        try:
            self._committed(batch, transaction)
        finally:
            self._answer([(answer, _result(value)) for answer, value in answers])
        self._clock.leave(len(posted))

    def _note_ends(self, transaction: Transaction) -> None:
        self._dispatcher.ended(len(transaction.finished_work))
        for entity_id in transaction.entities:
            self._entities.ended(entity_id)

    def _moved_time(self) -> str | None:
        if not isinstance(self._clock, VirtualClock):
            return None
        now = to_text(self._clock.now())
        return now if now != self._stored_time else None

    def _give_up(self, batch: Batch, posted: Sequence[Posted], error: Exception, hand_on: bool) -> None:
        """Nothing was written: memory must not be ahead of the disk. What nobody waits for is tried again."""
        _log.error("a transaction failed; its %d messages are not lost", len(posted), exc_info=error)
        for instance_id in batch.touched:
            self._sessions.drop(instance_id)
        self._failed += [item for item in posted if item[1] is None]
        self._again = hand_on or bool(self._failed)
        refused = [(answer, error) for _, answer in posted if answer is not None]
        self._answer(refused)
        self._clock.leave(len(refused))

    def _retry(self) -> None:
        """Each message alone, so that one that cannot be written does not hold up the others."""
        if self._again:
            self._again = False
            self._stopping.wait(_RETRY_AFTER)
            failed, self._failed = self._failed, []
            for item in failed:
                self._process([item], hold=isinstance(self._clock, VirtualClock))

    def _committed(self, batch: Batch, transaction: Transaction) -> None:
        """Hand on what the COMMIT holds; the time first, because activities read it."""
        if transaction.clock is not None:
            self._show_time(transaction.clock)
        new: list[Work] = []
        ended = [session.record for session in batch.touched.values() if session.finished]
        for session in batch.touched.values():
            new += session.changes.work
            for task in session.changes.timers_gone:
                self._deadlines.discard(session.record.id, task)
            for timer in session.changes.timers.values():
                self._deadlines.add(timer)
            self._sessions.keep(session)
        self._next_timer = self._deadlines.next()
        self._dispatcher.dispatch(sorted(new))
        self._waiters.tell(ended)
        self._entities.dispatch(operation.entity_id for operation in transaction.operations)
        for instance_id in batch.leftover:
            self.post(Wake(instance_id))
        self._hold_clock()

    @property
    def _working(self) -> bool:
        """Whether an activity or an entity runs or waits to run."""
        return not (self._dispatcher.idle and self._entities.idle)

    def _hold_clock(self) -> None:
        busy = bool(self._held) or self._working
        if busy and not self._busy:
            self._clock.enter()
        elif self._busy and not busy:
            self._clock.leave()
        self._busy = busy

    def _show_time(self, stored: str) -> None:
        self._stored_time = stored
        if isinstance(self._clock, VirtualClock):
            self._clock.publish()
            self._clock.tell()

    def _answer(self, answers: Iterable[Answer]) -> None:
        waited = [(future, value) for future, value in answers if future is not None]
        if waited:
            self._loop.call_soon_threadsafe(_resolve, waited)


def _apply(batch: Batch, command: Command, hold: bool) -> Any:
    try:
        return batch.apply(command, hold)
    except EngineError as refused:
        return refused


def _result(value: Any) -> Any:
    """What a change of the bus came to is known only after the COMMIT."""
    return value.result if isinstance(value, UseBus) else value


def _fired(timer: Timer) -> Deliver | CallAgain:
    if timer.activity is not None:
        return CallAgain(timer, timer.activity)
    fired = event(Kind.TIMER_FIRED, TimerId=timer.task, FireAt=timer.fire_at)
    return Deliver(timer.instance_id, Message(fired, timer.execution_id))


def _resolve(answers: Sequence[tuple[asyncio.Future[Any], Any]]) -> None:
    for future, value in answers:
        if future.done():  # whoever asked has gone
            continue
        if isinstance(value, Exception):
            future.set_exception(value)
        else:
            future.set_result(value)
