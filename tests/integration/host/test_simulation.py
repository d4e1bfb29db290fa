"""Random lives of a host: starts, events, suspensions, ends, kills, failing transactions, jumps of time, in any order.

The seed is printed; `SIMULATION_SEED=n` plays it again.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import shutil
import sqlite3
import tempfile
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule
from hypothesis.stateful import run_state_machine_as_test as run_machine

from local.host.clock import VirtualClock
from local.host.engine import Engine
from local.host.model import FINISHED, EngineSettings, Functions, Instance, InstanceFinished
from local.host.rows import Transaction
from local.host.store import Store
from tests.integration.host.app import functions
from tests.integration.host.running import until

SEED = int(os.environ.get("SIMULATION_SEED") or random.SystemRandom().randrange(2**32))
START = datetime(2026, 3, 1, tzinfo=UTC)
EVENTS = 2


def worker(context: Any) -> Any:
    """Activities with hours between them."""
    for n in range(3):
        yield context.call_activity("act", f"{context.instance_id}/{n}")
        yield context.create_timer(context.current_utc_datetime + timedelta(hours=5))
    return "worked"


def listener(context: Any) -> Any:
    heard = []
    for n in range(EVENTS):
        heard.append((yield context.wait_for_external_event("E")))
        yield context.call_activity("act", f"{context.instance_id}/{n}")
    return heard


def looper(context: Any) -> Any:
    round_ = context.get_input() or 0
    yield context.task_all([context.call_activity("act", f"{context.instance_id}/{round_}/{n}") for n in range(3)])
    yield context.create_timer(context.current_utc_datetime + timedelta(hours=1))
    if round_ < 2:
        context.continue_as_new(round_ + 1)
        return None
    return "looped"


def parent(context: Any) -> Any:
    calls = [
        context.call_sub_orchestrator(name, None, f"{context.instance_id}-{name}") for name in ("worker", "looper")
    ]
    return (yield context.task_all(calls))


OUTPUTS: dict[str, Any] = {"worker": "worked", "looper": "looped", "parent": ["worked", "looped"]}


class Killed(BaseException):
    """Ends the engine's thread, as SIGKILL would."""


@dataclass
class Activities:
    """What outlives every host: the activities whose end is committed, and those that ran after that."""

    completed: set[str] = field(default_factory=set)
    again: list[str] = field(default_factory=list)


class Life:
    """One host on a directory. From `kill` on nothing that it does has any effect."""

    def __init__(self, directory: Path, activities: Activities, sticky: bool) -> None:
        self._activities = activities
        self._lock = threading.Lock()
        self._dead = False
        self.failures = 0  # transactions that are still to fail
        self.clock = VirtualClock(START, directory / "clock")
        self.clock.set("hold")
        app: Functions = functions(worker, listener, looper, parent, act=self._act)
        self.engine = Engine(directory, app, self.clock, EngineSettings(sticky=sticky))

    async def start(self) -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("local.host.engine.Store", self._store)
            await self.engine.start()

    def kill(self) -> None:
        with self._lock:
            self._dead = True

    def _act(self, key: str) -> str:
        with self._lock:
            if not self._dead and key in self._activities.completed:
                self._activities.again.append(key)
        return key

    def _store(self, *given: Any) -> Store:
        store = Store(*given)
        write = store.write

        def guarded(transaction: Transaction) -> None:
            with self._lock:
                if self._dead:
                    raise Killed
                if self.failures:
                    self.failures -= 1
                    raise sqlite3.OperationalError("disk I/O error (simulated)")
                ended = [_input(store, seq) for seq in transaction.finished_work]
                write(transaction)
                self._activities.completed.update(ended)

        store.write = guarded  # type: ignore[method-assign]
        return store


def _input(store: Store, seq: int) -> str:
    row = store._db.execute("SELECT input FROM work WHERE seq = ?", (seq,)).fetchone()
    return str(json.loads(row[0])) if row else ""


