"""Triggers on Azure Service Bus: messages are locked, handed to their functions and settled by what these did."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from typing import Any

from local.host import namespaces
from local.host.bus_binding import trigger_value
from local.host.bus_model import Outgoing
from local.host.bus_pump import BusSettings
from local.host.clock import Clock
from local.host.invoke import AppFunction, Invoker
from local.host.telemetry import sender_of

_PATIENCE = 1.0  # seconds that a receiver waits, and a session without messages is kept
_SESSION_PATIENCE = 60.0  # seconds that a session with messages is waited for
_LONGEST_PAUSE = 30.0  # seconds between two tries to reach the namespace
log = logging.getLogger("local.host.bus")


class BusReceivers:
    """Receives for the functions whose connection is configured. `send` takes what they send to the host's own queues.

    A message is completed after its function has returned and what it sent is with its queue, abandoned when it raised;
    whoever is killed in between leaves a lock that ends, and the message comes again."""

    def __init__(
        self,
        functions: Iterable[AppFunction],
        invoker: Invoker,
        send: Callable[[Sequence[Outgoing]], Awaitable[None]],
        settings: BusSettings,
        clock: Clock,
    ) -> None:
        self._functions, self._invoker, self._send = list(functions), invoker, send
        self._settings, self._clock = settings, clock
        self._stopping = asyncio.Event()
        self._runners: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Begin to receive; a namespace that cannot be reached is asked again and again."""
        self._runners = [asyncio.create_task(self._run(function)) for function in self._functions]

    async def stop(self) -> None:
        """Take no more, and wait until what runs is settled."""
        self._stopping.set()
        await asyncio.gather(*self._runners)

    async def _run(self, function: AppFunction) -> None:
        serve = self._serve_sessions if function.trigger.is_sessions_enabled else self._serve
        pause = 1.0
        while not self._stopping.is_set():
            started = time.monotonic()
            try:
                async with namespaces.receiving(function.connection) as client:
                    await serve(client, function)
            except Exception:
                log.warning("%s cannot receive from %s", function.name, function.source, exc_info=True)
                pause = 1.0 if time.monotonic() - started > _LONGEST_PAUSE else min(pause * 2, _LONGEST_PAUSE)
                await self._rest(pause)

    async def _rest(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._stopping.wait(), seconds)
        except TimeoutError:
            return

    def _batch(self, function: AppFunction) -> int:
        return self._settings.max_batch if function.takes_many else 1

    async def _serve(self, client: Any, function: AppFunction) -> None:
        """Calls beside each other, as many as host.json says; of a function that takes lists one."""
        batch, slots = self._batch(function), 1 if function.takes_many else self._settings.max_calls
        calls: set[asyncio.Task[None]] = set()
        async with namespaces.receiver(client, function.source) as receiver:
            try:
                while not self._stopping.is_set():
                    calls = await _with_room(calls, slots)
                    taken = await receiver.receive_messages((slots - len(calls)) * batch, _PATIENCE)
                    for start in range(0, len(taken), batch):
                        part = taken[start : start + batch]
                        calls.add(asyncio.create_task(self._handle(receiver, function, part)))
            finally:
                await asyncio.gather(*calls)

    async def _serve_sessions(self, client: Any, function: AppFunction) -> None:
        serving: set[asyncio.Task[None]] = set()
        try:
            while not self._stopping.is_set():
                serving = await _with_room(serving, self._settings.max_sessions)
                if receiver := await self._next_session(client, function):
                    serving.add(asyncio.create_task(self._serve_session(receiver, function)))
        finally:
            await asyncio.gather(*serving)

    async def _next_session(self, client: Any, function: AppFunction) -> Any:
        """A receiver that holds a session with messages; None: none came in time, or the host stops."""
        from azure.servicebus import NEXT_AVAILABLE_SESSION
        from azure.servicebus.exceptions import OperationTimeoutError

        options = {"session_id": NEXT_AVAILABLE_SESSION, "max_wait_time": _SESSION_PATIENCE}
        async with AsyncExitStack() as stack:
            receiver = namespaces.receiver(client, function.source, **options)
            stack.push_async_callback(receiver.close)
            opening = asyncio.ensure_future(receiver.__aenter__())
            stopping = asyncio.ensure_future(self._stopping.wait())
            await asyncio.wait({opening, stopping}, return_when=asyncio.FIRST_COMPLETED)
            stopping.cancel()
            if not opening.done():
                opening.cancel()
                await asyncio.wait({opening})
                return None
            try:
                await opening
            except OperationTimeoutError:
                return None
            stack.pop_all()
            return receiver

    async def _serve_session(self, receiver: Any, function: AppFunction) -> None:
        """The messages of a session, one call after the other, until none is ready."""
        try:
            async with receiver:
                while not self._stopping.is_set():
                    taken = await receiver.receive_messages(self._batch(function), _PATIENCE)
                    if not taken:
                        return
                    await self._handle(receiver, function, taken)
        except Exception:
            log.warning("%s has lost a session of %s", function.name, function.source, exc_info=True)

    async def _handle(self, receiver: Any, function: AppFunction, letters: Sequence[Any]) -> None:
        with self._clock.open():
            renewal = asyncio.create_task(self._renew(receiver, letters))
            try:
                is_done = await self._call(function, letters)
            finally:
                renewal.cancel()
            await _settle(receiver, function, letters, is_done)

    async def _call(self, function: AppFunction, letters: Sequence[Any]) -> bool:
        started, told = time.perf_counter(), _told(letters)
        try:
            deliveries = [namespaces.delivery(letter) for letter in letters]
            value, sender = trigger_value(deliveries, function.takes_many), sender_of(deliveries)
            _, sent = await self._invoker.call(function, value, sender)
            if sent:
                await self._send(sent)
        except Exception:
            log.exception("%s failed with %s", function.name, told)
            return False
        log.info("%s, %s, %.1f ms", function.name, told, (time.perf_counter() - started) * 1000)
        return True

    async def _renew(self, receiver: Any, letters: Sequence[Any]) -> None:
        """Keep the locks while the function runs, for as long as host.json says."""
        until = time.monotonic() + self._settings.max_renewal.total_seconds()
        while time.monotonic() < until:
            held = receiver.session or letters[0]
            left = (held.locked_until_utc - datetime.now(UTC)).total_seconds()
            await asyncio.sleep(max(left / 2, 0.1))
            try:
                for renewed in [receiver.session] if receiver.session else letters:
                    await (renewed.renew_lock() if receiver.session else receiver.renew_message_lock(renewed))
            except Exception:
                log.warning("the lock of %s could not be renewed", _told(letters), exc_info=True)
                return


async def _settle(receiver: Any, function: AppFunction, letters: Sequence[Any], is_done: bool) -> None:
    for letter in letters:
        try:
            await (receiver.complete_message(letter) if is_done else receiver.abandon_message(letter))
        except Exception as error:
            log.warning("%s: %s could not be settled and comes again: %s", function.name, _told([letter]), error)


async def _with_room(calls: set[asyncio.Task[None]], slots: int) -> set[asyncio.Task[None]]:
    """Those that still run, as soon as they are fewer than `slots`."""
    running = {call for call in calls if not call.done()}
    while len(running) >= slots:
        _, running = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
    return running


def _told(letters: Sequence[Any]) -> str:
    first = letters[0]
    many = f" and {len(letters) - 1} more" if len(letters) > 1 else ""
    return f"message {first.message_id}{many} (delivery {(first.delivery_count or 0) + 1})"
