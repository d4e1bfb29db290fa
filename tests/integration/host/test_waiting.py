"""Waiting for an instance to end: told after the COMMIT, to all who wait, and never left waiting."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from local.host.engine import Engine
from local.host.model import EngineStopped, Instance, InstanceNotFound
from tests.integration.host.running import in_status, running

A_MINUTE = "60000"


def run(directory: Path, scenario: Callable[[Engine, str], Awaitable[None]]) -> None:
    """On an engine with one instance that waits."""

    async def main() -> None:
        async with asyncio.timeout(20), running(directory) as engine:
            id_ = await engine.start_new("wait_for_go", input_text=A_MINUTE)
            await in_status(engine, id_, "Running")
            await scenario(engine, id_)

    asyncio.run(main())


async def wait(engine: Engine, id_: str) -> asyncio.Task[Instance]:
    """A task that waits already."""
    waiting = asyncio.create_task(engine.ended(id_))
    await asyncio.sleep(0)  # it runs to its first await
    return waiting


def test_all_who_wait_are_told_what_was_committed(tmp_path: Path) -> None:
    async def scenario(engine: Engine, id_: str) -> None:
        waiting = [await wait(engine, id_) for _ in range(2)]
        await engine.raise_event(id_, "go", "1")
        told = await asyncio.gather(*waiting)
        assert told == [engine.status(id_)] * 2
        assert told[0].status == "Completed"
        assert await engine.ended(id_) == told[0]  # long since

    run(tmp_path, scenario)


def test_one_who_gives_up_is_forgotten_and_a_termination_is_an_end(tmp_path: Path) -> None:
    async def scenario(engine: Engine, id_: str) -> None:
        given_up, waiting = await wait(engine, id_), await wait(engine, id_)
        given_up.cancel()
        await engine.terminate(id_, "enough")
        assert (await waiting).status == "Terminated"
        assert given_up.cancelled()

    run(tmp_path, scenario)


def test_nobody_waits_for_an_instance_that_is_not_there(tmp_path: Path) -> None:
    async def scenario(engine: Engine, _: str) -> None:
        with pytest.raises(InstanceNotFound, match="'nobody'"):
            await engine.ended("nobody")

    run(tmp_path, scenario)


def test_nobody_waits_for_an_engine_that_is_gone(tmp_path: Path) -> None:
    async def main() -> None:
        async with running(tmp_path) as engine:
            id_ = await engine.start_new("wait_for_go", input_text=A_MINUTE)
            waiting = await wait(engine, id_)
        async with asyncio.timeout(20):
            with pytest.raises(EngineStopped):
                await waiting

    asyncio.run(main())
