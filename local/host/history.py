"""History: the events of an execution as the SDK reads them, and the comparison of a replay with what was recorded.

A history is a list of chunks, one for each turn: OrchestratorStarted, (ExecutionStarted,) what came in, then what the
turn asked for. Events are dicts with the property names of the Durable Task framework.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from enum import IntEnum
from itertools import zip_longest
from typing import Any

from local.host.steps import Activity, EntityOperation, Step, SubOrchestration, Timer

Event = dict[str, Any]


class Kind(IntEnum):
    """The event types that this host writes."""

    EXECUTION_STARTED = 0
    EXECUTION_COMPLETED = 1
    EXECUTION_TERMINATED = 3
    TASK_SCHEDULED = 4
    TASK_COMPLETED = 5
    TASK_FAILED = 6
    SUB_ORCHESTRATION_CREATED = 7
    SUB_ORCHESTRATION_COMPLETED = 8
    SUB_ORCHESTRATION_FAILED = 9
    TIMER_CREATED = 10
    TIMER_FIRED = 11
    ORCHESTRATOR_STARTED = 12
    EVENT_SENT = 14
    EVENT_RAISED = 15


_STEP_KINDS = {
    Kind.TASK_SCHEDULED: "activity",
    Kind.SUB_ORCHESTRATION_CREATED: "sub-orchestration",
    Kind.TIMER_CREATED: "timer",
    Kind.EVENT_SENT: "entity operation",
}


class NonDeterminism(Exception):
    """A replay asks for something else than what was recorded; the message names the step."""


def to_text(time: datetime) -> str:
    """ISO 8601 in UTC with microseconds, as the SDK wants it; texts sort like the times."""
    return time.astimezone(UTC).isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


def event(kind: Kind, event_id: int = -1, **properties: Any) -> Event:
    """An event without a time; its turn stamps it."""
    return {"EventType": int(kind), "EventId": event_id, **properties}


def stamp(item: Event, time: str) -> Event:
    """A copy of the event with the time of its turn, as not yet replayed."""
    return {**item, "IsPlayed": False, "Timestamp": time}


def stamped(events: Sequence[Event], time: str) -> list[Event]:
    """Copies of the events with the time of their turn."""
    return [stamp(item, time) for item in events]


def beginning(name: str, version: str | None, input_text: str | None) -> list[Event]:
    """The first two events of an execution."""
    started = event(Kind.EXECUTION_STARTED, Name=name, Version=version, Input=input_text)
    return [event(Kind.ORCHESTRATOR_STARTED), started]


def task_of(item: Event) -> int | None:
    """The id of the task that an event completes; None for an external event."""
    if item["EventType"] == Kind.EVENT_RAISED:
        return item["EventId"] if item["EventId"] >= 0 else None  # the answer of an entity has the id of its call
    task: int | None = item.get("TaskScheduledId", item.get("TimerId"))
    return task


def task_order(item: Event) -> tuple[bool, int]:
    """Sorts what completes a task by its id, before external events."""
    task = task_of(item)
    return task is None, task or 0


def sent_event(step: EntityOperation, request_id: str) -> Event:
    """The event that records an operation; by it the SDK learns the name under which the answer comes."""
    message = {"op": step.name, "signal": step.is_signal, "input": step.input, "id": request_id}
    return event(Kind.EVENT_SENT, step.id, Name="op", InstanceId=step.entity_id, Input=json.dumps(message))


def scheduled(
    step: Activity | SubOrchestration | Timer, child_id: str | None = None, fire_at: str | None = None
) -> Event:
    """The event that records a step; a sub-orchestration comes with its child's id, a timer with its time."""
    if isinstance(step, Activity):
        return event(Kind.TASK_SCHEDULED, step.id, Name=step.name, Input=step.input)
    if isinstance(step, SubOrchestration):
        return event(Kind.SUB_ORCHESTRATION_CREATED, step.id, Name=step.name, InstanceId=child_id, Input=step.input)
    return event(Kind.TIMER_CREATED, step.id, FireAt=fire_at)


def compare(chunk: Sequence[Event], steps: Sequence[Step]) -> None:
    """Check that a replayed turn asked for what the chunk records: (id, kind, name), in order.

    Raises:
        NonDeterminism: at the first step that differs.
    """
    recorded = [_recorded(item) for item in chunk if item["EventType"] in _STEP_KINDS]
    for before, now in zip_longest(recorded, map(_asked, steps)):
        if before != now:
            raise NonDeterminism(
                f"non-deterministic orchestrator: history records {_words(before)}, the replay asks for {_words(now)}"
            )


Identity = tuple[int, str, str]


def _recorded(item: Event) -> Identity:
    if item["EventType"] == Kind.EVENT_SENT:
        return item["EventId"], "entity operation", f"{item['InstanceId']} {json.loads(item['Input'])['op']}"
    return item["EventId"], _STEP_KINDS[item["EventType"]], item.get("Name") or ""


def _asked(step: Step) -> Identity:
    if isinstance(step, Activity):
        return step.id, "activity", step.name
    if isinstance(step, SubOrchestration):
        return step.id, "sub-orchestration", step.name
    if isinstance(step, EntityOperation):
        return step.id, "entity operation", f"{step.entity_id} {step.name}"
    return step.id, "timer", ""


def _words(identity: Identity | None) -> str:
    if identity is None:
        return "nothing more in this turn"
    id_, kind, name = identity
    return f"step {id_}, {kind} {name!r}" if name else f"step {id_}, a {kind}"
