"""Entities on a real engine: one batch at a time for each, side by side, and what they did is committed as a whole."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from azure.durable_functions import EntityId

from local.host.clock import VirtualClock
from local.host.engine import Engine
from local.host.model import Functions
from tests.integration.host.app import entities, functions
from tests.integration.host.running import ended, in_status, result, running, until

START = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)


def app(*orchestrators: Callable[[Any], Any], **named: Callable[[Any], None]) -> Functions:
    return replace(functions(*orchestrators), entities=entities(**named))


def _state(engine: Engine, entity_id: str) -> Any:
    entity = engine.entity(entity_id)
    return json.loads(entity.state) if entity else None


def keep(context: Any) -> None:
    """Keeps each input; `object` sets a state that is no JSON, `exit` ends its thread, `peek` sets no result."""
    if context.operation_name == "object":
        context.set_state(object())
    elif context.operation_name == "exit":
        raise SystemExit("gone")
    elif context.operation_name == "keep":
        context.set_state([*context.get_state(list), context.get_input()])
        context.set_result("kept")


def mixed(context: Any) -> Any:
    """What each operation of one entity comes to."""
    found = []
    for name in ("keep", "peek", "object", "exit", "keep"):
        try:
            found.append((yield context.call_entity(EntityId("keep", "a"), name, name)))
        except Exception as error:
            found.append(f"failed: {error}")
    return found


def asks_again(context: Any) -> Any:
    left = context.get_input()
    context.signal_entity(EntityId("keep", "a"), "keep", left)
    if left:
        context.continue_as_new(left - 1)
        return None
    return (yield context.call_entity(EntityId("keep", "a"), "keep", "last"))


def test_each_operation_has_its_own_result_and_its_own_failure(tmp_path: Path, sticky: bool) -> None:
    async def scenario() -> None:
        async with running(tmp_path, app(mixed, keep=keep), sticky=sticky) as engine:
            output = json.loads((await result(engine, "mixed")).output or "")
            assert output[:2] == ["kept", None]
            assert "not JSON serializable" in output[2]
            assert output[3:] == ["failed: gone", "kept"]
            assert _state(engine, "@keep@a") == ["keep", "keep"]

    asyncio.run(scenario())


def test_signals_go_out_before_an_orchestration_continues_as_new(tmp_path: Path, sticky: bool) -> None:
    async def scenario() -> None:
        async with running(tmp_path, app(asks_again, keep=keep), sticky=sticky) as engine:
            assert (await result(engine, "asks_again", "3")).output == '"kept"'
            assert _state(engine, "@keep@a") == [3, 2, 1, 0, "last"]

    asyncio.run(scenario())


def test_an_entity_runs_one_batch_at_a_time_and_others_beside_it(tmp_path: Path) -> None:
    both = threading.Barrier(2)
    running_now: dict[str, int] = {"a": 0, "b": 0}
    most = 0

    def meet(context: Any) -> None:
        nonlocal most
        running_now[context.entity_key] += 1
        most = max(most, running_now[context.entity_key])
        both.wait(10)  # broken, unless the other entity runs at the same time
        context.set_state(context.get_state(lambda: 0) + 1)
        running_now[context.entity_key] -= 1

    async def scenario() -> None:
        async with running(tmp_path, app(meet=meet)) as engine:
            await asyncio.gather(*(engine.signal_entity(f"@meet@{key}", "go") for key in "ab" for _ in range(20)))
            await until(lambda: _state(engine, "@meet@a") == _state(engine, "@meet@b") == 20)

    asyncio.run(scenario())
    assert most == 1


def test_more_operations_than_a_batch_holds_are_applied_in_order(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with running(tmp_path, app(keep=keep)) as engine:
            for number in range(250):
                await engine.signal_entity("@keep@a", "keep", json.dumps(str(number)))
            await until(lambda: len(_state(engine, "@keep@a") or []) == 250)
            assert _state(engine, "@keep@a") == list(range(250))

    asyncio.run(scenario())


def test_operations_wait_for_an_app_that_has_their_entity_again(tmp_path: Path) -> None:
    release = threading.Event()

    def slow(context: Any) -> None:
        release.wait(20)
        keep(context)

    async def before() -> None:
        async with running(tmp_path, app(keep=slow)) as engine:
            for number in range(3):
                await engine.signal_entity("@keep@a", "keep", json.dumps(str(number)))
            release.set()

    async def after(functions_now: Functions) -> Any:
        async with running(tmp_path, functions_now) as engine:
            assert (await result(engine, "chain")).status == "Completed"
            if functions_now.entities:
                await until(lambda: len(_state(engine, "@keep@a") or []) == 3)
            return _state(engine, "@keep@a")

    asyncio.run(before())
    asyncio.run(after(app()))
    assert asyncio.run(after(app(keep=keep))) == [0, 1, 2]


def test_another_operation_than_the_recorded_one_parks_the_instance(tmp_path: Path) -> None:
    def asking(name: str) -> Callable[[Any], Any]:
        def asks(context: Any) -> Any:
            yield context.call_entity(EntityId("keep", "a"), name, 1)
            yield context.wait_for_external_event("go")

        return asks

    async def life(name: str) -> None:
        async with running(tmp_path, app(asking(name), keep=keep)) as engine:
            if engine.status("x") is None:
                await engine.start_new("asks", "x")
                await until(lambda: [item for item in engine.history("x") if item["EventType"] == 15])
                return
            await engine.raise_event("x", "go")
            parked = await in_status(engine, "x", "Suspended")
            assert "step 0, entity operation '@keep@a keep'" in (parked.failure or "")

    asyncio.run(life("keep"))
    asyncio.run(life("peek"))


def test_a_signal_that_is_awaited_says_what_is_wrong(tmp_path: Path) -> None:
    def awaits(context: Any) -> Any:
        yield context.signal_entity(EntityId("keep", "a"), "keep", 1)

    async def scenario() -> None:
        async with running(tmp_path, app(awaits, keep=keep)) as engine:
            found = await ended(engine, await engine.start_new("awaits"))
            assert "call it without yield" in (found.failure or "")

    asyncio.run(scenario())


def test_virtual_time_stands_still_while_an_entity_runs(tmp_path: Path) -> None:
    release, begun = threading.Event(), threading.Event()
    clock = VirtualClock(START, tmp_path / "clock")

    def slow(context: Any) -> None:
        begun.set()
        release.wait(20)
        keep(context)

    async def scenario() -> None:
        async with running(tmp_path, app(keep=slow), clock) as engine:
            with clock.open():
                await engine.signal_entity("@keep@a", "keep", '"1"')
                await engine.start_new("wait_for_go", "timer", "3600000")
            await asyncio.to_thread(begun.wait, 20)
            assert clock.now() == START
            assert clock.opened > 0
            release.set()
            assert (await ended(engine, "timer")).output == '"too late"'
            assert clock.now() == START + timedelta(hours=1)

    asyncio.run(scenario())
