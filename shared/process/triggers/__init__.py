"""What starts runs by itself, for the newest version of each process of a workspace."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from shared.domain.command import StartProcess
from shared.domain.event import Event
from shared.domain.faults import FieldError, Rejected
from shared.domain.names import Kind
from shared.domain.process import Process
from shared.domain.run import Run
from shared.domain.scope import Scope
from shared.domain.trigger import Fired
from shared.ports import Ports
from shared.process.books import plan_of
from shared.process.steps.agent import AGENT_STEP
from shared.process.store import read
from shared.process.triggers.arrivals import look
from shared.process.triggers.books import Cause, begin, causes_of, fire, run_id, stands, triggered
from shared.process.triggers.times import next_time, on_time


class Standing(Fired):
    """A trigger as its process shows it: what it is, when it is due (cron), what came of it."""

    kind: str
    cause: str
    due: datetime | None = None


def act(ports: Ports, scope: Scope) -> dict[str, Exception]:
    """Start what is due: by the clock, and by files that have come. Whoever is killed in between does it again, and
    starts nothing twice. What fails in one trigger keeps no other waiting. Returns the faults, by
    trigger."""
    failed: dict[str, Exception] = {}
    for cause in triggered(ports, scope):
        try:
            _act(ports, scope, cause)
        except Exception as fault:  # whatever a store or a folder says
            failed[cause.id] = fault
    return failed


def _act(ports: Ports, scope: Scope, cause: Cause) -> None:
    if cause.trigger.cron is not None:
        on_time(ports, scope, cause)
    elif cause.trigger.file is not None:
        look(ports, scope, cause, cause.trigger.file)


def listener(ports: Ports, scope: Scope) -> Callable[[Event], None]:
    """Told of an event, it starts the runs of the triggers that wait for it; those of processes that were there. What
    a step of a process had an agent do starts nothing, so that no process starts itself for ever."""
    causes: list[Cause] | None = None

    def hear(event: Event) -> None:
        nonlocal causes
        if event.data.get("trigger") == "event":
            return  # a run that an event began starts no other: two processes would start each other for ever
        if causes is None:
            causes = [cause for cause in triggered(ports, scope) if cause.trigger.event is not None]
        told = {**event.data, "id": event.id, "type": event.type, "at": event.at.isoformat()}
        for cause in causes:
            oldest = cause.process.versions[-1].at
            if cause.trigger.event != event.type or oldest is None or oldest > event.at:
                continue
            if not _is_own(ports, scope, event):
                fire(ports, scope, cause, run_id(scope, cause, event.id), told)

    return hear


def _is_own(ports: Ports, scope: Scope, event: Event) -> bool:
    task = ports.documents.get(scope, Kind.TASK, str(event.data["task"])) if "task" in event.data else None
    return task is not None and task.body["created_by"] == AGENT_STEP


def command(ports: Ports, scope: Scope, id: str, asked: StartProcess) -> Run:
    """The run that a command of the bus asks for, if the process waits for its subject. What `with` of the trigger says
    nobody else may say. Raises Missing, Rejected, Conflict."""
    process, _ = read(ports, scope, asked.process)
    if process.origin == "catalog":
        raise Rejected(FieldError("process", "comes with Baton; put it into the workspace, with a trigger, first"))
    for cause in causes_of(process, plan_of(ports, scope, process.name, process.digest)):
        if cause.trigger.bus == asked.subject:
            if both := sorted(set(cause.trigger.given) & set(asked.inputs)):
                raise Rejected(*(FieldError(f"inputs.{name}", "is said by the trigger itself") for name in both))
            return begin(ports, scope, cause, id, {"subject": asked.subject}, asked.inputs, "bus")
    raise Rejected(FieldError("subject", f"{asked.process} has no trigger `bus: {asked.subject}`"))


def next_due(ports: Ports, scope: Scope) -> datetime | None:
    """When there is something to look for; folders are looked at whenever that can be."""
    due = []
    for cause in triggered(ports, scope):
        if cause.trigger.file is not None:
            return ports.clock.now()
        if cause.trigger.cron is not None:
            due.append(next_time(ports, cause))
    return min((each for each in due if each), default=None)


def standing(ports: Ports, scope: Scope, process: Process) -> list[Standing]:
    """The triggers of a process as they stand."""
    if not process.triggers or process.origin == "catalog":
        return []
    return [
        _shown(ports, scope, each) for each in causes_of(process, plan_of(ports, scope, process.name, process.digest))
    ]


def _shown(ports: Ports, scope: Scope, cause: Cause) -> Standing:
    state, trigger = stands(ports, scope, cause), cause.trigger
    said = f"{trigger.file.folder}: {trigger.file.glob}" if trigger.file else str(getattr(trigger, trigger.kind))
    due = next_time(ports, cause) if trigger.cron else None
    return Standing(kind=trigger.kind, cause=said, due=due, at=state.at, run=state.run, refused=state.refused)


__all__ = ["Standing", "act", "command", "listener", "next_due", "standing"]
