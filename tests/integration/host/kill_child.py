"""A host that is meant to be killed: `python -m tests.integration.host.kill_child DIRECTORY LOG MODE`.

Each activity writes a line to LOG before and after it "acts". The child ends when all its instances have.
"""

from __future__ import annotations

import asyncio
import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from local.host.clock import RealClock, VirtualClock
from tests.integration.host.app import functions
from tests.integration.host.running import ended, running

START = datetime(2026, 3, 1, tzinfo=UTC)
INSTANCES = 4
WIDTH = 120
ROUNDS = 3


def tree(context: Any) -> Any:
    """A fan-out, a child that counts, a timer, then a chain."""
    me = context.instance_id
    wide = yield context.task_all([context.call_activity("act", f"{me}/wide/{n}") for n in range(WIDTH)])
    rounds = yield context.call_sub_orchestrator("counting", [me, 0])
    yield context.create_timer(context.current_utc_datetime + timedelta(milliseconds=20))
    chain = []
    for n in range(20):
        chain.append((yield context.call_activity("act", f"{me}/chain/{n}")))
    return len(wide) + rounds + len(chain)


def counting(context: Any) -> Any:
    me, number = context.get_input()
    yield context.task_all([context.call_activity("act", f"{me}/round{number}/{n}") for n in range(10)])
    if number + 1 < ROUNDS:
        context.continue_as_new([me, number + 1])
        return None
    return ROUNDS * 10


def expected_keys() -> set[str]:
    """Every key that must have acted by the end."""
    parts = [f"wide/{n}" for n in range(WIDTH)] + [f"chain/{n}" for n in range(20)]
    parts += [f"round{number}/{n}" for number in range(ROUNDS) for n in range(10)]
    return {f"t{number}/{part}" for number in range(INSTANCES) for part in parts}


async def main(directory: Path, log: Path, mode: str) -> None:
    descriptor = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def act(key: str) -> str:
        os.write(descriptor, f"start {key}\n".encode())
        os.write(descriptor, f"end {key}\n".encode())
        return key

    clock = VirtualClock(START, directory / "clock") if mode == "virtual" else RealClock()
    clock.enter()  # all start at the same virtual time
    async with running(directory, functions(tree, counting, act=act), clock, sticky=mode != "replay") as engine:
        for number in range(INSTANCES):
            if engine.status(f"t{number}") is None:
                await engine.start_new("tree", f"t{number}")
        clock.leave()
        for number in range(INSTANCES):
            await ended(engine, f"t{number}")


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]))
