"""The virtual clock: jumps only when nothing is open, and histories that are the same byte for byte."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from local.host.clock import VirtualClock
from local.host.model import Functions
from tests.integration.host.app import functions
from tests.integration.host.running import ended, result, running, until

START = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def virtual(directory: Path) -> VirtualClock:
    return VirtualClock(START, directory / "clock")


def days(context: Any) -> Any:
    """Each day: activities side by side, and the first of others."""
    seen = []
    for _ in range(context.get_input() or 3):
        yield context.create_timer(context.current_utc_datetime + DAY)
        seen += yield context.task_all([context.call_activity("work", [context.instance_id, n]) for n in range(4)])
        first = yield context.task_any([context.call_activity("work", n) for n in range(4)])
        seen.append(first.result)
    return seen


def houses(context: Any) -> Any:
    return (yield context.task_all([context.call_sub_orchestrator("days") for _ in range(3)]))


def app(work: Callable[[Any], Any] = lambda what: what) -> Functions:
    return functions(days, houses, work=work)


def test_histories_are_the_same_byte_for_byte_whatever_the_activities_took(tmp_path: Path, sticky: bool) -> None:
    def uneven(seed: int) -> Callable[[Any], Any]:
        calls = count(seed)

        def work(what: Any) -> Any:
            sum(range(next(calls) * 7919 % 13 * 10_000))
            return what

        return work

    async def histories(directory: Path, seed: int) -> list[str]:
        clock = virtual(directory)
        async with running(directory, app(uneven(seed)), clock, sticky=sticky) as engine:
            with clock.open():
                for number in range(3):
                    await engine.start_new("houses", f"h{number}")
            for number in range(3):
                await ended(engine, f"h{number}")
            return [json.dumps(engine.history(found.id)) for found in engine.query(limit=100)]

    first = asyncio.run(histories(tmp_path / "first", 1))
    second = asyncio.run(histories(tmp_path / "second", 5))
    assert len(first) == 12
    assert first == second


def test_a_quarter_of_a_year_passes_at_once_and_leaves_the_same_histories_twice(tmp_path: Path) -> None:
    def quarter(context: Any) -> Any:
        """Every six hours a look; once a day by a child."""
        for number in range(92 * 4):
            yield context.create_timer(context.current_utc_datetime + DAY / 4)
            if number % 4 == 3:
                yield context.call_sub_orchestrator("daily", number)
        return context.current_utc_datetime.isoformat()

    def daily(context: Any) -> Any:
        return (yield context.task_all([context.call_activity("add_one", n) for n in range(3)]))

    async def histories(directory: Path) -> list[str]:
        clock = virtual(directory)
        async with running(directory, functions(quarter, daily), clock) as engine:
            with clock.open():
                for number in range(3):
                    await engine.start_new("quarter", f"q{number}")
            for number in range(3):
                assert json.loads((await ended(engine, f"q{number}")).output or "") == "2026-06-01T08:00:00+00:00"
            return [json.dumps(engine.history(found.id)) for found in engine.query(limit=1000)]

    first = asyncio.run(histories(tmp_path / "first"))
    assert len(first) == 3 + 3 * 92
    assert asyncio.run(histories(tmp_path / "second")) == first


def test_days_pass_at_once_and_end_at_the_last_timer(tmp_path: Path) -> None:
    clock = virtual(tmp_path)

    async def scenario() -> None:
        async with running(tmp_path, app(), clock) as engine:
            instance = await result(engine, "days", "30")
            assert instance.last_updated - instance.created == 30 * DAY
            await until(lambda: clock.opened == 0)
            assert clock.now() == START + 30 * DAY

    asyncio.run(scenario())
    assert _published(tmp_path) == START + 30 * DAY


def test_time_stands_still_while_a_request_or_an_activity_is_open(tmp_path: Path) -> None:
    clock, release = virtual(tmp_path), threading.Event()

    async def scenario() -> None:
        async with running(tmp_path, functions(held=lambda _: release.wait(20)), clock) as engine:
            with clock.open():
                await engine.start_new("wait_for_go", "timer", "60000")
                await engine.start_new("blocked", "b")
                assert clock.opened > 0
            await result(engine, "plain")
            assert clock.now() == START
            release.set()
            assert (await ended(engine, "timer")).output == '"too late"'
            assert clock.now() == START + timedelta(minutes=1)

    asyncio.run(scenario())


def test_an_event_waits_for_the_activities_of_its_moment_and_is_not_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = threading.Event()
    monkeypatch.setattr("local.host.engine._GRACE", 0.01)

    async def before() -> None:
        async with running(tmp_path, functions(held=lambda _: release.wait(20)), virtual(tmp_path)) as engine:
            await engine.start_new("blocked", "b")
            await engine.start_new("reports_status", "r")
            await engine.raise_event("r", "go")
            await result(engine, "plain")
            assert "go" not in [event.get("Name") for event in engine.history("r")]

    async def after() -> None:
        async with running(tmp_path, functions(held=lambda _: "again"), virtual(tmp_path)) as engine:
            await ended(engine, "r")
            assert (await ended(engine, "b")).output == '"again"'

    asyncio.run(before())
    asyncio.run(after())
    release.set()


def test_it_runs_until_a_time_and_holds_there(tmp_path: Path) -> None:
    clock = virtual(tmp_path)

    async def scenario() -> None:
        async with running(tmp_path, app(), clock) as engine:
            clock.set("hold")
            await engine.start_new("days", "d", "10")
            clock.set("run", START + 4 * DAY)
            await until(lambda: clock.mode == "hold")
            assert clock.now() == START + 4 * DAY
            assert engine.next_timer() == START + 5 * DAY
            assert len([event for event in engine.history("d") if event["EventType"] == 11]) == 4
            clock.set("run")
            await ended(engine, "d")
            assert clock.now() == START + 10 * DAY

    asyncio.run(scenario())


def test_without_a_time_it_does_not_move_for_triggers_alone(tmp_path: Path) -> None:
    clock = virtual(tmp_path)
    clock.next_trigger = lambda: START + timedelta(hours=1)

    async def scenario() -> None:
        async with running(tmp_path, app(), clock) as engine:
            await result(engine, "chain")
            await until(lambda: clock.opened == 0)
            assert clock.now() == START

    asyncio.run(scenario())


def test_triggers_fire_at_their_own_time_on_the_way(tmp_path: Path) -> None:
    clock = virtual(tmp_path)
    trigger = Trigger(clock, timedelta(hours=5))
    clock.next_trigger = trigger.next
    clock.listen(trigger.look)

    async def scenario() -> None:
        async with running(tmp_path, app(), clock) as engine:
            assert (await result(engine, "days", "2")).status == "Completed"
            clock.set("run", START + 3 * DAY)
            await until(lambda: clock.mode == "hold")

    asyncio.run(scenario())
    assert trigger.fired == [START + n * timedelta(hours=5) for n in range(1, 15)]
    assert clock.now() == START + 3 * DAY


class Trigger:
    """A timer trigger as the edge has it: looks after each jump, fires in a scope."""

    def __init__(self, clock: VirtualClock, every: timedelta) -> None:
        self._clock, self._every = clock, every
        self._due = clock.now() + every
        self.fired: list[datetime] = []

    def next(self) -> datetime:
        return self._due

    def look(self) -> None:
        if self._clock.now() >= self._due:
            with self._clock.open():
                self.fired.append(self._clock.now())
                self._due += self._every


def test_a_restart_goes_on_from_the_stored_time(tmp_path: Path) -> None:
    async def before() -> None:
        async with running(tmp_path, app(), virtual(tmp_path)) as engine:
            await result(engine, "days", "2")

    async def after(clock: VirtualClock) -> None:
        async with running(tmp_path, app(), clock):
            assert clock.now() == START + 2 * DAY

    asyncio.run(before())
    (tmp_path / "clock").unlink()
    asyncio.run(after(VirtualClock(START, tmp_path / "clock")))
    assert _published(tmp_path) == START + 2 * DAY


def test_a_time_in_the_past_or_without_a_zone_is_refused(tmp_path: Path) -> None:
    clock = virtual(tmp_path)
    with pytest.raises(ValueError, match="until: 2026-03-01T07:59:59"):
        clock.set("run", START - timedelta(seconds=1))
    with pytest.raises(ValueError, match="until: the time needs a zone"):
        clock.set("run", START.replace(tzinfo=None))
    with pytest.raises(ValueError, match="until: only the mode 'run'"):
        clock.set("hold", START)


def _published(directory: Path) -> datetime:
    nanoseconds = int.from_bytes((directory / "clock").read_bytes(), "little")
    return datetime.fromtimestamp(nanoseconds // 10**9, UTC)
