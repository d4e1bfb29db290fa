"""What orchestrators can do, with live executions and with a full replay at each turn."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from local.host.model import Instance
from tests.integration.host.app import functions
from tests.integration.host.running import ended, in_status, result, running, until


@pytest.mark.parametrize(
    ("name", "given", "output"),
    [
        ("chain", None, 5),
        ("CHAIN", None, 5),
        ("fan_out", 40, 820),
        ("nested", None, [2, 3]),
        ("mixed", None, [2, 3]),
        ("retries", ["flaky", 3], 3),
        ("retries", ["flaky", 2], "gave up: Activity function 'flaky' failed: not yet \n RuntimeError"),
        ("wait_for_go", 5, "too late"),
        ("family", None, [5, 5, 5]),
        ("call_child", ["chain", "the-child"], 5),
        ("call_child", ["fails", None], "child failed: Orchestrator function 'fails' failed: no good \n "),
        (
            "call_child",
            ["nobody", None],
            "child failed: the function 'nobody' doesn't exist, is disabled, or is not an orchestrator function \n ",
        ),
        ("spin", 120, "stopped"),
        (
            "calls_nothing_known",
            None,
            "The function 'nobody' doesn't exist, is disabled, or is not an activity function \n UnknownActivity",
        ),
        ("calls_one_that_raises", None, "Activity function 'raises' failed: gone \n SystemExit"),
    ],
)
def test_an_orchestration_returns_its_output(tmp_path: Path, sticky: bool, name: str, given: Any, output: Any) -> None:
    async def scenario() -> Instance:
        async with running(tmp_path, sticky=sticky) as engine:
            return await result(engine, name, None if given is None else json.dumps(given))

    instance = asyncio.run(scenario())
    assert (instance.status, json.loads(instance.output or "null")) == ("Completed", output)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("fails", "no good"),
        ("exits", "user code may not end the host"),
        ("returns_an_object", "Object of type object is not JSON serializable"),
        ("uses_an_entity", "the function 'counter' doesn't exist, is disabled, or is not an entity function"),
    ],
)
def test_a_failed_orchestration_says_why(tmp_path: Path, sticky: bool, name: str, reason: str) -> None:
    async def scenario() -> Instance:
        async with running(tmp_path, sticky=sticky) as engine:
            return await result(engine, name)

    instance = asyncio.run(scenario())
    assert instance.status == "Failed"
    assert instance.failure == f"Orchestrator function '{name}' failed: {reason}"
    assert json.loads(instance.output or "") == instance.failure


def test_an_orchestrator_that_is_no_generator_sees_its_id_and_input(tmp_path: Path) -> None:
    async def scenario() -> Instance:
        async with running(tmp_path) as engine:
            return await result(engine, "plain", '{"a": 1}', "mine")

    assert json.loads(asyncio.run(scenario()).output or "") == ["mine", {"a": 1}]


def test_an_event_before_its_timer_wins_and_cancels_it(tmp_path: Path, sticky: bool) -> None:
    async def scenario() -> None:
        async with running(tmp_path, sticky=sticky) as engine:
            await engine.start_new("wait_for_go", "w", "3600000")
            assert engine.next_timer() is not None
            await engine.raise_event("w", "go", '"now"')
            assert (await ended(engine, "w")).output == '"now"'
            assert engine.next_timer() is None

    asyncio.run(scenario())


def test_events_are_kept_in_order_until_they_are_awaited(tmp_path: Path, sticky: bool) -> None:
    async def scenario() -> Instance:
        async with running(tmp_path, sticky=sticky) as engine:
            await engine.start_new("two_events", "e")
            await asyncio.gather(
                engine.raise_event("e", "other", "0"),
                engine.raise_event("e", "E", "1"),
                engine.raise_event("e", "E", "2"),
            )
            return await ended(engine, "e")

    assert asyncio.run(scenario()).output == "[1, 2]"


def test_an_event_is_not_lost_to_a_wait_that_was_given_up(tmp_path: Path, sticky: bool) -> None:
    async def scenario() -> Instance:
        async with running(tmp_path, sticky=sticky) as engine:
            await engine.start_new("doorbell", "d")
            await until(lambda: [e for e in engine.history("d") if e["EventType"] == 5])
            await engine.raise_event("d", "bell", '"rung"')
            await engine.raise_event("d", "between")
            return await ended(engine, "d")

    assert asyncio.run(scenario()).output == '"rung"'


def test_an_event_that_is_no_json_fails_its_orchestration_only(tmp_path: Path, sticky: bool) -> None:
    async def scenario() -> Instance:
        async with running(tmp_path, sticky=sticky) as engine:
            await engine.start_new("two_events", "e")
            await engine.raise_event("e", "E", "{no json")
            assert (await result(engine, "chain")).status == "Completed"
            return await ended(engine, "e")

    instance = asyncio.run(scenario())
    assert instance.status == "Failed"
    assert "Expecting property name" in (instance.failure or "")


def test_continuing_as_new_keeps_early_events_and_the_time_of_creation(tmp_path: Path, sticky: bool) -> None:
    async def scenario() -> None:
        async with running(tmp_path, sticky=sticky) as engine:
            await engine.start_new("count_down", "c", "3")
            first = engine.status("c")
            await engine.raise_event("c", "last", '"word"')
            last = await ended(engine, "c")
            assert first is not None
            assert (last.output, last.input, last.created) == ('"word"', "0", first.created)
            # On a busy machine the last round may have begun before anybody looked: then it is its id that was seen.
            assert first.input == last.input or last.execution_id != first.execution_id
            # The event may come with the round's first turn or with one of its own.
            names = [event["Name"] for event in engine.history("c") if "Name" in event]
            assert names == ["count_down", "last"]

    asyncio.run(scenario())


def test_a_busy_instance_does_not_keep_the_others_from_their_turn(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with running(tmp_path) as engine:
            spinning = asyncio.create_task(result(engine, "spin", "3000"))
            assert (await result(engine, "chain")).status == "Completed"
            assert (await spinning).output == '"stopped"'

    asyncio.run(scenario())


def test_the_custom_status_shows_while_it_waits(tmp_path: Path) -> None:
    async def scenario() -> Instance:
        async with running(tmp_path) as engine:
            await engine.start_new("reports_status", "s")
            return await in_status(engine, "s", "Running")

    assert asyncio.run(scenario()).custom_status == '{"step": 1}'


def test_a_finished_orchestration_does_not_recall_activities_it_no_longer_waits_for(tmp_path: Path) -> None:
    """As on Azure: what was scheduled runs, and nobody hears of it."""
    seen: list[int] = []

    def first_of_many(context: Any) -> Any:
        yield context.task_any([context.call_activity("note", n) for n in range(50)])

    async def scenario() -> None:
        async with running(tmp_path, functions(first_of_many, note=seen.append), max_activities=1) as engine:
            assert (await result(engine, "first_of_many")).status == "Completed"
            await until(lambda: len(seen) == 50)

    asyncio.run(scenario())
    assert sorted(seen) == list(range(50))


def _early(events: list[str]) -> Callable[[Path, bool], str | None]:
    """The output of two waits, for events that all come while an activity is still running."""

    def late(context: Any) -> Any:
        yield context.call_activity("held")
        first = yield context.wait_for_external_event("E")
        second = yield context.wait_for_external_event("E")
        return [first, second]

    def play(directory: Path, sticky: bool) -> str | None:
        release = threading.Event()

        async def scenario() -> str | None:
            app = functions(late, held=lambda _: release.wait(20))
            async with running(directory, app, sticky=sticky, ordered_events=False) as engine:
                await engine.start_new("late", "l")
                for text in events:
                    await engine.raise_event("l", "E", text)
                release.set()
                return (await ended(engine, "l")).output

        return asyncio.run(scenario())

    return play


@pytest.mark.parametrize(("events", "output"), [(["1", "2"], "[2, 2]"), (["1"], "[1, 1]")])
def test_as_on_azure_early_events_overwrite_and_repeat_each_other(
    tmp_path: Path, sticky: bool, events: list[str], output: str
) -> None:
    assert _early(events)(tmp_path, sticky) == output


def test_as_on_azure_an_event_goes_to_a_wait_that_was_given_up(tmp_path: Path, sticky: bool) -> None:
    async def scenario() -> None:
        async with running(tmp_path, sticky=sticky, ordered_events=False) as engine:
            await engine.start_new("doorbell", "d")
            await until(lambda: [e for e in engine.history("d") if e["EventType"] == 5])
            await engine.raise_event("d", "bell", '"lost"')
            await engine.raise_event("d", "between")
            await engine.raise_event("d", "bell", '"heard"')
            assert (await ended(engine, "d")).output == '"heard"'

    asyncio.run(scenario())
