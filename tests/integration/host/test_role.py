"""The engine is a role: the thread of an activity may take it, and must leave nothing behind when it gives it back."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from local.host.clock import RealClock, VirtualClock
from local.host.deadlines import Deadlines
from local.host.model import EngineStopped
from tests.integration.host.app import functions
from tests.integration.host.running import ended, result, running, until


def pause_after_step(context: Any) -> Any:
    yield context.call_activity("add_one", 1)
    yield context.create_timer(context.current_utc_datetime + timedelta(milliseconds=20))
    return "awake"


def test_a_timer_that_an_activitys_thread_has_set_fires_though_the_engines_own_thread_sleeps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("local.host.worker._LONGEST_WAIT", 3600.0)

    async def scenario() -> None:
        async with running(tmp_path, functions(pause_after_step)) as engine:
            for _ in range(20):
                assert (await result(engine, "pause_after_step")).output == '"awake"'

    asyncio.run(scenario())


def test_the_next_activity_waits_for_no_other_thread_and_holds_up_nobody(tmp_path: Path) -> None:
    release = threading.Event()

    def quick_then_long(context: Any) -> Any:
        yield context.call_activity("add_one", 1)
        return (yield context.call_activity("held"))

    async def scenario() -> None:
        async with running(tmp_path, functions(quick_then_long, held=lambda _: release.wait(20))) as engine:
            await engine.start_new("quick_then_long", "long")
            await until(lambda: len(engine.history("long")) > 5)  # the long one is scheduled
            for _ in range(5):
                assert (await result(engine, "chain")).output == "5"
            await engine.start_new("two_events", "e")
            await engine.raise_event("e", "E", "1")
            release.set()
            assert (await ended(engine, "long")).output == "true"

    asyncio.run(scenario())


@pytest.mark.parametrize("kind", ["real", "virtual"])
def test_activities_that_one_step_asks_for_run_side_by_side(tmp_path: Path, kind: str) -> None:
    """They wait for each other, so that none of them ends before the others have begun."""
    together = threading.Barrier(3, timeout=20)

    def step_then_three(context: Any) -> Any:
        yield context.call_activity("add_one", 1)
        return (yield context.task_all([context.call_activity("meet", n) for n in range(3)]))

    def meet(number: int) -> int:
        together.wait()
        return number

    async def scenario() -> None:
        clock = RealClock() if kind == "real" else VirtualClock(None, tmp_path / "clock")
        app = functions(step_then_three, meet=meet)
        async with running(tmp_path, app, clock, max_activities=3) as engine:
            for _ in range(10):
                assert (await result(engine, "step_then_three")).output == "[0, 1, 2]"

    asyncio.run(scenario())


@pytest.mark.parametrize("kind", ["real", "virtual"])
def test_only_one_thread_at_a_time_is_the_engine(tmp_path: Path, kind: str) -> None:
    engine_is_busy = threading.Lock()

    def watched(context: Any) -> Any:
        for number in range(context.get_input()):
            if not engine_is_busy.acquire(blocking=False):
                return "two engines"
            time.sleep(0.0002)  # here another thread would come in
            engine_is_busy.release()
            yield context.call_activity("add_one", number)
        return "one engine"

    async def scenario() -> None:
        clock = RealClock() if kind == "real" else VirtualClock(None, tmp_path / "clock")
        async with running(tmp_path, functions(watched), clock) as engine:
            for size in (1, 2, 3, 8):
                ids = [await engine.start_new("watched", input_text="20") for _ in range(size)]
                for id_ in ids:
                    assert (await ended(engine, id_)).output == '"one engine"'

    asyncio.run(scenario())


def test_an_engine_that_fails_on_an_activitys_thread_has_stopped_for_everybody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = threading.Event()

    def broken(_: Deadlines) -> None:
        raise MemoryError("simulated")

    def one_held(context: Any) -> Any:
        return (yield context.call_activity("held"))

    async def scenario() -> None:
        async with running(tmp_path, functions(one_held, held=lambda _: release.wait(20))) as engine:
            await engine.start_new("one_held", "h")
            waiting = asyncio.ensure_future(engine.ended("h"))
            monkeypatch.setattr(Deadlines, "next", broken)
            monkeypatch.setattr(threading, "excepthook", lambda _: None)
            release.set()
            with pytest.raises(EngineStopped, match="MemoryError"):
                await waiting
            with pytest.raises(EngineStopped, match="MemoryError"):
                await engine.raise_event("h", "E", json.dumps(1))

    asyncio.run(scenario())
