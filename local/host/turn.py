"""One turn of one instance: hand over what it can take, run user code, record what it asks for."""

from __future__ import annotations

import logging
import time
from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from local.host.commands import Command, Operate, Parent, Start
from local.host.ending import end, park, save
from local.host.history import (
    Event,
    Kind,
    NonDeterminism,
    beginning,
    event,
    scheduled,
    sent_event,
    stamp,
    stamped,
    task_of,
    to_text,
)
from local.host.model import EngineSettings, Functions, OrchestratorFunction
from local.host.replay import replay
from local.host.rows import Caller, Message, Work
from local.host.sdk import Execution
from local.host.session import Session
from local.host.steps import Activity, EntityOperation, Outcome, SubOrchestration
from local.host.store import Store
from local.host.traces import trace_of
from local.host.versions import matches

_log = logging.getLogger(__name__)
_SLOW_TURN = 1.0  # seconds; every other instance waits for a turn


class Turns:
    """Runs turns. What a turn changes is left in the session; what other instances must hear is returned."""

    def __init__(self, store: Store, functions: Functions, settings: EngineSettings, now: datetime) -> None:
        self._store = store
        self._functions = functions
        self._settings = settings
        self._now = to_text(now)

    def run(self, session: Session) -> list[Command]:
        """Run a turn if the instance may run and has something to take; a replay that differs parks it."""
        record = session.record
        if record.status not in ("Pending", "Running"):
            return []
        if not matches(record.version, self._settings):
            return self._refuse_version(session)
        function = self._functions.orchestrators.get(record.name.lower())
        if function is None:
            return park(session, f"the app has no orchestrator function named {record.name!r}", self._now)
        began = time.perf_counter()
        try:
            sent = self._turn(session, function)
        except NonDeterminism as error:
            return park(session, str(error), self._now)
        if (took := time.perf_counter() - began) > _SLOW_TURN:
            _log.warning("a turn of %s (%s) took %.1f s; the host stood still", record.id, record.name, took)
        return sent

    def _refuse_version(self, session: Session) -> list[Command]:
        if self._settings.version_failure == "Reject":
            return []  # its messages wait in the inbox for a host that may run it
        own, rule = self._settings.default_version, self._settings.version_match
        error = f"its version {session.record.version!r} does not match this host's {own!r} ({rule})"
        return end(session, Outcome("Failed", error=error), [], self._now)

    def _turn(self, session: Session, function: OrchestratorFunction) -> list[Command]:
        at = _turn_time(session, self._now)
        chunk: list[Event] = []
        if session.record.chunks == 0:
            chunk = self._begin(session, function, at)
        elif session.execution is None:
            self._rebuild(session, function)
        execution = session.execution
        assert execution is not None  # both branches set it
        _feed(session, execution, chunk, at)
        if not chunk:
            return []
        sent = self._take_steps(session, execution, chunk, at)
        record = session.record
        record.status, record.updated, session.time = "Running", at, at
        record.custom_status = execution.custom_status() or record.custom_status
        if execution.finished:
            return sent + end(session, execution.outcome(), chunk, at)
        save(session, chunk)
        return sent

    def _begin(self, session: Session, function: OrchestratorFunction, at: str) -> list[Event]:
        record, ordered = session.record, self._settings.ordered_events
        events = stamped(beginning(record.name, record.version, record.input), at)
        session.execution = Execution(function, record.id, record.parent_id, record.input, events, ordered)
        return events

    def _rebuild(self, session: Session, function: OrchestratorFunction) -> None:
        chunks = list(self._store.chunks(session.record.id))
        session.execution = replay(function, session.record, chunks, self._settings.ordered_events)
        session.time = chunks[-1][0]["Timestamp"]

    def _take_steps(self, session: Session, execution: Execution, chunk: list[Event], at: str) -> list[Command]:
        """Turn what user code asked for into rows, events of history, and starts of other instances."""
        sent: list[Command] = []
        for step in execution.steps():
            if isinstance(step, Activity):
                asked = scheduled(step)
                session.changes.work.append(self._work(session, step))
            elif isinstance(step, SubOrchestration):
                start = self._child(session, step)
                asked = scheduled(step, child_id=start.instance_id)
                sent.append(start)
            elif isinstance(step, EntityOperation):
                operate = _operate(session, step)
                asked = sent_event(step, operate.request_id)
                execution.feed(stamp(asked, at))
                sent.append(operate)
            else:
                fire_at = to_text(step.at or datetime.fromisoformat(at) + step.delay)
                asked = scheduled(step, fire_at=fire_at)
                session.open_timer(step.id, fire_at)
            chunk.append(stamp(asked, at))
        if session.timers:
            for id_ in execution.cancelled(session.timers):
                session.close_timer(id_)
        return sent

    def _work(self, session: Session, step: Activity) -> Work:
        record = session.record
        seq = self._store.next_work()
        return Work(seq, record.id, record.execution_id, step.id, step.name, step.input, trace_of(record))

    def _child(self, session: Session, step: SubOrchestration) -> Start:
        record = session.record
        child_id = step.instance_id or f"{record.execution_id}:{step.id}"
        version = step.version or self._settings.default_version
        parent = Parent(record.id, record.execution_id, step.id)
        return Start(child_id, step.name, step.input, version, parent, trace=trace_of(record))


def _operate(session: Session, step: EntityOperation) -> Operate:
    record = session.record
    # The same for the same call, so that histories can be repeated.
    request_id = str(uuid5(NAMESPACE_URL, f"{record.execution_id}|{step.id}"))
    caller = None if step.is_signal else Caller(record.id, record.execution_id, step.id)
    return Operate(step.entity_id, step.name, step.input, request_id, caller)


def _turn_time(session: Session, now: str) -> str:
    """Never before the turn before, nor before a timer that fires in it."""
    at = max(now, session.time)
    for message in session.mailbox:
        if message.event["EventType"] == Kind.TIMER_FIRED:
            at = max(at, message.event["FireAt"])
    return at


def _feed(session: Session, execution: Execution, chunk: list[Event], at: str) -> None:
    """Hand over, in order, what the execution can take, and add it to the turn's chunk; the rest stays."""
    progress = True
    while progress and session.mailbox and not execution.finished:
        progress = False
        mailbox, session.mailbox = session.mailbox, []
        passed_over: set[str] = set()  # an event may not overtake an earlier one of its name
        for message in mailbox:
            name = message.event.get("Name")
            if execution.finished or name in passed_over:
                session.mailbox.append(message)
            elif _is_for(session, message) and execution.accepts(message.event):
                _hand_over(session, execution, message, chunk, at)
                progress = True
            elif task_of(message.event) is None:
                passed_over.add(message.event["Name"])
                session.mailbox.append(message)
            else:
                _forget(session, message)  # of an earlier execution, or answered already


def _is_for(session: Session, message: Message) -> bool:
    return message.execution_id in (None, session.record.execution_id)


def _hand_over(session: Session, execution: Execution, message: Message, chunk: list[Event], at: str) -> None:
    if not chunk:
        chunk.append(stamp(event(Kind.ORCHESTRATOR_STARTED), at))
        execution.feed(chunk[0])
    taken = stamp(message.event, at)
    execution.feed(taken)
    chunk.append(taken)
    _forget(session, message)
    if taken["EventType"] == Kind.TIMER_FIRED:
        session.close_timer(taken["TimerId"])


def _forget(session: Session, message: Message) -> None:
    if message.seq is not None:
        session.changes.mail_gone.append(message.seq)
