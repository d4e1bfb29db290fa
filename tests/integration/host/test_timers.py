"""Timer triggers that are due at the same instant of virtual time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from azure.functions.decorators.timer import TimerTrigger

from local.host.clock import VirtualClock
from local.host.invoke import AppFunction, Invoker
from local.host.store import Store
from local.host.timers import TimerTriggers
from tests.integration.host.running import ended, running, until

START = datetime(2027, 3, 2, 9, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


async def nothing_sent(sent: object) -> None:
    assert not sent


def every_five_minutes(call: Callable[[object], Awaitable[None]]) -> AppFunction:
    timer = TimerTrigger(name="timer", schedule="0 */5 * * * *")
    return AppFunction("sweep", call, is_async=True, trigger=timer)


def test_they_run_one_after_the_other_in_the_order_of_their_names_and_time_waits_for_them(tmp_path: Path) -> None:
    clock = VirtualClock(START, tmp_path / "clock")
    told: list[str] = []

    def function(name: str) -> AppFunction:
        async def call(timer: object) -> None:
            told.append(f"{name} begins {clock.now():%H:%M}")
            for _ in range(100):  # it lets others run, as one does that asks the runtime for something
                await asyncio.sleep(0)
            told.append(f"{name} ends {clock.now():%H:%M}")

        return AppFunction(name, call, is_async=True, trigger=TimerTrigger(name="timer", schedule="0 */20 * * * *"))

    async def scenario(threads: ThreadPoolExecutor) -> None:
        with clock.open():
            async with running(tmp_path, clock=clock) as engine:
                invoker = Invoker(tmp_path, "", threads, nothing_sent)
                # Registered in another order than the one in which they are to run.
                triggers = TimerTriggers([function("sweep"), function("mailbox")], invoker, engine, clock)
                await triggers.start()
                clock.leave()
                clock.set("run", START + HOUR)
                await until(lambda: clock.mode == "hold")
                clock.enter()
                await triggers.stop()
                assert [engine.monitor(name) is not None for name in ("mailbox", "sweep")] == [True, True]

    with ThreadPoolExecutor(1) as threads:
        asyncio.run(scenario(threads))
    assert told == [
        f"{name} {what} {moment}"
        for moment in ("09:20", "09:40", "10:00")
        for name in ("mailbox", "sweep")
        for what in ("begins", "ends")
    ]


@pytest.mark.parametrize("to", ["a time", "a durable timer"])
def test_a_trigger_on_the_way_is_remembered_by_the_commit_of_the_next_jump(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, to: str
) -> None:
    clock = VirtualClock(START, tmp_path / "clock")
    commits, write = 0, Store.write

    def counted(store: Store, *given: object) -> None:
        nonlocal commits
        commits += 1
        write(store, *given)  # type: ignore[arg-type]

    async def fired(timer: object) -> None:
        pass

    async def scenario(threads: ThreadPoolExecutor) -> None:
        with clock.open():
            async with running(tmp_path, clock=clock) as engine:
                invoker = Invoker(tmp_path, "", threads, nothing_sent)
                triggers = TimerTriggers([every_five_minutes(fired)], invoker, engine, clock)
                await triggers.start()
                if to == "a durable timer":
                    await engine.start_new("wait_for_go", "timer", str(2 * 3600 * 1000))
                else:
                    clock.set("run", START + 2 * HOUR)
                monkeypatch.setattr(Store, "write", counted)
                clock.leave()
                if to == "a durable timer":
                    await ended(engine, "timer")
                else:
                    await until(lambda: clock.mode == "hold")
                clock.enter()
                await triggers.stop()
                row = engine.monitor("sweep")
                assert row
                assert datetime.fromisoformat(row["last"]) == datetime(2027, 3, 2, 11, 0, tzinfo=UTC)

    with ThreadPoolExecutor(1) as threads:
        asyncio.run(scenario(threads))
    assert 24 < commits < 2 * 24, "24 fires and the last jump"  # and a few of the flow that waits


def test_a_host_that_stops_on_the_way_has_remembered_its_last_trigger(tmp_path: Path) -> None:
    clock, fires = VirtualClock(START, tmp_path / "clock"), [START]

    async def fired(timer: object) -> None:
        fires.append(clock.now())

    async def scenario(threads: ThreadPoolExecutor) -> None:
        with clock.open():
            async with running(tmp_path, clock=clock) as engine:
                invoker = Invoker(tmp_path, "", threads, nothing_sent)
                triggers = TimerTriggers([every_five_minutes(fired)], invoker, engine, clock)
                await triggers.start()
                clock.leave()
                clock.set("run", START + 10_000 * HOUR)
                await until(lambda: len(fires) > 5)
                clock.enter()
                await triggers.stop()
        async with running(tmp_path, clock=clock) as engine:
            row = engine.monitor("sweep")
            assert row
            assert datetime.fromisoformat(row["last"]) == fires[-1]

    with ThreadPoolExecutor(1) as threads:
        asyncio.run(scenario(threads))
