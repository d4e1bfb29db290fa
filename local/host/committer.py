"""What the engine does in a step: batch = transaction. Activities, timers, answers and jumps of the clock follow it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import Any

from local.host import telemetry
from local.host.batch import Batch
from local.host.bus_store import UseBus
from local.host.clock import Clock, VirtualClock
from local.host.commands import CallAgain, Command, Deliver, SetMonitor, Wake
from local.host.deadlines import Deadlines
from local.host.dispatcher import Dispatcher
from local.host.entities import Entities
from local.host.history import Kind, event, to_text
from local.host.model import EngineError, EngineSettings, Functions
from local.host.rows import Message, Timer, Transaction, Work
from local.host.session import Sessions
from local.host.store import Store
from local.host.waiters import Waiters

_log = logging.getLogger(__name__)
_LIVE_SESSIONS = 10_000  # about 9 KiB each

Posted = tuple[Command, "asyncio.Future[Any] | None"]


class Committer:
    """Owns the writing connection and all that must agree with it; used by one thread at a time.

    `next_timer` is when the next durable timer fires, as of the last batch.
    """

    def __init__(
        self,
        store: Store,
        functions: Functions,
        settings: EngineSettings,
        clock: Clock,
        dispatcher: Dispatcher,
        entities: Entities,
        waiters: Waiters,
        post: Callable[[Command], None],
    ) -> None:
        self.sessions = Sessions(store, _LIVE_SESSIONS if settings.sticky else 0)
        self._deadlines = Deadlines(store.timers())
        self.next_timer = self._deadlines.next()
        self._store = store
        self._functions = functions
        self._settings = settings
        self._clock = clock
        self._is_virtual = isinstance(clock, VirtualClock)
        self._dispatcher = dispatcher
        self._entities = entities
        self._waiters = waiters
        self._post = post
        self._failed: list[Posted] = []
        self.has_failed = False  # a transaction that nobody else will ask for again
        self._held: set[str] = set()  # virtual clock: instances whose events wait for the activities to end
        self._stored_time = store.clock()
        self._rows: list[Posted] = []  # virtual clock: rows of timer triggers that the next jump's COMMIT takes along
        self._busy = False

    def begin(self) -> None:
        """Run the activities and operations that an earlier host left."""
        self._dispatcher.dispatch([])
        self._entities.dispatch()
        self._hold_clock()

    def step(self, posted: list[Posted], stopping: bool) -> bool:
        """Do what is posted and what is due; whether that can have led to more.

        On the virtual clock time stands still while there is something to do, and events wait (see `_hand_on`).
        """
        if not self._is_virtual:
            posted += self._due_timers()
        elif stopping:
            posted = self._rows_too(posted)
        elif self._jump_is_near(posted):
            self._set_aside(posted)
            posted = []
        if posted:
            self.process(posted)
        return self._is_virtual and (bool(posted) or self._hand_on() or (not stopping and self._jump()))

    def process(self, posted: Sequence[Posted], hand_on: bool = False) -> None:
        """One transaction."""
        batch = Batch(self._store, self.sessions, self._functions, self._settings, self._clock.now())
        posted = self._rows_too(posted)
        try:
            answers = [(answer, _apply(batch, command, self._is_virtual)) for command, answer in posted]
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
            self._waiters.answer([(answer, _result(value)) for answer, value in answers])
        self._clock.leave(len(posted))

    @property
    def has_rows(self) -> bool:
        """Whether a COMMIT is still owed to rows that wait for a jump."""
        return bool(self._rows)

    def _jump_is_near(self, posted: Sequence[Posted]) -> bool:
        """Nothing is posted but rows of timer triggers that have fired on the way to a later time."""
        if not posted or not all(isinstance(command, SetMonitor) for command, _ in posted):
            return False
        return isinstance(self._clock, VirtualClock) and self._clock.goes_on(self._deadlines.next())

    def _set_aside(self, rows: Sequence[Posted]) -> None:
        """For the COMMIT of that jump: one in place of two. To be killed before it is to be killed before the row was
        written: time has not moved either, and the trigger fires again."""
        self._rows += [(command, None) for command, _ in rows]
        self._waiters.answer([(answer, None) for _, answer in rows])
        self._clock.leave(len(rows))

    def _rows_too(self, posted: Sequence[Posted]) -> list[Posted]:
        """These, and before them what was set aside."""
        rows, self._rows = self._rows, []
        self._clock.enter(len(rows))
        return [*rows, *posted]

    def failed(self) -> list[Posted]:
        """What is to be tried again after a transaction that failed."""
        failed, self._failed, self.has_failed = self._failed, [], False
        return failed

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
        self.process(posted, hand_on=True)
        return True

    def _jump(self) -> bool:
        """Let time go on; it counts, and whoever waits for it is told, once it is stored."""
        if not isinstance(self._clock, VirtualClock):
            return False
        return self._clock.jump(self._deadlines.next()) and self._hand_on()

    def _note_ends(self, transaction: Transaction) -> None:
        self._dispatcher.ended(len(transaction.finished_work))
        for entity_id in transaction.entities:
            self._entities.ended(entity_id)

    def _moved_time(self) -> str | None:
        if not self._is_virtual:
            return None
        now = to_text(self._clock.now())
        return now if now != self._stored_time else None

    def _give_up(self, batch: Batch, posted: Sequence[Posted], error: Exception, hand_on: bool) -> None:
        """Nothing was written: memory must not be ahead of the disk. What nobody waits for is tried again."""
        _log.error("a transaction failed; its %d messages are not lost", len(posted), exc_info=error)
        for instance_id in batch.touched:
            self.sessions.drop(instance_id)
        self._failed += [item for item in posted if item[1] is None]
        self.has_failed = hand_on or bool(self._failed)
        refused = [(answer, error) for _, answer in posted if answer is not None]
        self._waiters.answer(refused)
        self._clock.leave(len(refused))

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
            self.sessions.keep(session)
        self.next_timer = self._deadlines.next()
        self._dispatcher.dispatch(sorted(new))
        self._waiters.tell(ended)
        telemetry.ended(ended)
        self._entities.dispatch(operation.entity_id for operation in transaction.operations)
        for instance_id in batch.leftover:
            self._post(Wake(instance_id))
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
