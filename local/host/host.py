"""The host of one app: its parts put together, and the ASGI entry that shares requests out among them."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from local.host.admin import CLOCK_PATH, ClockApi
from local.host.bus import Bus
from local.host.bus_api import QUEUES_PATH, BusApi
from local.host.bus_pump import BusSettings, MessageTriggers
from local.host.bus_receivers import BusReceivers
from local.host.clock import Clock, VirtualClock
from local.host.config import Flags, HostJson
from local.host.engine import Engine
from local.host.http import HttpFunctions
from local.host.invoke import Invoker
from local.host.keys import load_keys
from local.host.links import Links
from local.host.loader import App
from local.host.management import ManagementApi
from local.host.model import EngineSettings
from local.host.namespaces import Senders
from local.host.sdk import close_client
from local.host.timers import TimerTriggers

_THREADS = 16  # for synchronous HTTP and timer functions; activities have a pool of their own


class Host:
    """Runs `app`; `origin` is where it will be reached. An ASGI application."""

    def __init__(self, app: App, flags: Flags, settings: HostJson, clock: Clock, origin: str) -> None:
        keys = load_keys(flags.state_dir)
        self._links = Links(origin, settings.hub_name, keys.durabletask)
        self._senders = Senders()
        self._threads = ThreadPoolExecutor(_THREADS, "function")
        invoker = Invoker(
            flags.app_dir,
            self._links.client_binding(),
            self._threads,
            lambda sent: self._bus.send(sent),
            settings.function_timeout,
            self._senders.send,
        )
        engine_settings = _engine_settings(flags, settings)
        self._engine = Engine(flags.state_dir, app.durable(invoker), clock, engine_settings, app.namespace)
        self._bus = Bus(app.namespace, self._engine)
        self._timers = TimerTriggers(app.timers, invoker, self._engine, clock)
        own = [function for function in app.messages if not function.connection]
        azures = [function for function in app.messages if function.connection]
        self._messages = MessageTriggers(own, self._bus, app.namespace, invoker, _bus_settings(settings), clock)
        self._receivers = BusReceivers(azures, invoker, self._bus.send, _bus_settings(settings), clock)
        self._functions = HttpFunctions(app.http, settings.route_prefix, invoker, keys, clock)
        self._bus_api = BusApi(self._bus, app.namespace, self._engine, keys)
        self._management = ManagementApi(self._engine, self._links, keys)
        self._clock_api = ClockApi(clock, self._next_due)
        self._clock = clock
        self._open = 0
        self._closing = False
        self._idle = asyncio.Event()
        untimely = [f"{each.name} receives from {each.connection}, which keeps real time" for each in azures]
        timeless = untimely if isinstance(clock, VirtualClock) else []
        self.warnings = [*timeless, *app.warnings, *self._timers.warnings, *self._functions.warnings]

    async def start(self) -> None:
        """Take up durable work and timers. EngineError: the state or the SDK cannot be used."""
        # Held, so that a virtual clock does not jump over the triggers before they are there.
        with self._clock.open():
            await self._engine.start()
            await self._timers.start()
            await self._messages.start()
            await self._receivers.start()

    async def drain(self) -> None:
        """Fire no timers, refuse new requests, wait for those that run; they may still use their durable clients."""
        self._closing = True
        await self._timers.stop()
        await asyncio.gather(self._messages.stop(), self._receivers.stop())
        while self._open:
            self._idle.clear()
            await self._idle.wait()

    async def stop(self) -> None:
        """Let running activities end, commit what they did, close the state."""
        await self._engine.stop()
        await close_client()
        await asyncio.to_thread(self._senders.close)
        self._threads.shutdown()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        self._open += 1
        try:
            response = await self._respond(request)
            await response(scope, receive, send)
        finally:
            self._open -= 1
            self._idle.set()

    async def _respond(self, request: Request) -> Response:
        path: str = request.scope["path"]
        if self._closing and not path.startswith(self._links.internal_path):
            return PlainTextResponse("The host is stopping.\n", 503, {"connection": "close", "retry-after": "5"})
        if path == CLOCK_PATH:
            return await self._clock_api.respond(request)
        if path.startswith("/runtime/"):
            return await self._management.respond(request)
        if path == QUEUES_PATH or path.startswith(f"{QUEUES_PATH}/"):
            return await self._bus_api.show(request)
        if self._bus_api.serves(request):
            return await self._bus_api.send(request)
        return await self._functions.respond(request)

    def _next_due(self) -> datetime | None:
        due = [moment for moment in (self._engine.next_timer(), self._timers.next(), self._bus.next_change()) if moment]
        return min(due, default=None)


def _bus_settings(settings: HostJson) -> BusSettings:
    return BusSettings(
        max_calls=settings.max_calls,
        max_sessions=settings.max_sessions,
        max_batch=settings.max_message_batch,
        max_renewal=settings.max_lock_renewal,
    )


def _engine_settings(flags: Flags, settings: HostJson) -> EngineSettings:
    return EngineSettings(
        default_version=settings.default_version,
        version_match=settings.version_match,
        version_failure=settings.version_failure,
        max_activities=settings.max_activities,
        max_entities=settings.max_entities,
        http_poll=timedelta(milliseconds=settings.http_poll_ms),
        sticky=flags.sticky,
        ordered_events=flags.ordered_events,
        function_timeout=settings.function_timeout,
    )
