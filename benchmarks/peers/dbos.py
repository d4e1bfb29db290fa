"""DBOS on SQLite. Its own settings are a rollback journal and synchronous=FULL; with the argument `wal` the file is
switched to WAL first, which a user could do too. A fan-out is asynchronous steps gathered in one workflow."""

from __future__ import annotations

import asyncio
import sqlite3
import sys
from contextlib import closing

from dbos import DBOS

from benchmarks.peers.meter import STEPS, Meter, check, fan_total, main

if "wal" in sys.argv:
    with closing(sqlite3.connect("dbos.db")) as db:
        db.execute("PRAGMA journal_mode = WAL")
DBOS(config={"name": "bench", "system_database_url": "sqlite:///dbos.db", "log_level": "ERROR"})


@DBOS.step()
def add_one(number: int) -> int:
    return number + 1


@DBOS.step()
async def add_one_aside(number: int) -> int:
    return number + 1


@DBOS.workflow()
def steps_in_line(number: int, steps: int) -> int:
    for _ in range(steps):
        number = add_one(number)
    return number


@DBOS.workflow()
async def steps_side_by_side(size: int) -> int:
    return sum(await asyncio.gather(*(add_one_aside(n) for n in range(size))))


def many(meter: Meter, size: int) -> None:
    with meter:
        started = [DBOS.start_workflow(steps_in_line, n, STEPS) for n in range(size)]
        found = [each.get_result() for each in started]
    check(found, [n + STEPS for n in range(size)])


def fan(meter: Meter, size: int) -> None:
    with meter:
        found = asyncio.run(steps_side_by_side(size))
    check(found, fan_total(size))


def single(meter: Meter, size: int) -> None:
    with meter:
        for n in range(size):
            with meter.lap():
                check(DBOS.start_workflow(steps_in_line, n, STEPS).get_result(), n + STEPS)


def chain(meter: Meter, size: int) -> None:
    with meter:
        check(DBOS.start_workflow(steps_in_line, 0, size).get_result(), size)


if __name__ == "__main__":
    DBOS.launch()
    main({"many": many, "fan": fan, "single": single, "chain": chain}, "dbos")
