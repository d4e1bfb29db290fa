"""How a flow is changed (docs/decisions/0034), played with the flow of tasks: the way that is prescribed keeps what is
under way, and the ways that are not are found by the golden histories."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import azure.durable_functions as df
import pytest

from functions.orchestrators import task
from functions.orchestrators.perform import Steps, perform
from shared.domain.names import TASKS, Verb

from .stage import Stage, done, replay
from .test_golden import asked, created, load

GOLDEN = load(Path(__file__).parent / "golden" / "1.0.0" / "task.json")
Flow = Callable[[df.DurableOrchestrationContext], Steps]
as_released: Flow = task.bp._function_builders[0]._function.get_user_function().orchestrator_function


def tells_first(context: df.DurableOrchestrationContext) -> Steps:
    """The new flow: one step more."""
    yield from perform(context, Verb.ANALYZE, context.get_input())
    yield from perform(context, TASKS, context.get_input())


def with_its_past(context: df.DurableOrchestrationContext) -> Steps:
    """As prescribed: whatever began before goes on as it began; None is an instance older than versions."""
    if context.version in (None, "1.0.0"):
        yield from as_released(context)
    else:
        yield from tells_first(context)


def asks_otherwise(context: df.DurableOrchestrationContext) -> Steps:
    """The same number of steps, but another order."""
    yield from perform(context, TASKS, {**context.get_input(), "op": "other"})
    yield from perform(context, Verb.ANALYZE, context.get_input())


def handle(flow: Flow) -> Any:
    return df.Orchestrator.create(flow)


def keeps_the_golden(flow: Flow) -> bool:
    history = GOLDEN["history"]
    return asked(replay(handle(flow), GOLDEN["instance"], GOLDEN["input"], history)) == created(history)


def test_what_began_under_the_old_version_goes_on_as_it_began() -> None:
    assert keeps_the_golden(as_released)
    assert keeps_the_golden(with_its_past)


@pytest.mark.parametrize("flow", [tells_first, asks_otherwise])
def test_a_flow_that_was_changed_under_its_version_is_found(flow: Flow) -> None:
    assert not keeps_the_golden(flow)


@pytest.mark.parametrize(
    ("version", "steps"),
    [(None, [TASKS]), ("1.0.0", [TASKS]), ("1.1.0", [Verb.ANALYZE, TASKS]), ("2.0.0", [Verb.ANALYZE, TASKS])],
)
def test_each_version_takes_its_own_way(version: str | None, steps: list[str]) -> None:
    stage = Stage(handle(with_its_past), GOLDEN["input"], lambda action: done(), version=version).play()
    assert stage.done
    assert [name for name, _ in stage.asked] == steps
