"""The bus as the event loop sees it: every coroutine returns when what it did is committed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime
from typing import TypeVar

from local.host.bus_model import Delivery, Namespace, Outgoing
from local.host.bus_store import BusTables
from local.host.engine import Engine

T = TypeVar("T")
_PAST = datetime.min.replace(tzinfo=UTC)


class Bus:
    """Sends, receives and settles messages of `namespace`; `changed` is called after what may have made some ready."""

    def __init__(self, namespace: Namespace, engine: Engine) -> None:
        self._namespace, self._engine = namespace, engine
        self.changed: Callable[[], None] = _nobody

    async def send(self, outgoing: Sequence[Outgoing]) -> None:
        """Enqueue messages, all or none. BusRefused says what is wrong with one of them."""
        self.check(outgoing)
        await self._change(lambda tables: tables.send(outgoing))

    def check(self, outgoing: Sequence[Outgoing]) -> None:
        """Raise BusRefused when one of the messages cannot be sent."""
        for item in outgoing:
            self._namespace.check(item.name, item.message)

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
        return await self._change(lambda tables: tables.complete(deliveries, outgoing))

    async def abandon(self, deliveries: Sequence[Delivery]) -> None:
        """Let messages be delivered again, or die after too many times."""
        await self._change(lambda tables: tables.abandon(deliveries))

    async def wake(self) -> None:
        """Enqueue what was scheduled for now, end locks, let messages expire."""
        await self._change(lambda tables: None)

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

    async def _change(self, change: Callable[[BusTables], T]) -> T:
        result = await self._engine.change_bus(change)
        self.changed()
        return result


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _nobody() -> None:
    """Before there are consumers."""
