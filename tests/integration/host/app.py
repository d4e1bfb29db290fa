"""A small app for the engine: orchestrators and activities as the host's loader would hand them over."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from azure.durable_functions import Entity, EntityId, RetryOptions

from local.host.model import ActivityFunction, EntityFunction, Functions, OrchestratorFunction


def chain(context: Any) -> Any:
    number = 0
    for _ in range(5):
        number = yield context.call_activity("add_one", number)
    return number


def fan_out(context: Any) -> Any:
    numbers = yield context.task_all([context.call_activity("add_one", n) for n in range(context.get_input())])
    return sum(numbers)


def nested(context: Any) -> Any:
    first = context.task_any([context.call_activity("add_one", 1), context.wait_for_external_event("never")])
    both = yield context.task_all([first, context.call_activity("add_one", 2)])
    return [both[0].result, both[1]]


def mixed(context: Any) -> Any:
    """Sync and async activities side by side."""
    return (yield context.task_all([context.call_activity("add_one", 1), context.call_activity("add_one_async", 2)]))


def retries(context: Any) -> Any:
    """Input: which activity, how often."""
    name, attempts = context.get_input()
    try:
        return (yield context.call_activity_with_retry(name, RetryOptions(1, attempts), context.instance_id))
    except Exception as error:
        return f"gave up: {error}"


def wait_for_go(context: Any) -> Any:
    """The event, or the timer of so many milliseconds, whichever is first."""
    timer = context.create_timer(context.current_utc_datetime + timedelta(milliseconds=context.get_input()))
    go = context.wait_for_external_event("go")
    if (yield context.task_any([timer, go])) == timer:
        return "too late"
    timer.cancel()
    return go.result


def two_events(context: Any) -> Any:
    first = yield context.wait_for_external_event("E")
    second = yield context.wait_for_external_event("E")
    return [first, second]


def doorbell(context: Any) -> Any:
    """Gives a wait up for another task, then waits again: the event must go to the second wait."""
    bell = context.wait_for_external_event("bell")
    yield context.task_any([bell, context.call_activity("add_one", 0)])
    yield context.wait_for_external_event("between")
    return (yield context.wait_for_external_event("bell"))


def family(context: Any) -> Any:
    return (yield context.task_all([context.call_sub_orchestrator("chain") for _ in range(3)]))


def call_child(context: Any) -> Any:
    """Input: name and id of the child."""
    name, child_id = context.get_input()
    try:
        return (yield context.call_sub_orchestrator(name, None, child_id))
    except Exception as error:
        return f"child failed: {error}"


def count_down(context: Any) -> Any:
    left = context.get_input()
    if left:
        yield context.call_activity("add_one", left)
        context.continue_as_new(left - 1)
        return None
    return (yield context.wait_for_external_event("last"))


def spin(context: Any) -> Any:
    """Continues as new without waiting for anything."""
    if context.get_input() > 0:
        context.continue_as_new(context.get_input() - 1)
        return None
    return "stopped"


def fails(context: Any) -> Any:
    yield context.call_activity("add_one", 0)
    raise ValueError("no good")


def exits(context: Any) -> Any:
    raise SystemExit("user code may not end the host")


def returns_an_object(context: Any) -> Any:
    yield context.call_activity("add_one", 0)
    return object()


def uses_an_entity(context: Any) -> Any:
    return (yield context.call_entity(EntityId("counter", "x"), "get"))


def calls_nothing_known(context: Any) -> Any:
    try:
        yield context.call_activity("nobody")
    except Exception as error:
        return str(error)


def calls_one_that_raises(context: Any) -> Any:
    try:
        yield context.call_activity("raises")
    except Exception as error:
        return str(error)


def reports_status(context: Any) -> Any:
    context.set_custom_status({"step": 1})
    yield context.wait_for_external_event("go")
    return context.version


def blocked(context: Any) -> Any:
    """Runs the activity that the test holds, with its own id as input."""
    return (yield context.call_activity("held", context.instance_id))


def plain(context: Any) -> Any:
    return [context.instance_id, context.get_input()]


def _add_one(number: int) -> int:
    return number + 1


async def _add_one_async(text: str | None) -> str:
    return json.dumps(json.loads(text or "null") + 1)


def _raises(_: Any) -> None:
    raise SystemExit("gone")


class Flaky:
    """Fails twice for each caller, then succeeds."""

    def __init__(self) -> None:
        self.calls: dict[str, int] = {}

    def __call__(self, caller: str) -> int:
        self.calls[caller] = self.calls.get(caller, 0) + 1
        if self.calls[caller] < 3:
            raise RuntimeError("not yet")
        return self.calls[caller]


def orchestrators(*functions: Callable[[Any], Any]) -> dict[str, OrchestratorFunction]:
    return {function.__name__.lower(): OrchestratorFunction(function.__name__, function) for function in functions}


def activity(name: str, function: Callable[[Any], Any]) -> dict[str, ActivityFunction]:
    return {name: ActivityFunction(name, lambda text: json.dumps(function(json.loads(text or "null"))))}


def entities(**functions: Callable[[Any], None]) -> dict[str, EntityFunction]:
    return {name: EntityFunction(name, Entity.create(function)) for name, function in functions.items()}


ORCHESTRATORS = orchestrators(
    chain,
    fan_out,
    nested,
    mixed,
    retries,
    wait_for_go,
    two_events,
    doorbell,
    family,
    call_child,
    count_down,
    spin,
    fails,
    exits,
    returns_an_object,
    uses_an_entity,
    calls_nothing_known,
    calls_one_that_raises,
    reports_status,
    blocked,
    plain,
)


def functions(*more: Callable[[Any], Any], **activities: Callable[[Any], Any]) -> Functions:
    """The whole app, with more orchestrators and activities, or others of the same names."""
    known: dict[str, ActivityFunction] = {
        **activity("add_one", _add_one),
        **activity("raises", _raises),
        **activity("flaky", Flaky()),
        "add_one_async": ActivityFunction("add_one_async", _add_one_async, is_async=True),
    }
    for name, function in activities.items():
        known |= activity(name, function)
    return Functions(ORCHESTRATORS | orchestrators(*more), known)
