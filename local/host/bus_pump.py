"""Service Bus triggers: from ready messages to the functions that take them, and their settlement."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Coroutine, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, NamedTuple

from local.host.bus import Bus
from local.host.bus_binding import trigger_value
from local.host.bus_model import Delivery, Namespace, Outgoing, Queue
from local.host.clock import Clock, VirtualClock
from local.host.invoke import AppFunction, Invoker
from local.host.telemetry import sender_of

_RETRY_AFTER = 0.5  # seconds after a transaction that failed, such as on a full disk
_LONGEST_SLEEP = 60.0  # seconds: a machine that was suspended, or whose clock was set, is noticed after that
log = logging.getLogger("local.host.bus")


class BusSettings(NamedTuple):
    """What host.json decides: calls (or sessions) at once of one function, messages in a batch, how long locks live."""

    max_calls: int = 16
    max_sessions: int = 8
    max_batch: int = 1000
    max_renewal: timedelta = timedelta(minutes=5)


@dataclass
class _Consumer:
    function: AppFunction
    queue: Queue
    batch: int  # messages of one call
    slots: int  # calls, or sessions, at once
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    calls: set[asyncio.Task[None]] = field(default_factory=set)
    sessions: set[str] = field(default_factory=set)  # that are being served

    @property
    def room(self) -> int:
        return self.slots - len(self.calls)


class MessageTriggers:
    """Hands messages to the functions of an app, in the order of their queue."""

    def __init__(
        self,
        functions: Iterable[AppFunction],
        bus: Bus,
        namespace: Namespace,
        invoker: Invoker,
        settings: BusSettings,
        clock: Clock,
    ) -> None:
        self._bus, self._invoker, self._settings, self._clock = bus, invoker, settings, clock
        self._consumers = [self._consumer(function, namespace) for function in functions]
        self._moved = asyncio.Event()
        self._runners: list[asyncio.Task[None]] = []
        self._stopping = False

    async def start(self) -> None:
        """Begin to take messages."""
        loop = asyncio.get_running_loop()
        self._bus.listen(self._look_again)
        self._clock.next_message, self._clock.next_scheduled = self._bus.next_message, self._bus.next_scheduled

        def jumped() -> None:
            loop.call_soon_threadsafe(self._moved.set)

        self._clock.listen(jumped)
        self._look_again()
        self._runners = [loop.create_task(self._feed(consumer)) for consumer in self._consumers]
        self._runners.append(loop.create_task(self._watch()))

    async def stop(self) -> None:
        """Take no more, and wait until what runs is settled."""
        self._stopping = True
        self._look_again()
        await asyncio.gather(*self._runners)
        await asyncio.gather(*(call for consumer in self._consumers for call in consumer.calls))

    def _consumer(self, function: AppFunction, namespace: Namespace) -> _Consumer:
        queue = namespace.queue(function.source)
        many = function.takes_many
        slots = self._settings.max_sessions if queue.requires_session else 1 if many else self._settings.max_calls
        # In virtual time one after the other, so that two runs do the same in the same order.
        alone = isinstance(self._clock, VirtualClock)
        return _Consumer(function, queue, self._settings.max_batch if many else 1, 1 if alone else slots)

    def _look_again(self) -> None:
        self._moved.set()
        for consumer in self._consumers:
            consumer.changed.set()

    async def _watch(self) -> None:
        """Wake what is due at its time."""
        while not self._stopping:
            self._moved.clear()
            due = self._bus.next_change()
            try:
                if due is not None and due <= self._clock.now():
                    await self._bus.wake()
                await asyncio.wait_for(self._moved.wait(), self._patience())
            except TimeoutError:
                continue
            except Exception:
                await self._recover("the messages that are due")

    def _patience(self) -> float | None:
        if isinstance(self._clock, VirtualClock):
            return None
        due = self._bus.next_change()
        left = (due - self._clock.now()).total_seconds() if due else _LONGEST_SLEEP
        return max(0.0, min(left, _LONGEST_SLEEP))

    async def _feed(self, consumer: _Consumer) -> None:
        while not self._stopping:
            await consumer.changed.wait()
            consumer.changed.clear()
            try:
                while self._may_take(consumer) and await self._take(consumer):
                    pass
            except Exception:
                await self._recover(f"the messages of {consumer.function.source}")
                consumer.changed.set()

    def _may_take(self, consumer: _Consumer) -> bool:
        return consumer.room > 0 and not self._stopping and self._bus.is_ready(consumer.function.source)

    async def _take(self, consumer: _Consumer) -> bool:
        """Fill the room there is; returns whether there may be more."""
        with self._clock.open():
            if consumer.queue.requires_session:
                return await self._take_session(consumer)
            asked = consumer.room * consumer.batch
            taken = await self._bus.receive(consumer.function.source, asked)
            for start in range(0, len(taken), consumer.batch):
                self._spawn(consumer, self._handle(consumer, taken[start : start + consumer.batch]))
            return len(taken) == asked

    async def _take_session(self, consumer: _Consumer) -> bool:
        session = await self._bus.next_session(consumer.function.source, sorted(consumer.sessions))
        if session is None:
            return False
        consumer.sessions.add(session)
        self._spawn(consumer, self._serve(consumer, session))
        return True

    def _spawn(self, consumer: _Consumer, work: Coroutine[Any, Any, None]) -> None:
        self._clock.enter()
        call = asyncio.create_task(work)
        consumer.calls.add(call)

        def ended(call: asyncio.Task[None]) -> None:
            consumer.calls.discard(call)
            consumer.changed.set()
            self._clock.leave()

        call.add_done_callback(ended)

    async def _serve(self, consumer: _Consumer, session: str) -> None:
        """The messages of a session, one call after the other, until none is ready."""
        try:
            while not self._stopping:
                taken = await self._bus.receive(consumer.function.source, consumer.batch, session)
                if not taken:
                    return
                await self._handle(consumer, taken)
        except Exception:
            await self._recover(f"the session {session} of {consumer.function.source}")
        finally:
            consumer.sessions.discard(session)

    async def _handle(self, consumer: _Consumer, deliveries: Sequence[Delivery]) -> None:
        renewal = asyncio.create_task(self._renew(consumer, deliveries))
        try:
            sent = await self._call(consumer, deliveries)
        finally:
            renewal.cancel()
        await self._settle(consumer, deliveries, sent)

    async def _call(self, consumer: _Consumer, deliveries: Sequence[Delivery]) -> Sequence[Outgoing] | None:
        """What the function sent; None: it failed."""
        function, started = consumer.function, time.perf_counter()
        try:
            value, sender = trigger_value(deliveries, function.takes_many), sender_of(deliveries)
            _, sent = await self._invoker.call(function, value, sender)
        except Exception:
            log.exception("%s failed with %s", function.name, _told(deliveries))
            return None
        log.info("%s, %s, %.1f ms", function.name, _told(deliveries), (time.perf_counter() - started) * 1000)
        return sent

    async def _settle(
        self, consumer: _Consumer, deliveries: Sequence[Delivery], sent: Sequence[Outgoing] | None
    ) -> None:
        while True:
            try:
                if sent is None:
                    await self._bus.abandon(deliveries)
                elif not await self._bus.complete(deliveries, sent):
                    log.warning(
                        "%s took longer than its lock; %s comes again", consumer.function.name, _told(deliveries)
                    )
                return
            except Exception:
                await self._recover(f"the settlement of {consumer.function.name}")
                if self._stopping:
                    return  # the lock ends with this host

    async def _renew(self, consumer: _Consumer, deliveries: Sequence[Delivery]) -> None:
        """Keep the lock while the function runs, for as long as host.json says. In virtual time locks do not age."""
        if isinstance(self._clock, VirtualClock):
            return
        every = consumer.queue.lock_duration.total_seconds() / 2
        for _ in range(int(self._settings.max_renewal.total_seconds() / every)):
            await asyncio.sleep(every)
            try:
                await self._bus.renew(consumer.function.source, deliveries)
            except Exception:
                log.warning("the lock of %s could not be renewed", _told(deliveries), exc_info=True)

    async def _recover(self, what: str) -> None:
        """After a failed transaction: nothing was written, so it is tried again."""
        log.error("%s: a transaction failed", what, exc_info=True)
        await asyncio.sleep(_RETRY_AFTER)


def _told(deliveries: Sequence[Delivery]) -> str:
    first = deliveries[0]
    many = f" and {len(deliveries) - 1} more" if len(deliveries) > 1 else ""
    return f"message {first.message.message_id}{many} (delivery {first.count})"
