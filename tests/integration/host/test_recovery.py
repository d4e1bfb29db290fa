"""What survives a stop, a full disk, a changed app: nothing committed is lost, and what cannot go on says so."""

from __future__ import annotations

import asyncio
import json
import resource
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from local.host.clock import RealClock, VirtualClock
from local.host.deadlines import Deadlines
from local.host.engine import Engine
from local.host.model import (
    ActivityFunction,
    EngineSettings,
    EngineStopped,
    Functions,
    OrchestratorFunction,
    StateRefused,
)
from tests.integration.host.app import functions
from tests.integration.host.running import ended, in_status, result, running, until


def test_timers_events_and_activities_go_on_after_a_restart(tmp_path: Path, sticky: bool) -> None:
    release = threading.Event()

    async def before() -> None:
        async with running(tmp_path, functions(held=lambda _: release.wait(20)), sticky=sticky) as engine:
            await engine.start_new("wait_for_go", "timer", "50")
            await engine.start_new("two_events", "events")
            await engine.raise_event("events", "E", "1")
            await engine.start_new("two_events", "suspended")
            await engine.suspend("suspended")
            await engine.raise_event("suspended", "E", "1")
            await engine.start_new("blocked", "activity")
            release.set()

    async def after() -> None:
        async with running(tmp_path, functions(held=str.upper), sticky=sticky) as engine:
            assert (await ended(engine, "timer")).output == '"too late"'
            await engine.raise_event("events", "E", "2")
            assert (await ended(engine, "events")).output == "[1, 2]"
            await engine.raise_event("suspended", "E", "2")
            await engine.resume("suspended")
            assert (await ended(engine, "suspended")).output == "[1, 2]"
            assert (await ended(engine, "activity")).output in ("true", '"ACTIVITY"')

    asyncio.run(before())
    asyncio.run(after())


def test_an_activity_that_outlives_the_grace_runs_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    release = threading.Event()
    monkeypatch.setattr("local.host.engine._GRACE", 0.01)

    async def before() -> None:
        app = functions(held=lambda _: release.wait(20) and "first host")
        async with running(tmp_path, app, max_activities=1) as engine:
            await engine.start_new("blocked", "b")

    async def after() -> None:
        async with running(tmp_path, functions(held=lambda _: "second host")) as engine:
            assert (await ended(engine, "b")).output == '"second host"'

    asyncio.run(before())
    asyncio.run(after())
    release.set()


def test_more_activities_than_memory_holds_all_run_in_order(tmp_path: Path) -> None:
    seen: list[int] = []

    def many(context: Any) -> Any:
        yield context.task_all([context.call_activity("note", n) for n in range(3000)])

    async def scenario() -> None:
        async with running(tmp_path, functions(many, note=seen.append), max_activities=1) as engine:
            await result(engine, "many")

    asyncio.run(scenario())
    assert seen == list(range(3000))


def test_a_second_host_on_the_same_directory_is_refused(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with running(tmp_path):
            with pytest.raises(StateRefused, match="another host is running"):
                await _engine(tmp_path).start()
        async with running(tmp_path):
            pass

    asyncio.run(scenario())


def test_a_database_of_a_newer_host_is_refused_and_left_alone(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "host.db") as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(StateRefused, match=r"newer host \(schema 99; this one knows up to \d+\)"):
        asyncio.run(_engine(tmp_path).start())


def test_a_full_disk_loses_nothing_and_leaves_memory_behind_no_transaction(tmp_path: Path, sticky: bool) -> None:
    """The size of files is limited, as by a disk that is full, while an activity ends and an event is sent."""
    release = threading.Event()

    async def scenario() -> None:
        app = functions(held=lambda _: release.wait(20) and "x" * 5000)
        async with running(tmp_path, app, sticky=sticky) as engine:
            await engine.start_new("blocked", "b")
            await engine.start_new("two_events", "e")
            await engine.raise_event("e", "E", "1")
            with _no_room(tmp_path):
                release.set()
                with pytest.raises(sqlite3.OperationalError):
                    await engine.raise_event("e", "E", json.dumps("lost" * 2000))
            assert (await ended(engine, "b")).output == json.dumps("x" * 5000)
            await engine.raise_event("e", "E", "2")
            assert (await ended(engine, "e")).output == "[1, 2]"

    asyncio.run(scenario())


def test_an_engine_that_cannot_go_on_says_so_to_everybody_who_asks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_: Deadlines) -> None:
        raise MemoryError("simulated")

    async def scenario() -> None:
        async with running(tmp_path) as engine:
            await engine.start_new("two_events", "e")
            monkeypatch.setattr(Deadlines, "next", broken)
            monkeypatch.setattr(threading, "excepthook", lambda _: None)
            with suppress(EngineStopped):  # it stops when it next looks for timers: before or after this
                await engine.raise_event("e", "E", "1")
            for _ in range(3):
                with pytest.raises(EngineStopped, match=r"has stopped: MemoryError\('simulated'\)"):
                    await engine.raise_event("e", "E", "2")

    asyncio.run(scenario())
    assert "the engine has stopped" in caplog.text


