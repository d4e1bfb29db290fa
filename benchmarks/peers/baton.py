"""The embedded host's engine with the app of this benchmark, as the host loads it, without HTTP. synchronous=FULL.

Whoever waits for a workflow is told of its end after the COMMIT that holds it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from benchmarks.peers.meter import STEPS, Meter, Workload, check, fan_total, main
from local.host.clock import RealClock
from local.host.config import read_host_json
from local.host.engine import Engine
from local.host.invoke import Invoker
from local.host.links import Links
from local.host.loader import load_app
from local.host.model import EngineSettings

APP = Path(__file__).parents[1] / "app"


@asynccontextmanager
async def _running() -> AsyncIterator[Engine]:
    settings = read_host_json(APP)
    binding = Links("http://127.0.0.1", settings.hub_name, "key").client_binding()
    invoker = Invoker(APP, binding, ThreadPoolExecutor(1), _no_bus, settings.function_timeout)
    engine_settings = EngineSettings(max_activities=settings.max_activities, function_timeout=settings.function_timeout)
    engine = Engine(Path("state"), load_app(APP).durable(invoker), RealClock(), engine_settings)
    await engine.start()
    yield engine
    await engine.stop()


async def _no_bus(_: Any) -> None:
    raise RuntimeError("this app sends no messages")


async def _run(engine: Engine, name: str, given: Any) -> Any:
    """Start a workflow and wait for its end, as POST …/orchestrators/NAME?timeout=… does."""
    ended = await engine.ended(await engine.start_new(name, input_text=json.dumps(given)))
    return json.loads(ended.output) if ended.output else ended.failure


async def many(engine: Engine, meter: Meter, size: int) -> None:
    with meter:
        found = await asyncio.gather(*(_run(engine, "chain", [n, STEPS]) for n in range(size)))
    check(found, [n + STEPS for n in range(size)])


async def fan(engine: Engine, meter: Meter, size: int) -> None:
    with meter:
        found = await _run(engine, "fan", size)
    check(found, fan_total(size))


async def single(engine: Engine, meter: Meter, size: int) -> None:
    with meter:
        for n in range(size):
            with meter.lap():
                check(await _run(engine, "chain", [n, STEPS]), n + STEPS)


async def chain(engine: Engine, meter: Meter, size: int) -> None:
    with meter:
        check(await _run(engine, "chain", [0, size]), size)


def _alone(workload: Callable[[Engine, Meter, int], Awaitable[None]]) -> Workload:
    async def work(meter: Meter, size: int) -> None:
        async with _running() as engine:
            await workload(engine, meter, size)

    return lambda meter, size: asyncio.run(work(meter, size))


if __name__ == "__main__":
    main({"many": _alone(many), "fan": _alone(fan), "single": _alone(single), "chain": _alone(chain)})
