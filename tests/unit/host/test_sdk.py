"""What the engine reads from the SDK, and the start-up test that refuses another one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from azure.durable_functions.models.DurableOrchestrationContext import DurableOrchestrationContext

from local.host.history import Event, Kind, beginning, event, stamped
from local.host.model import OrchestratorFunction, UnknownSdk
from local.host.sdk import Execution
from local.host.sdk_check import check_sdk
from local.host.steps import Activity

TIME = "2026-01-01T00:00:00.000000Z"


@pytest.fixture(autouse=True)
def _check_again() -> Iterator[None]:
    check_sdk.cache_clear()
    yield
    check_sdk.cache_clear()


def begun(orchestrator: Callable[[Any], Any], input_text: str | None = None) -> Execution:
    started = stamped(beginning("o", "1.0", input_text), TIME)
    return Execution(OrchestratorFunction("o", orchestrator), "id", None, input_text, started)


def hand(execution: Execution, item: Event) -> None:
    execution.feed(stamped([item], TIME)[0])


def test_the_installed_sdk_passes() -> None:
    check_sdk()


def test_an_sdk_that_gives_other_ids_is_refused_with_the_case(monkeypatch: pytest.MonkeyPatch) -> None:
    ordered = DurableOrchestrationContext._add_to_open_tasks

    def skipping(self: Any, task: Any) -> None:
        self._sequence_number += 1
        ordered(self, task)

    monkeypatch.setattr(DurableOrchestrationContext, "_add_to_open_tasks", skipping)
    with pytest.raises(UnknownSdk, match=r"1\.7\.0 does not work as this host knows it .*'sequence'"):
        check_sdk()


def test_an_sdk_that_has_lost_a_private_name_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(DurableOrchestrationContext, "_add_to_open_tasks")
    with pytest.raises(UnknownSdk, match="does not work as this host knows it"):
        check_sdk()


def test_only_the_wait_it_stands_at_takes_an_event() -> None:
    def gives_up(context: Any) -> Any:
        bell = context.wait_for_external_event("bell")
        yield context.task_any([bell, context.call_activity("a")])
        yield context.call_activity("b")
        yield bell

    execution = begun(gives_up)
    rung = event(Kind.EVENT_RAISED, Name="bell", Input="1")
    assert execution.accepts(rung)
    hand(execution, event(Kind.TASK_COMPLETED, TaskScheduledId=0, Result=None))
    assert not execution.accepts(rung)
    hand(execution, event(Kind.TASK_COMPLETED, TaskScheduledId=1, Result=None))
    assert execution.accepts(rung)


def test_a_completion_is_accepted_once() -> None:
    def two(context: Any) -> Any:
        yield context.task_all([context.call_activity("a"), context.call_activity("b")])

    execution = begun(two)
    done = event(Kind.TASK_COMPLETED, TaskScheduledId=0, Result=None)
    assert execution.accepts(done)
    hand(execution, done)
    assert not execution.accepts(done)


def test_live_events_are_not_replays_and_replayed_ones_are() -> None:
    seen: list[bool] = []

    def watch(context: Any) -> Any:
        seen.append(context.is_replaying)
        yield context.call_activity("a")
        seen.append(context.is_replaying)

    done = event(Kind.TASK_COMPLETED, TaskScheduledId=0, Result=None)
    hand(begun(watch), done)
    replayed = [{**item, "IsPlayed": True} for item in stamped([*beginning("o", None, None), done], TIME)]
    Execution(OrchestratorFunction("o", watch), "id", None, None, replayed[:2]).feed(replayed[2])
    assert seen == [False, False, True, True]


def test_the_input_comes_as_json_of_any_kind_and_the_version_from_history() -> None:
    def echo(context: Any) -> Any:
        return [context.get_input(), context.version, context.instance_id]

    assert begun(echo, "[1, 2]").outcome().output == '[[1, 2], "1.0", "id"]'


def test_actions_do_not_pile_up() -> None:
    def loop(context: Any) -> Any:
        while True:
            yield context.call_activity("a", "x" * 100)

    execution = begun(loop)
    for task in range(50):
        assert execution.steps() == [Activity(task, "a", f'"{"x" * 100}"')]
        hand(execution, event(Kind.TASK_COMPLETED, TaskScheduledId=task, Result=None))
    assert not execution._context._action_payload_v2
