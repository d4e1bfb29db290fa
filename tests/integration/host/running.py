"""Running a real engine inside a test."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

from local.host.clock import Clock, RealClock
from local.host.engine import Engine
from local.host.model import FINISHED, EngineSettings, Functions, Instance
from tests.integration.host.app import functions

T = TypeVar("T")


@asynccontextmanager
async def running(
    directory: Path, app: Functions | None = None, clock: Clock | None = None, **settings: Any
) -> AsyncIterator[Engine]:
    """An engine on this directory, stopped at the end of the block."""
    engine = Engine(directory, app or functions(), clock or RealClock(), EngineSettings(**settings))
    await engine.start()
    try:
        yield engine
    finally:
        await engine.stop()


async def until(condition: Callable[[], T | None], seconds: float = 20.0) -> T:
    """The first true value of the condition."""
    never = asyncio.Event()
    async with asyncio.timeout(seconds):
        while not (value := condition()):
            with suppress(TimeoutError):
                await asyncio.wait_for(never.wait(), 0.003)
    return value


async def ended(engine: Engine, instance_id: str) -> Instance:
    """The instance once it has come to its end."""

    def finished() -> Instance | None:
        instance = engine.status(instance_id)
        return instance if instance and instance.status in FINISHED else None

    return await until(finished)


async def in_status(engine: Engine, instance_id: str, status: str) -> Instance:
    """The instance once it has this status."""

    def there() -> Instance | None:
        instance = engine.status(instance_id)
        return instance if instance and instance.status == status else None

    return await until(there)


async def result(engine: Engine, name: str, input_text: str | None = None, instance_id: str | None = None) -> Instance:
    """Start an orchestration and wait for its end."""
    return await ended(engine, await engine.start_new(name, instance_id, input_text))
