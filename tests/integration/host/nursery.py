"""Real processes that die by SIGKILL at a chosen COMMIT, many in little time: each is a fork of one that is warm.

`python -m tests.integration.host.nursery` reads lines `DIRECTORY MODE WHEN NUMBER` and answers each with how that life
ended and what its NUMBER-th transaction was about. WHEN is `before` (all written, not committed), `after` (committed,
nothing handed on), or `never`.
"""

from __future__ import annotations

import asyncio
import faulthandler
import os
import signal
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from azure.durable_functions import EntityId

from local.host import engine as engine_module
from local.host.clock import RealClock, VirtualClock
from local.host.engine import Engine
from local.host.history import Kind
from local.host.model import FINISHED
from local.host.reader import read_chunks
from local.host.rows import Transaction
from local.host.store import Store
from tests.integration.host.app import entities, functions
from tests.integration.host.running import ended, running

START = datetime(2026, 3, 1, tzinfo=UTC)
RINGS = 3
NOTES = 1
LEDGER = EntityId("ledger", "all")


def root(context: Any) -> Any:
    """Each thing an orchestration can do, one after another, and some side by side."""
    me = context.instance_id
    wide = yield context.task_all([context.call_activity("act", f"{me}/wide/{n}") for n in range(5)])
    rounds = yield context.call_sub_orchestrator("counting", [me, 0], f"{me}-counting")
    yield context.create_timer(context.current_utc_datetime + timedelta(milliseconds=5))
    for number in range(NOTES):
        context.signal_entity(LEDGER, "note", f"signal/{number}")
        noted = yield context.call_entity(LEDGER, "note", f"call/{number}")
        yield context.call_activity("act", f"{me}/noted/{noted}")
    rang = []
    for _ in range(RINGS):
        rang.append((yield context.wait_for_external_event("ring")))
        yield context.call_activity("act", f"{me}/ring/{len(rang)}")
    return [len(wide), rounds, rang]


def counting(context: Any) -> Any:
    me, number = context.get_input()
    timer = context.create_timer(context.current_utc_datetime + timedelta(days=1))
    yield context.task_any([timer, context.call_activity("act", f"{me}/round/{number}")])
    timer.cancel()
    if number < 2:
        context.continue_as_new([me, number + 1])
        return None
    return number


def endless(context: Any) -> Any:
    """Suspended, resumed and ended from outside."""
    yield context.wait_for_external_event("never")


def ledger(context: Any) -> None:
    """Keeps what it is told; answers how much that is."""
    notes = [*context.get_state(list), context.get_input()]
    context.set_state(notes)
    context.set_result(len(notes))


KEYS = {f"r/{part}" for part in [*(f"wide/{n}" for n in range(5)), *(f"round/{n}" for n in range(3))]}
KEYS |= {f"r/noted/{2 * n + 2}" for n in range(NOTES)}
KEYS |= {f"r/ring/{n + 1}" for n in range(RINGS)}


class Killing(Store):
    """Dies at its `number`-th COMMIT."""

    def __init__(self, when: str, number: int, tell: Callable[[str], None], *given: Any) -> None:
        self._when, self._left, self._tell = when, number, tell
        super().__init__(*given)
        self._db = _Commit(self._db, self._before_commit)  # type: ignore[assignment]  # the same calls

    def write(self, transaction: Transaction) -> None:
        self._left -= 1
        if self._left == 0:
            self._tell(_about(transaction))
        super().write(transaction)
        if self._left == 0 and self._when == "after":
            os.kill(os.getpid(), signal.SIGKILL)

    def _before_commit(self) -> None:
        if self._left == 0 and self._when == "before":
            os.kill(os.getpid(), signal.SIGKILL)


class _Commit:
    """A connection that calls back before each COMMIT."""

    def __init__(self, db: Any, before: Callable[[], None]) -> None:
        self._db, self._before = db, before

    def execute(self, sql: str, *given: Any) -> Any:
        if sql == "COMMIT":
            self._before()
        return self._db.execute(sql, *given)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._db, name)


def _about(transaction: Transaction) -> str:
    """The parts of the host that a transaction goes through."""
    about = {"clock"} if transaction.clock else set()
    about |= {"result"} if transaction.finished_work else set()
    about |= {"entity_asked"} if transaction.operations else set()
    about |= {"entity_operated"} if transaction.entities else set()
    for record, changes in transaction.instances:
        about |= {"start"} if record.status == "Pending" or record.chunks == 1 else set()
        about |= {"continue-as-new"} if "history" in changes.forget and record.generation else set()
        about |= {"end"} if record.status in FINISHED else set()
        about |= {"suspend"} if record.status == "Suspended" else set()
        about |= {"mail"} if changes.mail else set()
        about |= {Kind(item["EventType"]).name.lower() for chunk in changes.chunks for item in chunk}
    return ",".join(sorted(about))


async def _live(directory: Path, mode: str) -> None:
    clock = VirtualClock(START, directory / "clock") if mode == "virtual" else RealClock()
    log = os.open(directory / "log", os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def act(key: str) -> str:
        os.write(log, f"{key}\n".encode())
        return key

    rung = _rung(directory)
    clock.enter()  # under the virtual clock everything is asked for at the same moment
    app = replace(functions(root, counting, endless, act=act), entities=entities(ledger=ledger))
    async with running(directory, app, clock, sticky=mode != "replay") as engine:
        await _ask(engine, rung)
        clock.leave()
        await ended(engine, "r")


async def _ask(engine: Engine, rung: int) -> None:
    """Whatever has not been asked for in an earlier life."""
    for name, id_ in (("root", "r"), ("endless", "e")):
        if engine.status(id_) is None:
            await engine.start_new(name, id_)
    for number in range(rung, RINGS):
        await engine.raise_event("r", "ring", str(number))
    ending = engine.status("e")
    if ending and ending.status not in FINISHED:
        await engine.suspend("e", "a break")
        await engine.resume("e", "over")
        await engine.terminate("e", "enough")


def _rung(directory: Path) -> int:
    """How many events are on the disk."""
    if not (directory / "host.db").exists():
        return 0
    with closing(sqlite3.connect(directory / "host.db")) as db:
        waiting = db.execute("SELECT count(*) FROM inbox WHERE instance_id = 'r' AND execution_id IS NULL").fetchone()[
            0
        ]
        taken = [item.get("Name") for chunk in read_chunks(db, "r") for item in chunk]
    return int(waiting) + taken.count("ring")


_PATIENCE = 15  # seconds; a life takes a tenth of one


def end_when_stuck() -> None:
    """Let this process end with code 1, and the stacks of its threads on stderr, when its life takes too long."""
    faulthandler.dump_traceback_later(_PATIENCE, exit=True)


def _life(directory: Path, mode: str, when: str, number: int) -> tuple[int, str]:
    """One life in a process of its own: its wait status, and what its last transaction was about."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        end_when_stuck()

        def store(*given: Any) -> Killing:
            return Killing(when, number, lambda text: os.write(writing, text.encode()), *given)

        engine_module.Store = store  # type: ignore[assignment, misc]
        asyncio.run(_live(directory, mode))
        os._exit(0)
    os.close(writing)
    about = os.read(reading, 4096).decode()
    os.close(reading)
    return os.waitpid(child, 0)[1], about


def main() -> None:
    """Serve until the input ends."""
    for line in sys.stdin:
        directory, mode, when, number = line.split()
        status, about = _life(Path(directory), mode, when, int(number))
        print(os.waitstatus_to_exitcode(status), about, flush=True)


if __name__ == "__main__":
    main()
