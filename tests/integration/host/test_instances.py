"""Starting, steering and finding instances."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from local.host.engine import Engine
from local.host.model import (
    Instance,
    InstanceExists,
    InstanceFinished,
    InstanceNotFound,
    InvalidInstanceId,
    UnknownOrchestrator,
)
from tests.integration.host.app import functions
from tests.integration.host.running import ended, in_status, result, running, until


def run(directory: Path, scenario: Callable[[Engine], Awaitable[None]], app: Any = None, **settings: Any) -> None:
    async def main() -> None:
        async with running(directory, app, **settings) as engine:
            await scenario(engine)

    asyncio.run(main())


def test_an_unknown_orchestrator_is_refused_by_name(tmp_path: Path) -> None:
    async def scenario(engine: Engine) -> None:
        with pytest.raises(UnknownOrchestrator, match="'nobody' doesn't exist"):
            await engine.start_new("nobody")
        assert engine.query(limit=10) == []

    run(tmp_path, scenario)


@pytest.mark.parametrize("bad", ["", "@entity", "a/b", "a\\b", "a#b", "a?b", "a\nb", "x" * 257])
def test_an_instance_id_that_azure_would_refuse_is_refused(tmp_path: Path, bad: str) -> None:
    async def scenario(engine: Engine) -> None:
        with pytest.raises(InvalidInstanceId):
            await engine.start_new("chain", bad)

    run(tmp_path, scenario)


def test_a_live_instance_is_not_replaced_but_a_finished_one_is(tmp_path: Path) -> None:
    async def scenario(engine: Engine) -> None:
        await engine.start_new("two_events", "x")
        with pytest.raises(InstanceExists, match="'x' is Running"):
            await engine.start_new("chain", "x")
        await engine.terminate("x")
        first = await ended(engine, "x")
        second = await result(engine, "chain", None, "x")
        assert (second.name, second.output) == ("chain", "5")
        assert second.execution_id != first.execution_id
        assert sum(event["EventType"] == 0 for event in engine.history("x")) == 1

    run(tmp_path, scenario)


@pytest.mark.parametrize("action", ["raise_event", "terminate", "suspend", "resume"])
def test_a_missing_or_finished_instance_takes_no_messages(tmp_path: Path, action: str) -> None:
    async def scenario(engine: Engine) -> None:
        with pytest.raises(InstanceNotFound, match="'gone'"):
            await getattr(engine, action)("gone", "why")
        await result(engine, "chain", None, "done")
        with pytest.raises(InstanceFinished, match="'done' is Completed"):
            await getattr(engine, action)("done", "why")

    run(tmp_path, scenario)


def test_more_requests_than_one_transaction_takes_are_all_answered(tmp_path: Path) -> None:
    async def scenario(engine: Engine) -> None:
        ids = [f"{number:04}" for number in range(2500)]
        assert await asyncio.gather(*[engine.start_new("plain", id_) for id_ in ids]) == ids
        assert _ids(engine.query(limit=3000)) == ids

    run(tmp_path, scenario)


def test_terminating_ends_an_instance_and_fails_the_call_of_its_parent(tmp_path: Path) -> None:
    async def scenario(engine: Engine) -> None:
        await engine.start_new("call_child", "parent", '["two_events", "child"]')
        await engine.terminate("child", "enough")
        child = await ended(engine, "child")
        assert (child.status, child.output, child.failure) == ("Terminated", '"enough"', "enough")
        assert (await ended(engine, "parent")).output == '"child failed: terminated: enough \\n "'

    run(tmp_path, scenario)


def test_a_terminated_instance_drops_the_activities_that_wait_and_ignores_the_one_that_runs(
    tmp_path: Path,
) -> None:
    release = threading.Event()
    started: list[Any] = []

    def held(caller: Any) -> None:
        started.append(caller)
        release.wait(20)

    def many(context: Any) -> Any:
        yield context.task_all([context.call_activity("held", n) for n in range(500)])

    async def scenario(engine: Engine) -> None:
        await engine.start_new("many", "m")
        await until(lambda: started)
        await engine.terminate("m")
        release.set()
        assert (await result(engine, "chain", None, "m")).output == "5"

    run(tmp_path, scenario, functions(many, held=held), max_activities=1)
    assert len(started) < 300  # those in memory already, not the rest of the table


def test_a_suspended_instance_takes_its_messages_in_order_when_resumed(tmp_path: Path, sticky: bool) -> None:
    async def scenario(engine: Engine) -> None:
        await engine.start_new("two_events", "s")
        await engine.suspend("s", "a break")
        suspended = await in_status(engine, "s", "Suspended")
        assert suspended.failure == "a break"
        await engine.raise_event("s", "E", "1")
        await engine.raise_event("s", "E", "2")
        assert (await result(engine, "chain")).status == "Completed"
        assert (await in_status(engine, "s", "Suspended")).output is None
        await engine.resume("s")
        assert (await ended(engine, "s")).output == "[1, 2]"

    run(tmp_path, scenario, sticky=sticky)


def test_restarting_uses_the_same_name_and_input(tmp_path: Path) -> None:
    async def scenario(engine: Engine) -> None:
        await result(engine, "fan_out", "3", "first")
        again = await engine.restart("first", new_id=True)
        assert again != "first"
        assert (await ended(engine, again)).output == "6"
        assert await engine.restart("first", new_id=False) == "first"
        await ended(engine, "first")
        with pytest.raises(InstanceNotFound):
            await engine.restart("nobody")
        await engine.start_new("two_events", "live")
        with pytest.raises(InstanceExists):
            await engine.restart("live", new_id=False)

    run(tmp_path, scenario)


def test_purging_forgets_finished_instances_only(tmp_path: Path) -> None:
    async def scenario(engine: Engine) -> None:
        for name in ("a", "b"):
            await result(engine, "chain", None, name)
        await engine.start_new("two_events", "live")
        assert await engine.purge(["a", "a", "live", "nobody"]) == 1
        assert [instance.id for instance in engine.query(limit=10)] == ["b", "live"]
        assert engine.history("a") == []

    run(tmp_path, scenario)


def test_a_late_result_does_not_reach_the_instance_that_took_the_same_id(tmp_path: Path) -> None:
    releases = [threading.Event(), threading.Event()]
    calls: list[int] = []

    def held(_: Any) -> int:
        calls.append(len(calls))
        number = calls[-1]
        releases[number].wait(20)
        return number

    async def scenario(engine: Engine) -> None:
        await engine.start_new("blocked", "x")
        await until(lambda: len(calls) == 1)
        await engine.terminate("x")
        await engine.purge(["x"])
        await engine.start_new("blocked", "x")
        await until(lambda: len(calls) == 2)
        releases[0].set()
        await result(engine, "chain")
        assert (await in_status(engine, "x", "Running")).output is None
        releases[1].set()
        assert (await ended(engine, "x")).output == "1"

    run(tmp_path, scenario, functions(held=held), max_activities=3)


def test_instances_are_found_by_status_creation_and_prefix_page_by_page(tmp_path: Path) -> None:
    async def scenario(engine: Engine) -> None:
        for number in range(3):
            await result(engine, "chain", None, f"a-{number}")
        await engine.start_new("two_events", "a-live")
        await engine.start_new("two_events", "b-live")
        assert _ids(engine.query(id_prefix="a-", limit=10)) == ["a-0", "a-1", "a-2", "a-live"]
        assert _ids(engine.query(status=["Running"], limit=10)) == ["a-live", "b-live"]
        assert _ids(engine.query(after="a-1", limit=2)) == ["a-2", "a-live"]
        middle = engine.query(id_prefix="a-1", limit=1)[0].created
        assert _ids(engine.query(created_from=middle, created_to=middle, limit=10)) == ["a-1"]

    run(tmp_path, scenario)


def test_the_default_version_is_stamped_on_instances_and_their_children(tmp_path: Path) -> None:
    async def scenario(engine: Engine) -> None:
        await engine.start_new("call_child", "p", '["reports_status", "c"]')
        await engine.start_new("reports_status", "given", None, "0.9")
        for name in ("c", "given"):
            await engine.raise_event(name, "go")
        assert (await ended(engine, "p")).output == '"1.0.0"'
        assert (await ended(engine, "given")).output == '"0.9"'
        assert engine.history("c")[1]["Version"] == "1.0.0"

    run(tmp_path, scenario, default_version="1.0.0")


def test_an_instance_of_a_newer_version_waits_for_a_newer_host(tmp_path: Path) -> None:
    async def old_host(engine: Engine) -> None:
        await engine.start_new("chain", "new", None, "2.0.0")
        assert (await result(engine, "chain")).status == "Completed"
        assert (await in_status(engine, "new", "Pending")).version == "2.0.0"

    async def new_host(engine: Engine) -> None:
        assert (await ended(engine, "new")).output == "5"

    run(tmp_path, old_host, default_version="1.0.0")
    run(tmp_path, new_host, default_version="2.0.0")


def test_an_instance_of_another_version_fails_where_the_host_says_so(tmp_path: Path) -> None:
    async def scenario(engine: Engine) -> None:
        await engine.start_new("chain", "new", None, "0.9")
        instance = await ended(engine, "new")
        assert instance.status == "Failed"
        assert "version '0.9' does not match this host's '1.0.0' (Strict)" in (instance.failure or "")

    run(tmp_path, scenario, default_version="1.0.0", version_match="Strict", version_failure="Fail")


def test_monitor_rows_are_kept(tmp_path: Path) -> None:
    async def scenario(engine: Engine) -> None:
        assert engine.monitor("sweep") is None
        await engine.set_monitor("sweep", {"last": "2026-01-01"})
        assert engine.monitor("sweep") == {"last": "2026-01-01"}

    run(tmp_path, scenario)


def _ids(instances: list[Instance]) -> list[str]:
    return [instance.id for instance in instances]


def test_neither_purging_nor_continuing_as_new_leaves_rows_behind(tmp_path: Path) -> None:
    tables = ("history", "work", "timers", "inbox")

    def rows(engine: Engine) -> dict[str, int]:
        def count(db: sqlite3.Connection) -> dict[str, int]:
            return {table: db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables}

        return engine.read(count)

    async def scenario(engine: Engine) -> None:
        await engine.start_new("count_down", "short", "0")
        await in_status(engine, "short", "Running")
        one_execution = rows(engine)["history"]
        assert one_execution > 0
        await engine.start_new("count_down", "long", "40")
        # The forty executions before the last are gone.
        await until(lambda: (rows(engine)["history"] == 2 * one_execution and _waits_for_last(engine, "long")) or None)
        for name in ("long", "short"):
            await engine.raise_event(name, "last")
            await ended(engine, name)
        assert await engine.purge(["long"]) == 1
        assert rows(engine)["history"] > 0, "that of the other instance stays"
        assert await engine.purge(["short"]) == 1
        assert rows(engine) == dict.fromkeys(tables, 0)

    run(tmp_path, scenario)


def _waits_for_last(engine: Engine, instance_id: str) -> bool:
    found = engine.status(instance_id)
    return found is not None and found.input == "0"
