"""huey, a task queue on SQLite: a workflow is a pipeline of tasks, and a fan-out a chord. A task's row is deleted when
it is taken (at most once). Its workers poll; the shortest wait is set to 1 ms here, from its default of 100 ms."""

from __future__ import annotations

import logging
from typing import Any

from huey import SqliteHuey
from huey.api import chord

from benchmarks.peers.meter import STEPS, Meter, check, fan_total, main

logging.getLogger("huey").setLevel(logging.ERROR)
tasks = SqliteHuey("bench", filename="huey.db", fsync=True)


@tasks.task()
def add_one(number: int) -> int:
    return number + 1


@tasks.task()
def total(numbers: list[int]) -> int:
    return sum(numbers)


def _work() -> None:
    tasks.create_consumer(workers=2, periodic=False, initial_delay=0.001, max_delay=0.01, backoff=1.15).start()


def _start(number: int, steps: int) -> Any:
    pipeline = add_one.s(number)
    for _ in range(steps - 1):
        pipeline = pipeline.then(add_one)
    return list(tasks.enqueue(pipeline))[-1]


def _result(started: Any, longest_wait: float = 0.01) -> Any:
    return started.get(blocking=True, backoff=1.05, max_delay=longest_wait)


def many(meter: Meter, size: int) -> None:
    _work()
    with meter:
        started = [_start(n, STEPS) for n in range(size)]
        found = [_result(each) for each in started]
    check(found, [n + STEPS for n in range(size)])


def fan(meter: Meter, size: int) -> None:
    _work()
    with meter:
        found = _result(tasks.enqueue(chord([add_one.s(n) for n in range(size)], total.s())))
    check(found, fan_total(size))


def single(meter: Meter, size: int) -> None:
    _work()
    with meter:
        for n in range(size):
            with meter.lap():
                check(_result(_start(n, STEPS), 0.002), n + STEPS)


def chain(meter: Meter, size: int) -> None:
    _work()
    with meter:
        check(_result(_start(0, size)), size)


if __name__ == "__main__":
    main({"many": many, "fan": fan, "single": single, "chain": chain}, "huey")
