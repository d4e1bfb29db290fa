"""A broker that speaks to azure-servicebus as Azure Service Bus does, over AMQP 1.0 on the loopback.

In memory, for tests: peek-lock and its settlements, sessions with state, topics with correlation rules, schedules,
deferred messages, dead letters with their reason, duplicate detection, management nodes, tokens. Not there:
transactions, forwarding, SQL filters, the HTTP administration, TLS (clients say `UseDevelopmentEmulator=true`). It was
compared with the SDK and the protocol's documentation, not with Azure.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Mapping
from threading import Event, Thread
from typing import Any, TypeVar

from tests.servers.service_bus.codec import Described, Int
from tests.servers.service_bus.entities import DEAD, Entrance, Held, Queue, Refused, Rule, Settings
from tests.servers.service_bus.management import check_token, operate
from tests.servers.service_bus.message import Message, messages_in, response
from tests.servers.service_bus.wire import (
    ACCEPTED,
    FILTER,
    MESSAGE_LIMIT,
    REJECTED,
    Connection,
    Link,
    error,
)

__all__ = ["Rule", "ServiceBus", "Settings"]
_KEY = "key of the loopback"
_MANAGEMENT = "/$management"
_TIMEOUT = "com.microsoft:timeout"
T = TypeVar("T")


class ServiceBus:
    """A namespace on a port of 127.0.0.1, in a thread of its own: `with ServiceBus(queues, topics) as bus`.

    `topics` has the settings of each subscription by topic and name; a topic's own are under the name "".
    """

    def __init__(
        self, queues: Mapping[str, Settings] | None = None, topics: Mapping[str, Mapping[str, Settings]] | None = None
    ) -> None:
        self._entrances: dict[str, Entrance] = {}
        self._queues: dict[str, Queue] = {}
        for name, settings in (queues or {}).items():
            self._entrances[name.lower()] = Entrance([self._queue(name, settings)], settings)
        for topic, subscriptions in (topics or {}).items():
            made = [self._queue(f"{topic}/Subscriptions/{name}", of) for name, of in subscriptions.items() if name]
            self._entrances[topic.lower()] = Entrance(made, subscriptions.get("", Settings()), is_topic=True)
        self.port = 0
        self._connections: set[Connection] = set()
        self._receivers: list[Link] = []
        self._waiting: list[tuple[Link, str | None, float]] = []
        self._replies: dict[tuple[Connection, int, str], Link] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._loop = asyncio.new_event_loop()
        self._started = Event()
        self._thread = Thread(target=self._serve, daemon=True)

    @property
    def connection_string(self) -> str:
        where = f"sb://127.0.0.1:{self.port}"
        return f"Endpoint={where};SharedAccessKeyName=Root;SharedAccessKey={_KEY};UseDevelopmentEmulator=true"

    def __enter__(self) -> ServiceBus:
        self._thread.start()
        self._started.wait()
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def counts(self, name: str) -> tuple[int, int, int, int]:
        """Messages of a queue or subscription that are ready, locked, scheduled (in a queue) and dead."""
        return self._ask(lambda: self._count(name.lower()))

    def lose_connections(self) -> None:
        """End every connection as a broken network does."""
        self._ask(lambda: [connection.writer.transport.abort() for connection in self._connections])

    def forget_settlements(self, name: str, count: int) -> None:
        """The next messages that are completed come again: a duplicate, as after a failover."""
        self._ask(lambda: setattr(self._queues[name.lower()], "forget_settlements", count))

    def bury(self, name: str) -> None:
        """What is ready in a queue or subscription becomes dead letters, as if receivers refused it."""
        queue = self._queues[name.lower()]
        self._ask(lambda: [queue.bury(held, time.time(), "Refused", "not now") for held in queue.ready()])

    def _ask(self, question: Callable[[], T]) -> T:
        async def ask() -> T:
            return question()

        return asyncio.run_coroutine_threadsafe(ask(), self._loop).result(10)

    def _queue(self, name: str, settings: Settings) -> Queue:
        dead = Queue(f"{name}/$DeadLetterQueue", Settings(settings.lock_seconds))
        self._queues[f"{name}{DEAD}".lower()] = dead
        self._queues[name.lower()] = queue = Queue(name, settings, dead)
        return queue

    def _count(self, name: str) -> tuple[int, int, int, int]:
        held = self._queues[name].held.values()
        locked = sum(1 for message in held if message.lock)
        scheduled = len(self._entrances[name].scheduled) if name in self._entrances else 0
        dead = self._queues.get(name + DEAD)
        return len(held) - locked, locked, scheduled, len(dead.held) if dead else 0

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._welcome, "127.0.0.1", 0))
        self.port = server.sockets[0].getsockname()[1]
        self._started.set()
        self._loop.run_forever()
        server.close()
        left = asyncio.all_tasks(self._loop)
        for task in left:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
        self._loop.close()

    async def _welcome(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = Connection(self, reader, writer)
        self._connections.add(connection)
        with contextlib.suppress(asyncio.CancelledError):
            await connection.run()
        self._connections.discard(connection)

    def _pump(self) -> None:
        """Let pass what time has brought, hand out what is ready, and come again when the next thing is due."""
        now = time.time()
        for entrance in self._entrances.values():
            entrance.tick(now)
        for queue in self._queues.values():
            for owner in queue.tick(now):
                owner.end("com.microsoft:session-lock-lost", "The session lock has expired.")
        self._waiting = [waiting for waiting in self._waiting if not self._seat(*waiting, now)]
        for link in self._receivers:
            self._feed(link, self._queues[link.address.lower()], now)
        self._receivers = [link for link in self._receivers if link.is_open]
        dues = [until for *_, until in self._waiting]
        for part in (*self._entrances.values(), *self._queues.values()):
            dues += part.due()
        if self._timer:
            self._timer.cancel()
        self._timer = self._loop.call_later(max(0.0, min(dues) - now) + 0.001, self._pump) if dues else None

    def _feed(self, link: Link, queue: Queue, now: float) -> None:
        while link.is_open and link.credit > 0 and (held := queue.take(now, link.session)):
            assert held.lock
            at_once = link.is_settled_at_once
            delivery_id = link.deliver(held.encode(held.deliveries - 1), held.lock.bytes_le, at_once)
            if at_once:
                queue.complete(held)
            else:
                link.unsettled[delivery_id] = held.lock

    def _seat(self, link: Link, wanted: str | None, until: float, now: float) -> bool:
        """Give a link the session it waits for; True: it waits no longer."""
        if not link.is_open:
            return True
        queue = self._queues[link.address.lower()]
        try:
            session = queue.accept_session(wanted, link, now)
        except Refused as refused:
            link.refuse(refused.condition, str(refused))
            return True
        if session is not None:
            link.accept_session(session, queue.sessions[session].unlocks)
            self._receivers.append(link)
        elif until <= now:
            link.refuse(_TIMEOUT, "No session with a message came in the time given.")
        return session is not None or until <= now

    # What connections tell.

    def attached(self, link: Link) -> None:
        name = link.address.lower()
        entity = name.removesuffix(_MANAGEMENT)
        if name == "$cbs" or name.endswith(_MANAGEMENT):
            self._attach_node(link, name, entity)
        elif link.is_sending and name in self._queues:
            self._attach_receiver(link, self._queues[name])
        elif not link.is_sending and name in self._entrances:
            link.accept()
        else:
            self._refuse_unknown(link)

    def _attach_node(self, link: Link, name: str, entity: str) -> None:
        if name != "$cbs" and entity not in self._queues and entity not in self._entrances:
            return self._refuse_unknown(link)
        link.accept()
        if link.is_sending:
            self._replies[link.connection, link.channel, name] = link

    def _attach_receiver(self, link: Link, queue: Queue) -> None:
        if queue.settings.requires_session != (FILTER in link.filters):
            return link.refuse("amqp:not-allowed", "Sessions are needed here, or are not known here.")
        if queue.settings.requires_session:
            patience = link.properties.get(_TIMEOUT, 60_000) / 1000
            wanted = link.filters[FILTER]
            wanted = wanted.value if isinstance(wanted, Described) else wanted
            self._waiting.append((link, wanted, time.time() + patience))
        else:
            link.accept()
            self._receivers.append(link)
        self._pump()

    def _refuse_unknown(self, link: Link) -> None:
        link.refuse("amqp:not-found", f"The messaging entity '{link.address}' could not be found.")

    def detached(self, link: Link) -> None:
        """A lock without a session goes on until it ends; a session is free at once."""
        queue = self._queues.get(link.address.lower())
        if queue and link.session is not None and queue.sessions[link.session].owner is link:
            queue.end_session(link.session, time.time())
        self._replies = {where: reply for where, reply in self._replies.items() if reply is not link}
        self._pump()

    def flowed(self) -> None:
        self._pump()

    def received(self, link: Link, delivery_id: int, raw: bytes, message_format: int | None) -> None:
        name = link.address.lower()
        if name == "$cbs" or name.endswith(_MANAGEMENT):
            link.settled(delivery_id, Described(ACCEPTED, []))
            self._answer(link, name, Message(raw))
        else:
            link.settled(delivery_id, self._take_in(name, raw, message_format))
        self._pump()

    def _take_in(self, name: str, raw: bytes, message_format: int | None) -> Described:
        if len(raw) > MESSAGE_LIMIT:
            return _rejected(
                "amqp:link:message-size-exceeded", f"{len(raw)} bytes; a message may have {MESSAGE_LIMIT}."
            )
        try:
            messages = messages_in(raw, message_format)
            self._entrances[name].check(messages)
            for message in messages:
                self._entrances[name].send(message, time.time())
        except Refused as refused:
            return _rejected(refused.condition, str(refused))
        return Described(ACCEPTED, [])

    def settled(self, link: Link, delivery_id: int, state: Described | None, is_final: bool) -> None:
        queue, lock = self._queues[link.address.lower()], link.unsettled.pop(delivery_id)
        now, outcome = time.time(), state or Described(ACCEPTED, [])
        try:
            _apply(queue, queue.locked(lock, now), outcome, now)
            if outcome.descriptor == REJECTED:  # with an error it would say that this failed
                outcome = Described(REJECTED, [])
        except Refused as refused:
            outcome = _rejected(refused.condition, str(refused))
        if not is_final:
            link.settled(delivery_id, outcome)
        self._pump()

    def _answer(self, link: Link, name: str, request: Message) -> None:
        status, body, problem = 200, None, None
        entity, operation = name.removesuffix(_MANAGEMENT), str(request.application.get("operation"))
        try:
            if name == "$cbs":
                status, body = check_token(request, _KEY, time.time())
            else:
                queue, entrance = self._queues.get(entity), self._entrances.get(entity)
                status, body = operate(operation, request.value or {}, queue, entrance, time.time())
        except Refused as refused:
            status, problem = refused.status, refused
        description = str(problem) if problem else "OK" if status < 400 else "The token is not good."
        answer: dict[str, Any] = {}
        for code, text in (("statusCode", "statusDescription"), ("status-code", "status-description")):
            answer |= {code: Int(status), text: description}
        if problem:
            answer["errorCondition"] = problem.condition
        reply = self._replies.get((link.connection, link.channel, name))
        if reply:
            reply.deliver(response(request.standard("message_id"), body, answer), b"reply", settled=True)


def _apply(queue: Queue, held: Held, outcome: Described, now: float) -> None:
    match outcome.descriptor:
        case 0x24:
            queue.complete(held)
        case 0x25:
            problem = outcome.value[0] if outcome.value else None
            info = (problem.value[2] if problem and len(problem.value) > 2 else None) or {}
            queue.bury(held, now, info.get("DeadLetterReason"), info.get("DeadLetterErrorDescription"))
        case 0x26:
            queue.release(held)
        case 0x27 if len(outcome.value) > 1 and outcome.value[1]:
            queue.defer(held)
        case 0x27:
            queue.abandon(held, now)


def _rejected(condition: str, description: str) -> Described:
    return Described(REJECTED, [error(condition, description)])