def test_an_engine_that_was_stopped_lets_nobody_wait_for_it(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with running(tmp_path) as engine:
            await engine.start_new("two_events", "e")
        with pytest.raises(EngineStopped, match="has stopped"):
            await engine.raise_event("e", "E", "1")

    asyncio.run(scenario())


async def _cancelled(_: str | None) -> str:
    raise asyncio.CancelledError("from inside")


def test_an_activity_that_cancels_itself_fails_and_is_not_waited_for_for_ever(tmp_path: Path) -> None:
    async def scenario() -> None:
        app = functions()
        app.activities["raises"] = ActivityFunction("raises", _cancelled, is_async=True)
        async with running(tmp_path, app) as engine:
            instance = await result(engine, "calls_one_that_raises")
            assert "Activity function 'raises' failed: from inside" in (instance.output or "")

    asyncio.run(scenario())


class FailingCommits:
    """A connection whose next COMMITs fail with an I/O error."""

    def __init__(self, db: sqlite3.Connection, left: int) -> None:
        self._db, self.left = db, left

    def execute(self, sql: str, *given: Any) -> Any:
        if sql == "COMMIT" and self.left:
            self.left -= 1
            raise sqlite3.OperationalError("disk I/O error")
        return self._db.execute(sql, *given)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._db, name)


@pytest.mark.parametrize("kind", ["real", "virtual"])
def test_commits_that_fail_again_and_again_are_made_up_for_though_nobody_asks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, sticky: bool
) -> None:
    monkeypatch.setattr("local.host.worker._RETRY_AFTER", 0.01)
    release = threading.Event()

    async def scenario() -> None:
        clock = RealClock() if kind == "real" else VirtualClock(None, tmp_path / "clock")
        app = functions(held=lambda _: release.wait(20))
        async with running(tmp_path, app, clock, sticky=sticky) as engine:
            await engine.start_new("blocked", "b")
            failing = FailingCommits(engine._store._db, 4)
            engine._store._db = failing  # type: ignore[assignment]  # the same calls
            release.set()
            assert (await ended(engine, "b")).output == "true"
            assert failing.left == 0

    asyncio.run(scenario())


def test_a_jump_whose_commits_fail_is_made_up_for_and_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """To a message of the edge, which asks for nothing before it is told that the time has come."""
    monkeypatch.setattr("local.host.worker._RETRY_AFTER", 0.01)
    start = datetime(2026, 3, 1, tzinfo=UTC)
    clock, due, told = VirtualClock(start, tmp_path / "clock"), start + timedelta(hours=1), set[datetime]()
    clock.listen(lambda: told.add(clock.now()))

    def message() -> datetime | None:
        return None if due in told else due

    async def scenario() -> None:
        async with running(tmp_path, clock=clock) as engine:
            await result(engine, "plain")
            with clock.open():
                failing = FailingCommits(engine._store._db, 3)
                engine._store._db = failing  # type: ignore[assignment]  # the same calls
                clock.next_message = clock.next_scheduled = message
            await until(lambda: due in told)
            assert failing.left == 0

    asyncio.run(scenario())