class Host(RuleBasedStateMachine):
    instances = Bundle("instances")

    def __init__(self) -> None:
        super().__init__()
        self.directory = Path(tempfile.mkdtemp())
        self.activities = Activities()
        self.loop = asyncio.Runner()
        self.kinds: dict[str, str] = {}  # what was acknowledged
        self.sent: dict[str, int] = {}
        self.terminated: set[str] = set()
        self.lives = 0
        self._begin()

    def _begin(self) -> None:
        self.life = Life(self.directory, self.activities, sticky=self.lives % 2 == 0)
        self.lives += 1
        self.loop.run(self.life.start())

    def _end(self) -> None:
        self.loop.run(self.life.engine.stop())

    def _asked(self, ask: Callable[[Engine], Awaitable[Any]]) -> bool:
        """Whether the engine has acknowledged it; a transaction that fails does nothing at all."""
        failures = self.life.failures
        try:
            self.loop.run(_awaited(ask(self.life.engine)))
        except sqlite3.OperationalError:
            assert self.life.failures < failures
            return False
        except InstanceFinished:
            return False
        return True

    @rule(target=instances, kind=st.sampled_from(["worker", "listener", "looper", "parent"]))
    def start(self, kind: str) -> str:
        id_ = f"{kind}{len(self.kinds)}"
        while not self._asked(lambda engine: engine.start_new(kind, id_)):
            continue  # which rules can follow may not depend on which transaction happens to fail
        self.kinds[id_] = kind
        return id_

    @rule(id_=instances)
    def event(self, id_: str) -> None:
        number = self.sent.get(id_, 0)
        if self._asked(lambda engine: engine.raise_event(id_, "E", str(number))):
            self.sent[id_] = number + 1

    @rule(id_=instances)
    def suspend(self, id_: str) -> None:
        self._asked(lambda engine: engine.suspend(id_, "a break"))

    @rule(id_=instances)
    def resume(self, id_: str) -> None:
        self._asked(lambda engine: engine.resume(id_, "over"))

    @rule(id_=consumes(instances))
    def terminate(self, id_: str) -> None:
        if self._asked(lambda engine: engine.terminate(id_, "enough")):
            self.terminated.add(id_)

    @rule(count=st.integers(1, 2))
    def fail(self, count: int) -> None:
        self.life.failures = count

    @rule()
    def kill(self) -> None:
        self.life.kill()
        self._end()
        self._begin()

    @rule(hours=st.integers(1, 12))
    def jump(self, hours: int) -> None:
        clock = self.life.clock
        clock.set("run", clock.now() + timedelta(hours=hours))
        self.loop.run(until(lambda: clock.mode == "hold"))

    @invariant()
    def what_is_committed_does_not_run_again(self) -> None:
        assert not self.activities.again

    @invariant()
    def what_was_acknowledged_is_there(self) -> None:
        for id_ in self.kinds:
            assert self._instance(id_).status != "Failed"
        for id_ in self.terminated:
            assert self._instance(id_).status == "Terminated"

    def teardown(self) -> None:
        """Everything comes to its end, with the output that it would have had in a quiet life."""
        try:
            self.life.failures = 0
            for id_, kind in self.kinds.items():
                self.resume(id_)
                while kind == "listener" and id_ not in self.terminated and self.sent.get(id_, 0) < EVENTS:
                    self.event(id_)
            self.life.clock.set("run")
            for id_ in self.kinds:
                self.loop.run(until(lambda: self._instance(id_).status in FINISHED))  # noqa: B023
                self._check(id_)
            assert not self.activities.again
        finally:
            self.life.kill()
            self._end()
            self.loop.close()
            shutil.rmtree(self.directory)

    def _check(self, id_: str) -> None:
        found = self._instance(id_)
        if id_ in self.terminated:
            assert found.status == "Terminated"
            return
        expected = OUTPUTS.get(self.kinds[id_], list(range(EVENTS)))
        assert (found.status, json.loads(found.output or "null")) == ("Completed", expected)

    def _instance(self, id_: str) -> Instance:
        found = self.life.engine.status(id_)
        assert found, f"{id_} was acknowledged and is lost"
        return found


async def _awaited(asked: Awaitable[Any]) -> Any:
    return await asked


def test_whatever_happens_nothing_is_lost_or_repeated_and_everything_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    print(f"SIMULATION_SEED={SEED}")
    monkeypatch.setattr("local.host.worker._RETRY_AFTER", 0.005)
    monkeypatch.setattr("local.host.engine._GRACE", 0.2)
    monkeypatch.setattr(threading, "excepthook", lambda _: None)  # a killed engine ends with its exception
    checks = [HealthCheck.too_slow, HealthCheck.filter_too_much]
    run_machine(
        seed(SEED)(Host),
        settings=settings(max_examples=25, stateful_step_count=20, deadline=None, suppress_health_check=checks),
    )
