"""The bus as the event loop sees it: every coroutine returns when what it did is committed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime

from local.host.bus_model import Delivery, Namespace, Outgoing
from local.host.engine import Engine

_PAST = datetime.min.replace(tzinfo=UTC)


class Bus:
    """Sends, receives and settles messages of `namespace`."""

    def __init__(self, namespace: Namespace, engine: Engine) -> None:
        self._namespace, self._engine = namespace, engine

    def listen(self, callback: Callable[[], None]) -> None:
        """Call back after each COMMIT by which there may be more to take or to wait for, whoever asked for it."""
        self._engine.on_bus_change(callback)

    async def send(self, outgoing: Sequence[Outgoing]) -> None:
        """Enqueue messages, all or none. BusRefused says what is wrong with one of them."""
        for item in outgoing:
            self._namespace.check(item.name, item.message)
        await self._engine.change_bus(lambda tables: tables.send(outgoing))

    async def receive(self, entity: str, limit: int, session: str | None = None) -> list[Delivery]:
        """Lock the oldest ready messages of an entity, or of one of its sessions."""
        return await self._engine.change_bus(lambda tables: tables.receive(entity, limit, session))

    async def next_session(self, entity: str, held: Collection[str]) -> str | None:
        """The session with the oldest ready message, without those that are held."""
        return await self._engine.change_bus(lambda tables: tables.next_session(entity, held))

    async def renew(self, entity: str, deliveries: Sequence[Delivery]) -> None:
        """Keep the locks for another while."""
        await self._engine.change_bus(lambda tables: tables.renew(entity, deliveries))

    async def complete(self, deliveries: Sequence[Delivery], outgoing: Sequence[Outgoing]) -> bool:
        """Settle messages and send what their function sent, all in one; False: a lock was lost, nothing is done."""
        return await self._engine.change_bus(lambda tables: tables.complete(deliveries, outgoing))

    async def abandon(self, deliveries: Sequence[Delivery]) -> None:
        """Let messages be delivered again, or die after too many times."""
        await self._engine.change_bus(lambda tables: tables.abandon(deliveries))

    async def replay(self, entity: str, sequences: Collection[int]) -> list[int]:
        """Send dead letters to their queue or subscription again; returns the numbers of those that were there."""
        return await self._engine.change_bus(lambda tables: tables.replay(entity, sequences))

    async def wake(self) -> None:
        """Enqueue what was scheduled for now, end locks, let messages expire."""
        await self._engine.change_bus(lambda tables: None)

    def is_ready(self, entity: str) -> bool:
        """Whether an entity that a trigger receives from had a ready message at the last COMMIT."""
        return entity in self._engine.bus.ready

    def next_change(self) -> datetime | None:
        """When something wakes or expires."""
        return _time(self._engine.bus.next)

    def next_message(self) -> datetime | None:
        """For the clock: as `next_change`, and long ago while a trigger has a message to take."""
        return _PAST if self._engine.bus.ready else self.next_change()

    def next_scheduled(self) -> datetime | None:
        """When the first scheduled message is enqueued."""
        return _time(self._engine.bus.scheduled)


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
