"""functionTimeout: an activity that takes too long fails, and holds up nobody else."""

from __future__ import annotations

import asyncio
import json
import threading
from pathlib import Path
from typing import Any

from local.host.model import ActivityFunction, Functions
from tests.integration.host.app import functions
from tests.integration.host.running import result, running

TOO_LONG = (
    "Activity function '{0}' failed: Timeout value of 0:00:00.200000 exceeded by function '{0}' \n FunctionTimeout"
)


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
        async with running(tmp_path, app(release), activity_timeout=0.2, max_activities=1) as engine:
            for name in ("held", "never"):
                ended = await result(engine, "slow_then_quick", json.dumps(name), name)
                assert json.loads(ended.output or "") == [TOO_LONG.format(name), 2]
            before = engine.history("held")
            release.set()  # whatever it returns now is too late
            assert (await result(engine, "chain")).output == "5"
            assert engine.history("held") == before

    asyncio.run(scenario())


def test_a_timeout_of_the_activitys_own_is_told_as_such(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with running(tmp_path, app(threading.Event()), activity_timeout=20.0) as engine:
            ended = await result(engine, "slow_then_quick", '"own"')
            assert "the server did not answer \n TimeoutError" in json.loads(ended.output or "")[0]

    asyncio.run(scenario())
