"""Rebuilding an execution from its history, with the check that user code asks for the same again (design 4.8)."""

from __future__ import annotations

from collections.abc import Iterable

from local.host.history import Event, Kind, NonDeterminism, compare, task_of
from local.host.model import OrchestratorFunction
from local.host.rows import Record
from local.host.sdk import Execution

_SCHEDULED = frozenset({Kind.TASK_SCHEDULED, Kind.SUB_ORCHESTRATION_CREATED, Kind.TIMER_CREATED, Kind.EVENT_SENT})


def replay(
    function: OrchestratorFunction, record: Record, chunks: Iterable[list[Event]], ordered_events: bool = True
) -> Execution:
    """The live execution of an instance that has had at least one turn.

    Raises:
        NonDeterminism: user code asks for other steps, in another order, or ends before its history does.
    """
    history = iter(chunks)
    first = _played(next(history))
    execution = Execution(function, record.id, record.parent_id, record.input, first[:2], ordered_events)
    _turn(execution, first, first[2:])
    for chunk in map(_played, history):
        _turn(execution, chunk, chunk)
    if execution.finished:
        raise NonDeterminism("non-deterministic orchestrator: the replay ends where the recorded run went on")
    return execution


def _played(chunk: list[Event]) -> list[Event]:
    return [{**item, "IsPlayed": True} for item in chunk]


def _turn(execution: Execution, chunk: list[Event], taken: list[Event]) -> None:
    _feed(execution, taken)
    compare(chunk, execution.steps())
    for item in chunk:
        if item["EventType"] == Kind.EVENT_SENT:
            execution.feed(item)


def _feed(execution: Execution, events: list[Event]) -> None:
    for item in events:
        if item["EventType"] in _SCHEDULED:
            continue  # these are what the replay is compared with
        if item["EventType"] != Kind.ORCHESTRATOR_STARTED and not execution.accepts(item):
            raise NonDeterminism(f"non-deterministic orchestrator: the replay does not wait for {_words(item)}")
        execution.feed(item)


def _words(item: Event) -> str:
    if item["EventType"] == Kind.EVENT_RAISED:
        return f"the event {item['Name']!r}, which the recorded run had taken"
    return f"step {task_of(item)}, which the recorded run had completed"
