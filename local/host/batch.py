"""One batch of the engine: commands in, one transaction out, and what may be handed on after its COMMIT."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from local.host.bus_store import UseBus
from local.host.commands import (
    CallAgain,
    Command,
    Control,
    Deliver,
    FinishOperations,
    FinishWork,
    Operate,
    Parent,
    Purge,
    PutOff,
    RaiseEvent,
    Restart,
    SetMonitor,
    Start,
    Wake,
)
from local.host.ending import execution_id, terminate
from local.host.entities import Answer, Outcome, answer_text, split_id
from local.host.history import Kind, event, task_order, to_text
from local.host.model import (
    FINISHED,
    EngineError,
    EngineSettings,
    Functions,
    InstanceExists,
    InstanceFinished,
    InstanceNotFound,
    UnknownEntity,
    UnknownOrchestrator,
)
from local.host.rows import Changes, Message, Operation, Record, Timer, Transaction, Work
from local.host.session import Session, Sessions
from local.host.store import Store
from local.host.traces import trace_of
from local.host.turn import Turns

_log = logging.getLogger(__name__)
_ROUNDS = 50  # an instance may answer itself for ever; the rest of the host gets a turn


class Batch:
    """Apply commands, run the turns they cause, then take `transaction` to the store.

    With `hold`, events only go into the inbox, and the ids of their instances into `held`.
    """

    def __init__(
        self, store: Store, sessions: Sessions, functions: Functions, settings: EngineSettings, now: datetime
    ) -> None:
        self.held: set[str] = set()
        self.leftover: list[str] = []  # instances that must be woken after the COMMIT
        self.touched: dict[str, Session] = {}
        self._store = store
        self._sessions = sessions
        self._functions = functions
        self._settings = settings
        self._turns = Turns(store, functions, settings, now)
        self._now = now
        self._transaction = Transaction(now)
        self._ready: dict[str, Session] = {}

    def apply(self, command: Command, hold: bool = False) -> Any:
        """Do what a command says up to, but without, the turns it causes. Raises EngineError when refused."""
        match command:
            case Start():
                return self._start(command)
            case FinishWork(work, message, sent):
                self._transaction.finished_work.append(work.seq)
                if sent:
                    self._transaction.bus.append(UseBus(lambda tables: tables.send(sent)))
                return self._deliver(work.instance_id, message, hold)
            case PutOff():
                self._put_off(command)
            case CallAgain(timer, activity):
                self._call_again(timer, activity)
            case Operate():
                self._operate(command)
            case FinishOperations(outcome):
                self._finish(outcome, hold)
            case Deliver(instance_id, message):
                return self._deliver(instance_id, message, hold)
            case RaiseEvent(instance_id, name, text):
                raised = Message(event(Kind.EVENT_RAISED, Name=name, Input=text))
                return self._put(self._live(instance_id), raised, hold)
            case Control():
                return self._control(command)
            case Restart():
                return self._restart(command)
            case Purge(instance_ids):
                return sum(map(self._purge, dict.fromkeys(instance_ids)))
            case Wake(instance_id):
                return self._wake(instance_id, hold)
            case SetMonitor(name, row):
                self._transaction.monitors[name] = row
            case UseBus():
                self._transaction.bus.append(command)
                return command

    def hand_on(self, instance_ids: Iterable[str]) -> None:
        """Give these a turn, in the order of their ids, with all they hold in the order of task ids."""
        for instance_id in sorted(instance_ids):
            session = self._find(instance_id)
            if session is not None:
                session.mailbox.sort(key=lambda message: task_order(message.event))
                self._ready[instance_id] = session

    def run(self) -> None:
        """Run turns until all is quiet, or for so many rounds; what is left is kept for the next batch."""
        for _ in range(_ROUNDS):
            if not self._ready:
                return
            ready, self._ready = self._ready, {}
            sent = [command for session in ready.values() for command in self._turns.run(session)]
            for command in sent:
                self._send(command)
        self.leftover = list(self._ready)

    def transaction(self, clock: str | None) -> Transaction:
        """What to write, with the virtual time if it has moved."""
        for session in self.touched.values():
            session.settle(self._store)
        self._transaction.instances = [(s.record, s.changes) for s in self.touched.values()]
        self._transaction.clock = clock
        return self._transaction

    def _send(self, command: Command) -> None:
        """A message from one instance to another: when it is refused, the call that sent it fails."""
        try:
            self.apply(command)
        except EngineError as refused:
            if isinstance(command, Start) and command.parent is not None:
                self._fail_call(command.parent, str(refused))
            elif isinstance(command, Operate):
                _log.warning("operation %r is not done: %s", command.name, refused)
                self._answer(Answer(self._operation(command), json.dumps(str(refused)), failed=True), hold=False)

    def _fail_call(self, parent: Parent, why: str) -> None:
        failed = event(Kind.SUB_ORCHESTRATION_FAILED, TaskScheduledId=parent.task, Reason=why, Details="")
        self._deliver(parent.id, Message(failed, parent.execution_id), hold=False)

    def _put_off(self, put_off: PutOff) -> None:
        work, later = put_off.work, put_off.later
        self._transaction.finished_work.append(work.seq)
        session = self._current(work.instance_id, work.execution_id)
        if session is not None:
            session.open_timer(work.task, to_text(self._now + later.after), work.name, later.input)

    def _call_again(self, timer: Timer, activity: str) -> None:
        session = self._current(timer.instance_id, timer.execution_id)
        if session is not None:
            seq, id_, execution_id = self._store.next_work(), timer.instance_id, timer.execution_id
            trace = trace_of(session.record)
            session.changes.work.append(Work(seq, id_, execution_id, timer.task, activity, timer.input, trace))
            session.close_timer(timer.task)

    def _current(self, instance_id: str, execution_id: str) -> Session | None:
        """The instance if it is still at this execution."""
        session = self._find(instance_id)
        if session is None or session.finished or session.record.execution_id != execution_id:
            return None
        return session

    def _operate(self, operate: Operate) -> None:
        name, _ = split_id(operate.entity_id)
        if name not in self._functions.entities:
            raise UnknownEntity(f"the function {name!r} doesn't exist, is disabled, or is not an entity function")
        self._transaction.operations.append(self._operation(operate))

    def _operation(self, operate: Operate) -> Operation:
        return Operation(
            self._store.next_operation(),
            operate.entity_id,
            operate.name,
            operate.input,
            operate.request_id,
            operate.caller,
        )

    def _finish(self, outcome: Outcome, hold: bool) -> None:
        """The entity's state, the answers and the end of its operations stand or fall together."""
        self._transaction.entities[outcome.entity_id] = (outcome.state, to_text(self._now))
        for answer in outcome.answers:
            self._transaction.finished_operations.append(answer.operation.seq)
            self._answer(answer, hold)

    def _answer(self, answer: Answer, hold: bool) -> None:
        operation, caller = answer.operation, answer.operation.caller
        if caller is not None:
            answered = event(Kind.EVENT_RAISED, caller.task, Name=operation.request_id, Input=answer_text(answer))
            self._deliver(caller.instance_id, Message(answered, caller.execution_id), hold)

    def _find(self, instance_id: str) -> Session | None:
        session = self.touched.get(instance_id)
        if session is None and instance_id not in self._transaction.purged:
            session = self._sessions.find(instance_id)
            if session is not None:
                self.touched[instance_id] = session
        return session

    def _live(self, instance_id: str) -> Session:
        session = self._find(instance_id)
        if session is None:
            raise InstanceNotFound(f"no instance has the id {instance_id!r}")
        if session.finished:
            raise InstanceFinished(f"the instance {instance_id!r} is {session.record.status}")
        return session

    def _start(self, start: Start) -> str:
        function = self._functions.orchestrators.get(start.name.lower())
        if function is None:
            raise UnknownOrchestrator(
                f"the function {start.name!r} doesn't exist, is disabled, or is not an orchestrator function"
            )
        old = None if start.is_first else self._find(start.instance_id)
        if old is not None and not old.finished:
            raise InstanceExists(f"an instance with the id {start.instance_id!r} is {old.record.status}")
        record = self._new_record(start, function.name, old.record.generation + 1 if old else 0)
        session = Session(record, changes=Changes(is_start=True))
        if old is not None:
            session.changes.forget |= {"history", "timers", "work", "inbox"}
            session.changes.timers_gone += old.changes.timers_gone
        self.touched[start.instance_id] = self._ready[start.instance_id] = session
        return start.instance_id

    def _new_record(self, start: Start, name: str, generation: int) -> Record:
        created, parent = to_text(self._now), start.parent
        return Record(
            id=start.instance_id,
            execution_id=execution_id(start.instance_id, created, generation),
            generation=generation,
            name=name,
            version=start.version,
            status="Pending",
            input=start.input,
            output=None,
            custom_status=None,
            failure=None,
            created=created,
            updated=created,
            parent_id=parent.id if parent else None,
            parent_execution=parent.execution_id if parent else None,
            parent_task=parent.task if parent else None,
            chunks=0,
            trace=start.trace,
        )

    def _wake(self, instance_id: str, hold: bool) -> None:
        session = self._find(instance_id)
        if session is not None:
            self._stir(session, hold and session.record.chunks > 0)

    def _deliver(self, instance_id: str, message: Message, hold: bool) -> None:
        session = self._find(instance_id)
        if session is not None and not session.finished:
            self._put(session, message, hold)

    def _put(self, session: Session, message: Message, hold: bool) -> None:
        # A copy, so that a batch which fails and is done again finds its messages unchanged.
        session.mailbox.append(Message(message.event, message.execution_id))
        self._stir(session, hold)

    def _stir(self, session: Session, hold: bool) -> None:
        if hold:
            self.held.add(session.record.id)
        else:
            self._ready[session.record.id] = session

    def _control(self, command: Control) -> None:
        session = self._live(command.instance_id)
        record, at = session.record, to_text(self._now)
        if command.action == "terminate":
            for answer in terminate(session, command.reason, at):
                self.apply(answer)
        elif command.action == "suspend" and record.status != "Suspended":
            record.status, record.failure, record.updated = "Suspended", command.reason, at
        elif command.action == "resume" and record.status == "Suspended":
            record.status, record.failure, record.updated = "Running" if record.chunks else "Pending", None, at
            self._ready[record.id] = session

    def _restart(self, command: Restart) -> str:
        session = self._find(command.instance_id)
        if session is None:
            raise InstanceNotFound(f"no instance has the id {command.instance_id!r}")
        record = session.record
        version = self._settings.default_version
        return self._start(Start(command.new_id, record.name, record.input, version, trace=record.trace))

    def _purge(self, instance_id: str) -> bool:
        session = self._find(instance_id)
        if session is None or session.record.status not in FINISHED:
            return False
        del self.touched[instance_id]
        self._ready.pop(instance_id, None)
        self._transaction.purged.append(instance_id)
        return True
