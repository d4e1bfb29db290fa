"""The start-up test of the SDK: the engine reads task ids from private parts of it, so another SDK must be refused."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable, Generator, Sequence
from datetime import datetime, timedelta
from functools import cache
from importlib.metadata import version
from typing import Any, NamedTuple

from azure.durable_functions import EntityId, RetryOptions

from local.host.history import Event, Kind, beginning, event, sent_event, stamped
from local.host.model import OrchestratorFunction, UnknownSdk
from local.host.sdk import Execution
from local.host.steps import HTTP_ACTIVITY, Activity, EntityOperation, Outcome, Step, SubOrchestration, Timer

_TIME = "2026-01-01T00:00:00.000000Z"
_RETRY = RetryOptions(60, 2)
_PAUSE = timedelta(milliseconds=60)


Flow = Generator[Any, Any, Any]


@cache
def check_sdk() -> None:
    """Run small orchestrators through the SDK. UnknownSdk: it numbers tasks, or ends executions, in another way."""
    for case in _CASES:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # the SDK gives its advice on typing at the first use in a process
                found = _run(case)
        except Exception as error:  # any failure here means the same: not the SDK this host was written for
            raise _unknown(case, repr(error)) from error
        if found != case.expected:
            raise _unknown(case, f"{found}, expected {case.expected}")


class _Case(NamedTuple):
    """An orchestrator, the events of its later turns, and what each turn asks for; at the end, the outcome."""

    orchestrator: Callable[[Any], Any]
    turns: Sequence[Sequence[Event]]
    expected: Sequence[Sequence[Step] | Outcome | None]


def _run(case: _Case) -> list[Sequence[Step] | Outcome | None]:
    function = OrchestratorFunction("check", case.orchestrator)
    execution = Execution(function, "id", None, None, stamped(beginning("check", None, None), _TIME))
    found: list[Sequence[Step] | Outcome | None] = [execution.steps()]
    for turn in case.turns:
        for item in stamped(turn, _TIME):
            if item["EventType"] != Kind.EVENT_SENT and not execution.accepts(item):
                raise LookupError(f"{item} is not open")
            execution.feed(item)
        found.append(execution.steps())
    found.append(execution.outcome() if execution.finished else None)
    return found


def _unknown(case: _Case, what: str) -> UnknownSdk:
    installed = version("azure-functions-durable")
    return UnknownSdk(
        f"azure-functions-durable {installed} does not work as this host knows it (1.7): "
        f"the case {case.orchestrator.__name__.strip('_')!r} gave {what}"
    )


def _done(task: int, result: str = "0") -> Event:
    return event(Kind.TASK_COMPLETED, TaskScheduledId=task, Result=result)


def _failed(task: int) -> Event:
    return event(Kind.TASK_FAILED, TaskScheduledId=task, Reason="r", Details="d")


def _fired(task: int) -> Event:
    return event(Kind.TIMER_FIRED, TimerId=task, FireAt=_TIME)


def _raised(name: str, text: str) -> Event:
    return event(Kind.EVENT_RAISED, Name=name, Input=text)


def _sequence(context: Any) -> Flow:
    context.call_activity("never awaited")
    first = yield context.call_activity("a", 1)
    second = yield context.call_activity("b", first)
    return [first, second]


def _nested(context: Any) -> Flow:
    any_of_two = context.task_any([context.call_activity("a"), context.call_activity("b")])
    yield context.task_all([any_of_two, context.call_sub_orchestrator("c", 2), context.call_activity("d")])


def _retries(context: Any) -> Flow:
    yield context.call_activity_with_retry("a", _RETRY)


def _interleaved(context: Any) -> Flow:
    """A failure that opens a retry timer meets an await of a task that is open already."""
    tasks = [context.call_activity_with_retry("a", _RETRY, number) for number in range(2)]
    finished = yield context.task_any(tasks)
    tasks.remove(finished)
    yield context.call_activity("log")
    yield tasks[0]


def _events(context: Any) -> Flow:
    timer = context.create_timer(context.current_utc_datetime)
    winner = yield context.task_any([timer, context.wait_for_external_event("E")])
    timer.cancel()
    second = yield context.wait_for_external_event("E")
    return [winner.result, second]


def _entities(context: Any) -> Flow:
    context.signal_entity(EntityId("E", "k"), "note", 1)
    get, fetch = context.call_entity(EntityId("E", "k"), "get"), context.call_http("GET", "http://x")
    yield context.task_all([get, fetch])
    context.signal_entity(EntityId("E", "k"), "note", get.result)
    yield context.call_entity(EntityId("E", "k"), "fail")


def _again(context: Any) -> Flow:
    yield context.call_activity("a")
    context.continue_as_new({"n": 1})
    yield context.call_activity("too late")


def _fails(context: Any) -> Flow:
    yield context.call_activity("a")
    raise ValueError("no")


def _returns(context: Any) -> int:
    return 7


def _call(task: int, name: str, text: str = "null") -> Activity:
    return Activity(task, name, text)


def _ask(task: int, name: str, text: str = "null", is_signal: bool = False) -> EntityOperation:
    return EntityOperation(task, "@e@k", name, f'"{text}"', is_signal)


def _sent(operation: EntityOperation) -> Event:
    return sent_event(operation, f"request {operation.id}")


def _answered(task: int, **answer: str) -> Event:
    return event(Kind.EVENT_RAISED, task, Name=f"request {task}", Input=json.dumps(answer))


_FETCH = {"method": "GET", "uri": "http://x", "content": None, "headers": None}
_MIDNIGHT = Timer(0, at=datetime.fromisoformat(_TIME))
_CASES = [
    _Case(
        _sequence,
        [[_done(0, "5")], [_done(1, "6")]],
        [[_call(0, "a", "1")], [_call(1, "b", "5")], [], Outcome("Completed", output="[5, 6]")],
    ),
    _Case(
        _nested,
        [],
        [
            [_call(0, "a"), _call(1, "b"), SubOrchestration(2, "c", "2", None, None), _call(3, "d")],
            None,
        ],
    ),
    _Case(
        _retries,
        [[_failed(0)], [_fired(1)], [_failed(2)], [_fired(3)]],
        [
            [_call(0, "a")],
            [Timer(1, delay=_PAUSE)],
            [_call(2, "a")],
            [Timer(3)],
            [],
            Outcome("Failed", error="r \n d"),
        ],
    ),
    _Case(
        _interleaved,
        [[_done(0)], [_failed(1), _done(2)]],
        [[_call(0, "a", "0"), _call(1, "a", "1")], [_call(2, "log")], [Timer(3, delay=_PAUSE)], None],
    ),
    _Case(
        _events,
        [[_raised("E", "1"), _raised("E", "2")]],
        [[_MIDNIGHT], [], Outcome("Completed", output="[1, 2]")],
    ),
    _Case(
        _entities,
        [
            [_sent(_ask(1, "get")), _answered(1, result="5"), _done(2)],
            [_sent(_ask(4, "fail")), _answered(4, result='"no"', exceptionType="Error")],
        ],
        [
            [_ask(0, "note", "1", is_signal=True), _ask(1, "get"), _call(2, HTTP_ACTIVITY, json.dumps(_FETCH))],
            [_ask(3, "note", "5", is_signal=True), _ask(4, "fail")],
            [],
            Outcome("Failed", error="no"),
        ],
    ),
    _Case(
        _again,
        [[_done(0)]],
        [[_call(0, "a")], [], Outcome("ContinuedAsNew", output='{"n": 1}')],
    ),
    _Case(_fails, [[_done(0)]], [[_call(0, "a")], [], Outcome("Failed", error="no")]),
    _Case(_returns, [], [[], Outcome("Completed", output="7")]),
]
