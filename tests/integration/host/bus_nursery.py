"""Hosts of the app `settling` that die, or whose disk fails, at a COMMIT that changes the bus; each is a fork.

`python -m tests.integration.host.bus_nursery` reads lines `DIRECTORY MODE WHEN NUMBER` and answers each with how that
life ended and what the COMMITs that went wrong did to the bus. WHEN is `before` or `after` (SIGKILL at the NUMBER-th
COMMIT), `fail` (COMMITs raise an I/O error, chosen by the seed NUMBER) or `never`.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import sqlite3
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch

import aiohttp

import local.host.telemetry  # noqa: F401 - so that each fork has it loaded
from local.host import __main__ as command_line
from local.host import bus_pump, worker
from local.host import engine as engine_module
from local.host.config import parse_flags
from local.host.host import Host
from local.host.rows import Transaction
from local.host.store import Store
from tests.integration.host.nursery import Killing, end_when_stuck

APP = Path(__file__).parents[2] / "host_apps" / "settling"
START = "2026-03-01T00:00:00"
BODIES = {
    "steps": ["step", *(f"stumble-{n}" for n in range(3)), *(f"later-{n}" for n in range(1, 5))],
    "poison": ["bad-0", "bad-1"],
    "ordered": [f"{session}-{n}" for n in range(3) for session in "ab"],
    "starts": ["talk-0", "talk-1"],
}
OUTPUTS = {
    "done": BODIES["steps"],
    "copies": BODIES["steps"],
    "graves": BODIES["poison"],
    "lines": BODIES["ordered"],
    "said": BODIES["starts"],
    "whispers": BODIES["starts"],
}


class Row(NamedTuple):
    """What a message's row says of its state."""

    entity: str
    session: str | None
    wake: str | None
    lock: str | None


def rows(db: Any) -> dict[int, Row]:
    found = db.execute("SELECT seq, entity, session, wake, lock FROM bus_messages").fetchall()
    return {seq: Row(*row) for seq, *row in found}


def changes(before: dict[int, Row], after: dict[int, Row], transaction: Transaction) -> set[str]:
    """What a transaction does to the bus, read from its rows."""
    gone = {row for seq, row in before.items() if seq not in after}
    new = {row.entity for seq, row in after.items() if seq not in before}
    kept = [(before[seq], row) for seq, row in after.items() if seq in before]
    settled = {row for row in gone if row.lock}
    about = {"due"} if any(row.wake and not row.lock for row in gone) else set()
    about |= {"enqueue"} if new & set(BODIES) and not gone else set()
    about |= {"settle"} if settled else set()
    about |= {"settle with output"} if settled and new & set(OUTPUTS) else set()
    about |= {"activity with output"} if new and transaction.finished_work else set()
    about |= {"start by message"} if any(record.chunks <= 1 for record, _ in transaction.instances) else set()
    for old, row in kept:
        about |= {"session lock" if row.session else "lock"} if row.lock and not old.lock else set()
        about |= {"abandon"} if old.lock and not row.lock and row.entity == old.entity else set()
        about |= {"dead letter"} if row.entity != old.entity else set()
    return about


class BusKilling(Killing):
    """Dies at its `number`-th COMMIT and tells what that one does to the bus."""

    def write(self, transaction: Transaction) -> None:
        self._transaction, self._rows = transaction, rows(self._db)
        super().write(transaction)

    def _before_commit(self) -> None:
        if self._left == 0:
            self._tell("," + ",".join(changes(self._rows, rows(self._db), self._transaction)))
        super()._before_commit()


class Failing(Store):
    """About one COMMIT in three fails, as on a bad disk, and the next after it may too."""

    def __init__(self, seed: int, tell: Callable[[str], None], *given: Any) -> None:
        self._chance, self._tell = random.Random(seed), tell
        super().__init__(*given)
        self._db = _Commits(self._db, self._before_commit)  # type: ignore[assignment]  # the same calls

    def write(self, transaction: Transaction) -> None:
        self._transaction, self._rows = transaction, rows(self._db)
        super().write(transaction)

    def _before_commit(self) -> None:
        if self._chance.random() < 0.35:
            self._tell("," + ",".join(changes(self._rows, rows(self._db), self._transaction)))
            raise sqlite3.OperationalError("disk I/O error")


