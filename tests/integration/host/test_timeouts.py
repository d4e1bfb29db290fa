"""functionTimeout: an activity or entity that takes too long fails, and holds up nobody else."""

from __future__ import annotations

import asyncio
import json
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

from azure.durable_functions import EntityId

from local.host.model import ActivityFunction, Functions
from tests.integration.host.app import entities, functions
from tests.integration.host.running import result, running, until

TOO_LONG = (
    "Activity function '{0}' failed: Timeout value of 0:00:00.200000 exceeded by function '{0}' \n FunctionTimeout"
)
ENTITY = EntityId("hoard", "all")


def slow_then_quick(context: Any) -> Any:
    """Input: the slow one."""
    try:
        said = yield context.call_activity(context.get_input())
    except Exception as error:
        said = str(error)
    return [said, (yield context.call_activity("add_one", 1))]


async def _never(_: str | None) -> str:
    await asyncio.Event().wait()
    return "null"


async def _own_timeout(_: str | None) -> str:
    raise TimeoutError("the server did not answer")


def app(release: threading.Event) -> Functions:
    made = functions(slow_then_quick, held=lambda _: release.wait(20))
    more = {
        name: ActivityFunction(name, call, is_async=True) for name, call in (("never", _never), ("own", _own_timeout))
    }
    return Functions(made.orchestrators, {**made.activities, **more})


def test_what_takes_too_long_fails_and_its_thread_is_replaced(tmp_path: Path) -> None:
    release = threading.Event()

    async def scenario() -> None:
        async with running(tmp_path, app(release), function_timeout=0.2, max_activities=1) as engine:
            for name in ("held", "never"):
                ended = await result(engine, "slow_then_quick", json.dumps(name), name)
                assert json.loads(ended.output or "") == [TOO_LONG.format(name), 2]
            before = engine.history("held")
            release.set()  # whatever it returns now is too late
            assert (await result(engine, "chain")).output == "5"
            assert engine.history("held") == before

    asyncio.run(scenario())


def asks_twice(context: Any) -> Any:
    """What an operation that takes too long comes to, and the one behind it in the same batch."""
    for number in range(3):
        context.signal_entity(ENTITY, "keep", number)
    try:
        said = yield context.call_entity(ENTITY, "hang", "x")
    except Exception as error:
        said = str(error)
    return [said, (yield context.call_entity(ENTITY, "keep", 3))]


def test_an_entity_that_takes_too_long_fails_its_caller_and_keeps_its_state(tmp_path: Path, sticky: bool) -> None:
    release, left = threading.Event(), threading.Event()

    def hoard(context: Any) -> None:
        kept = context.get_state(list)
        if context.operation_name == "hang" and left.is_set():
            context.set_result("now in time")
        elif context.operation_name == "hang":
            release.wait(20)
            context.set_state("lost: whoever asked was told that it failed")
            left.set()
        else:
            context.set_state([*kept, context.get_input()])
            context.set_result([*kept, context.get_input()])

    async def scenario() -> None:
        made = replace(functions(asks_twice), entities=entities(hoard=hoard))
        async with running(tmp_path, made, function_timeout=0.2, max_entities=1, sticky=sticky) as engine:
            ended = await result(engine, "asks_twice", instance_id="a")
            told = "Timeout value of 0:00:00.200000 exceeded by function 'hoard'"
            assert json.loads(ended.output or "") == [told, [0, 1, 2, 3]]
            release.set()
            await until(left.is_set)
            again = await result(engine, "asks_twice", instance_id="b")
            assert json.loads(again.output or "") == ["now in time", [0, 1, 2, 3, 0, 1, 2, 3]]

    asyncio.run(scenario())


def test_a_timeout_of_the_activitys_own_is_told_as_such(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with running(tmp_path, app(threading.Event()), function_timeout=20.0) as engine:
            ended = await result(engine, "slow_then_quick", '"own"')
            assert "the server did not answer \n TimeoutError" in json.loads(ended.output or "")[0]

    asyncio.run(scenario())