@contextmanager
def _no_room(directory: Path) -> Iterator[None]:
    size = (directory / "host.db-wal").stat().st_size
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def _two_steps(first: str, second: str) -> OrchestratorFunction:
    def steps(context: Any) -> Any:
        yield context.call_activity("add_one", 1) if first == "activity" else context.call_sub_orchestrator("chain")
        yield context.wait_for_external_event("go")
        return (yield context.call_activity(second, 1))

    return OrchestratorFunction("steps", steps)


def _app(orchestrator: OrchestratorFunction | None) -> Functions:
    app = functions(other=lambda _: 0)
    more = {"steps": orchestrator} if orchestrator else {}
    return Functions({**app.orchestrators, **more}, app.activities)


def test_a_changed_orchestrator_is_parked_with_the_step_named_and_goes_on_once_mended(tmp_path: Path) -> None:
    async def run(orchestrator: OrchestratorFunction | None, expected: str) -> None:
        async with running(tmp_path, _app(orchestrator)) as engine:
            await engine.resume("s")
            parked = await in_status(engine, "s", "Suspended")
            assert parked.failure == expected

    async def before() -> None:
        async with running(tmp_path, _app(_two_steps("activity", "add_one"))) as engine:
            await engine.start_new("steps", "s")
            await until(lambda: len(engine.history("s")) > 4)
            await engine.suspend("s")
            await engine.raise_event("s", "go")

    async def mended() -> None:
        async with running(tmp_path, _app(_two_steps("activity", "add_one"))) as engine:
            await engine.resume("s")
            instance = await ended(engine, "s")
            assert (instance.output, instance.failure) == ("2", None)

    asyncio.run(before())
    records = "non-deterministic orchestrator: history records step 0, activity 'add_one', the replay asks for "
    asyncio.run(run(_two_steps("child", "add_one"), records + "step 0, sub-orchestration 'chain'"))
    asyncio.run(run(None, "the app has no orchestrator function named 'steps'"))
    asyncio.run(mended())


def test_an_orchestrator_that_now_ends_early_is_parked(tmp_path: Path) -> None:
    def short(context: Any) -> Any:
        yield context.call_activity("add_one", 1)

    async def before() -> None:
        async with running(tmp_path, _app(_two_steps("activity", "add_one"))) as engine:
            await engine.start_new("steps", "s")
            await until(lambda: len(engine.history("s")) > 4)

    async def after() -> None:
        async with running(tmp_path, _app(OrchestratorFunction("steps", short))) as engine:
            await engine.raise_event("s", "go")
            parked = await in_status(engine, "s", "Suspended")
            assert parked.failure == ("non-deterministic orchestrator: the replay ends where the recorded run went on")

    asyncio.run(before())
    asyncio.run(after())


def test_a_timer_fires_at_its_time_not_before_and_behind_no_later_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The engine looks at the clock only when it has to, so that a wait for the wrong time would not end here."""
    monkeypatch.setattr("local.host.worker._LONGEST_WAIT", 3600.0)
    early: list[timedelta] = []

    def pause(context: Any) -> Any:
        at = context.current_utc_datetime + timedelta(milliseconds=context.get_input())
        yield context.create_timer(at)
        yield context.call_activity("note", at.isoformat())

    def note(at: str) -> None:
        early.append(datetime.fromisoformat(at) - datetime.now(UTC))

    async def scenario() -> None:
        async with running(tmp_path, functions(pause, note=note)) as engine:
            await engine.start_new("pause", "in an hour", "3600000")
            for milliseconds in ("60", "30"):
                await result(engine, "pause", milliseconds)

    asyncio.run(scenario())
    assert len(early) == 2
    assert max(early) <= timedelta(0)


def _engine(directory: Path) -> Engine:
    return Engine(directory, functions(), RealClock(), EngineSettings())