class _Commits:
    """A connection that calls back before each COMMIT."""

    def __init__(self, db: Any, before: Callable[[], None]) -> None:
        self._db, self._before = db, before

    def execute(self, sql: str, *given: Any) -> Any:
        if sql == "COMMIT":
            self._before()
        return self._db.execute(sql, *given)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._db, name)


def messages(later: timedelta, now: Any) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Queue, body and broker properties of all that is sent."""
    for queue, bodies in BODIES.items():
        for body in bodies:
            broker: dict[str, Any] = {"MessageId": body}
            if queue == "ordered":
                broker["SessionId"] = body[0]
            if body.startswith("later"):
                broker["ScheduledEnqueueTimeUtc"] = (now + later * int(body[-1])).isoformat()
            yield queue, body, broker


async def drive(host: Host, directory: Path, later: timedelta, url: str) -> None:
    """Send what no earlier life was acknowledged for, then wait until nothing is left to do."""
    acknowledged = directory / "acknowledged"
    acknowledged.touch()
    known = acknowledged.read_text().split()
    key = json.loads((directory / "host.keys.json").read_text())["servicebus"]
    left = [item for item in messages(later, host._clock.now()) if item[1] not in known]
    async with aiohttp.ClientSession() as session:
        while left:
            queue, body, broker = left[0]
            headers = {"x-functions-key": key, "BrokerProperties": json.dumps(broker)}
            async with session.post(f"{url}/{queue}/messages", data=body, headers=headers) as response:
                assert response.status in (201, 500), await response.text()
            if response.status == 201:
                with acknowledged.open("a") as file:
                    file.write(f"{body}\n")
                del left[0]
    with closing(sqlite3.connect(f"file:{directory}/host.db?mode=ro", uri=True)) as db:
        never = asyncio.Event()
        while not is_over(db):
            with_pause = asyncio.wait_for(never.wait(), 0.005)
            await asyncio.gather(with_pause, return_exceptions=True)


def is_over(db: sqlite3.Connection) -> bool:
    """Whether no queue that is received from holds anything, and every instance has ended."""
    (waiting,) = db.execute(
        f"SELECT count(*) FROM bus_messages WHERE entity NOT IN ({','.join('?' * len(OUTPUTS))})",
        list(OUTPUTS),
    ).fetchone()
    (running,) = db.execute("SELECT count(*) FROM instances WHERE status != 'Completed'").fetchone()
    return not waiting and not running


def _serve(directory: Path, mode: str) -> None:
    """What `python -m local.host` does, with a driver in the same process."""
    clock = f"virtual={START}" if mode == "virtual" else "real"
    os.environ["SETTLING_NOTES"] = str(directory / "notes")
    later = timedelta(hours=1) if mode == "virtual" else timedelta(milliseconds=30)
    hosts: list[Host] = []

    class Seen(Host):
        def __init__(self, *given: Any) -> None:
            super().__init__(*given)
            hosts.append(self)

    def ready(*given: Any) -> None:
        url = f"http://127.0.0.1:{hosts[0]._links.origin.rsplit(':')[-1]}"
        asyncio.get_running_loop().create_task(_end(drive(hosts[0], directory, later, url)))

    with (
        patch.object(command_line, "Host", Seen),
        patch.object(command_line, "_announce", ready),
        patch.object(command_line, "_loop_factory", lambda: None),
    ):
        command_line._run(parse_flags([str(APP), "--port", "0", "--state", str(directory), "--clock", clock]))


async def _end(driving: Any) -> None:
    code = 1
    try:
        await driving
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


def _life(directory: Path, mode: str, when: str, number: int) -> tuple[int, str]:
    """One life in a process of its own: its wait status, and what went wrong in it."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        end_when_stuck()

        def tell(text: str) -> None:
            os.write(writing, text.encode())

        def store(*given: Any) -> Store:
            return Failing(number, tell, *given) if when == "fail" else BusKilling(when, number, tell, *given)

        engine_module.Store = store  # type: ignore[assignment, misc]
        worker._RETRY_AFTER = bus_pump._RETRY_AFTER = 0.005
        _serve(directory, mode)
        os._exit(2)  # the driver ends the process
    os.close(writing)
    with open(reading) as pipe:
        told = pipe.read()
    return os.waitpid(child, 0)[1], told


def main() -> None:
    """Serve until the input ends."""
    for line in sys.stdin:
        directory, mode, when, number = line.split()
        status, told = _life(Path(directory), mode, when, int(number))
        print(os.waitstatus_to_exitcode(status), told.replace(" ", "-"), flush=True)


if __name__ == "__main__":
    main()
