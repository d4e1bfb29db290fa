"""The durable engine: one thread at a time owns the database, and nothing is handed on before its COMMIT."""

from __future__ import annotations

import asyncio
import gc
import sqlite3
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

from local.host.bus_model import Namespace
from local.host.bus_store import BusState, BusTables, UseBus
from local.host.clock import Clock, VirtualClock
from local.host.commands import Command, Control, Operate, Purge, RaiseEvent, Restart, SetMonitor, Start
from local.host.history import Event
from local.host.model import (
    FINISHED,
    EngineSettings,
    Entity,
    Functions,
    Instance,
    InstanceNotFound,
    InvalidInstanceId,
)
from local.host.reader import Reader, to_instance
from local.host.sdk_check import check_sdk
from local.host.store import Store
from local.host.waiters import Waiters
from local.host.worker import Worker

_GRACE = 5.0  # seconds that running activities get when the host stops
_LONGEST_ID = 256
# Of the cyclic collector: Python's own 700 have it look at all live executions again and again, for nothing.
_COLLECTIONS = (20_000, 20, 20)
_NOT_IN_IDS = frozenset("/\\#?")

T = TypeVar("T")


class Engine:
    """Runs the durable functions of one app on the state of one directory.

    Every coroutine returns after the COMMIT that holds what it asked for. Reads show what was last committed.
    """

    def __init__(
        self,
        state_dir: Path,
        functions: Functions,
        clock: Clock,
        settings: EngineSettings,
        namespace: Namespace | None = None,
    ) -> None:
        self._state_dir = state_dir
        self._functions = functions
        self._clock = clock
        self._settings = settings
        self._namespace = namespace

    async def start(self) -> None:
        """Open the store and take up what is due.

        Raises:
            StateRefused: another host holds the directory, or a newer host wrote it.
            UnknownSdk: the installed azure-functions-durable works in another way.
        """
        check_sdk()
        gc.set_threshold(*_COLLECTIONS)
        self._loop = asyncio.get_running_loop()
        self._store = Store(self._state_dir, self._namespace)
        if isinstance(self._clock, VirtualClock):
            stored = self._store.clock()
            self._clock.restore(datetime.fromisoformat(stored) if stored else None)
        self._store.bus.recover(self._clock.now())
        self._reader = Reader(self._store.path)
        self._waiters = Waiters(self._loop)
        self._worker = Worker(self._store, self._functions, self._settings, self._clock, self._loop, self._waiters)
        self._worker.start()

    async def stop(self) -> None:
        """Start no more activities, give those that run a few seconds, commit their results, close."""
        await self._worker.stop(_GRACE)
        self._reader.close()
        self._store.close()

    async def start_new(
        self,
        name: str,
        instance_id: str | None = None,
        input_text: str | None = None,
        version: str | None = None,
        trace: str | None = None,
    ) -> str:
        """Start an orchestration and return its id; a finished one of the same id is replaced. `trace` is the W3C
        traceparent below which its spans lie.

        Raises:
            UnknownOrchestrator, InvalidInstanceId, InstanceExists (live)
        """
        version = self._settings.default_version if version is None else version
        if instance_id is None:
            start = Start(uuid4().hex, name, input_text, version, is_first=True, trace=trace)
        else:
            start = Start(_checked(instance_id), name, input_text, version, trace=trace)
        return str(await self._ask(start))

    async def raise_event(self, instance_id: str, event_name: str, input_text: str | None = None) -> None:
        """Hand an external event over; it is kept until it is awaited. InstanceNotFound, InstanceFinished."""
        await self._ask(RaiseEvent(instance_id, event_name, input_text))

    async def terminate(self, instance_id: str, reason: str | None = None) -> None:
        """End an instance at once; a running activity ends unheard. InstanceNotFound, InstanceFinished."""
        await self._ask(Control(instance_id, "terminate", reason))

    async def suspend(self, instance_id: str, reason: str | None = None) -> None:
        """Keep messages until the instance is resumed. InstanceNotFound, InstanceFinished."""
        await self._ask(Control(instance_id, "suspend", reason))

    async def resume(self, instance_id: str, reason: str | None = None) -> None:
        """Hand the kept messages on, in order; a parked instance tries again. InstanceNotFound, InstanceFinished."""
        await self._ask(Control(instance_id, "resume", reason))

    async def restart(self, instance_id: str, new_id: bool = True) -> str:
        """Start again with the same name and input. InstanceNotFound, InstanceExists (same id, still live)."""
        return str(await self._ask(Restart(instance_id, uuid4().hex if new_id else instance_id)))

    async def purge(self, instance_ids: Sequence[str]) -> int:
        """Forget finished instances; returns how many there were."""
        return int(await self._ask(Purge(instance_ids)))

    async def signal_entity(self, entity_id: str, name: str, input_text: str | None = None) -> None:
        """Let the entity `@name@key` run an operation; nothing comes back. UnknownEntity."""
        await self._ask(Operate(entity_id, name, input_text, str(uuid4())))

    def entity(self, entity_id: str) -> Entity | None:
        """The entity `@name@key`, or None."""
        return self._reader.entity(entity_id)

    def entities(
        self,
        *,
        id_prefix: str = "@",
        operated_from: datetime | None = None,
        operated_to: datetime | None = None,
        after: str | None = None,
        limit: int,
    ) -> list[Entity]:
        """At most `limit` entities in the order of their ids, after the id `after`, by their last operation."""
        return self._reader.entities(id_prefix, operated_from, operated_to, after, limit)

    def status(self, instance_id: str) -> Instance | None:
        """The instance, or None."""
        return self._reader.status(instance_id)

    async def ended(self, instance_id: str) -> Instance:
        """The instance once it has come to its end, however long that takes. InstanceNotFound."""
        with self._waiters.waiting(instance_id) as end:
            if not self._worker.is_live(instance_id):
                instance = self.status(instance_id)
                if instance is None:
                    raise InstanceNotFound(f"no instance has the id {instance_id!r}")
                if instance.status in FINISHED:
                    return instance
            return to_instance(await end)

    def query(
        self,
        *,
        status: Sequence[str] = (),
        created_from: datetime | None = None,
        created_to: datetime | None = None,
        id_prefix: str | None = None,
        after: str | None = None,
        limit: int,
    ) -> list[Instance]:
        """At most `limit` instances in the order of their ids, after the id `after`."""
        return self._reader.query(status, created_from, created_to, id_prefix, after, limit)

    def history(self, instance_id: str) -> list[Event]:
        """The raw events of the current execution, in order."""
        return self._reader.history(instance_id)

    def next_timer(self) -> datetime | None:
        """When the next durable timer fires."""
        return self._worker.next_timer

    def monitor(self, name: str) -> dict[str, Any] | None:
        """A small row that the edge keeps, such as the last run of a timer trigger."""
        return self._reader.monitor(name)

    async def set_monitor(self, name: str, row: dict[str, Any]) -> None:
        """Keep a small row."""
        await self._ask(SetMonitor(name, row))

    async def change_bus(self, change: Callable[[BusTables], T]) -> T:
        """Change the bus in one transaction; the result is returned when it is committed."""
        result: T = await self._ask(UseBus(change))
        return result

    def on_bus_change(self, callback: Callable[[], None]) -> None:
        """Call back on the loop after each COMMIT by which messages become ready, or fall due at another time."""

        def tell() -> None:
            self._loop.call_soon_threadsafe(callback)

        self._store.bus.changed = tell

    @property
    def bus(self) -> BusState:
        """The bus as of the last COMMIT."""
        return self._store.bus.state

    def read(self, query: Callable[[sqlite3.Connection], T]) -> T:
        """What a query finds on this thread's own connection, which cannot write."""
        return self._reader.read(query)

    async def _ask(self, command: Command) -> Any:
        answer = self._loop.create_future()
        self._worker.post(command, answer)
        return await answer


def _checked(instance_id: str) -> str:
    bad = sorted(set(instance_id) & _NOT_IN_IDS) or [char for char in instance_id if not char.isprintable()]
    if bad:
        raise InvalidInstanceId(f"instance id {instance_id!r}: must not contain {bad[0]!r}")
    if not 0 < len(instance_id) <= _LONGEST_ID or instance_id.startswith("@"):
        raise InvalidInstanceId(f"instance id {instance_id!r}: needs 1 to {_LONGEST_ID} characters, the first not @")
    return instance_id
