"""One connection: AMQP 1.0's frames, sessions and links (OASIS AMQP 1.0, part 2), for what a broker is asked.

Windows of sessions are not obeyed: they are as large as clients make them, and renewed with each flow.
"""

from __future__ import annotations

import asyncio
import struct
from dataclasses import dataclass, field
from typing import Any, Protocol

from tests.servers.service_bus.codec import (
    AMQP_FRAME,
    SASL_FRAME,
    Array,
    Described,
    Symbol,
    Ubyte,
    Uint,
    Ulong,
    Ushort,
    decode,
    frame,
)

SASL_HEADER, AMQP_HEADER = b"AMQP\x03\x01\x00\x00", b"AMQP\x00\x01\x00\x00"
MECHANISMS = ("MSSBCBS", "ANONYMOUS", "EXTERNAL", "PLAIN")
OPEN, BEGIN, ATTACH, FLOW, TRANSFER, DISPOSITION, DETACH, END, CLOSE = range(0x10, 0x19)
ERROR, ACCEPTED, REJECTED, RELEASED, MODIFIED = 0x1D, 0x24, 0x25, 0x26, 0x27
FILTER, LOCKED_UNTIL = Symbol("com.microsoft:session-filter"), Symbol("com.microsoft:locked-until-utc")
_WINDOW, _CREDIT, _FRAME_SIZE = 1 << 20, 1000, 65536
MESSAGE_LIMIT = 1024 * 1024
SENDER, RECEIVER = False, True


def error(condition: str, description: str) -> Described:
    """An error with a map of details, however empty: the SDK looks for it."""
    return Described(ERROR, [Symbol(condition), description, {}])


@dataclass(eq=False)
class Link:
    """A link as the client attached it. `is_sending`: messages go to the client, as far as there is credit."""

    connection: Connection
    channel: int
    frame: list[Any]
    address: str
    credit: int = 0
    sent: int = 0
    received: int = 0
    session: str | None = None
    is_open: bool = True
    unsettled: dict[int, Any] = field(default_factory=dict)
    payload: bytearray = field(default_factory=bytearray)
    started: list[Any] | None = None  # the first transfer of a delivery that has several

    @property
    def name(self) -> str:
        return str(self.frame[0])

    @property
    def handle(self) -> int:
        return int(self.frame[1])

    @property
    def is_sending(self) -> bool:
        return self.frame[2] is RECEIVER

    @property
    def is_settled_at_once(self) -> bool:
        return bool(self.frame[3] == 1)

    @property
    def properties(self) -> dict[Any, Any]:
        return self.frame[13] or {}

    @property
    def filters(self) -> dict[Any, Any]:
        source = self.frame[5].value
        return (source[7] if len(source) > 7 else None) or {}

    def accept(self, source: Described | None = None, properties: dict[Any, Any] | None = None) -> None:
        """Attach it from this side too."""
        self.connection.send(self.channel, ATTACH, self._attach(source, properties))
        if self.frame[2] is SENDER:
            self.grant()

    def _attach(self, source: Described | None, properties: dict[Any, Any] | None) -> list[Any]:
        _, handle, role, send_mode, receive_mode, theirs, target, *_ = self.frame
        begun = Uint(0) if role is RECEIVER else None
        return [
            self.frame[0], handle, not role, send_mode, receive_mode, source or theirs, target,
            None, None, begun, Ulong(MESSAGE_LIMIT), None, None, properties,
        ]  # fmt: skip

    def accept_session(self, session: str, locked_until: float) -> None:
        self.session = session
        source = self.frame[5]
        fields = [*source.value, *[None] * (8 - len(source.value))]
        fields[7] = {FILTER: session}
        ticks = int(locked_until * 10_000_000) + 621_355_968_000_000_000
        self.accept(source._replace(value=fields), {LOCKED_UNTIL: ticks})

    def refuse(self, condition: str, description: str) -> None:
        """Attach it and end it at once with an error; both go out together (part 2, section 2.6.3)."""
        attach = frame(AMQP_FRAME, self.channel, Described(ATTACH, self._attach(None, {})))
        self.end(condition, description, attach)

    def end(self, condition: str, description: str, before: bytes = b"") -> None:
        """End it with an error."""
        self.is_open = False
        detach = Described(DETACH, [self.frame[1], True, error(condition, description)])
        self.connection.write(before + frame(AMQP_FRAME, self.channel, detach))

    def grant(self) -> None:
        """Room for so many more messages of the client's."""
        self.connection.flow(self.channel, [self.frame[1], Uint(self.received), Uint(_CREDIT)])

    def deliver(self, payload: bytes, tag: bytes, settled: bool) -> int:
        """Send a message; returns its delivery id."""
        self.credit -= 1
        self.sent += 1
        return self.connection.transfer(self.channel, self.frame[1], payload, tag, settled)

    def settled(self, first: int, state: Described) -> None:
        """Tell the client what came of a delivery."""
        role = SENDER if self.is_sending else RECEIVER
        self.connection.send(self.channel, DISPOSITION, [role, Uint(first), Uint(first), True, state])

    def drain(self) -> None:
        """There is nothing more for now: the credit is given back."""
        self.sent += self.credit
        self.credit = 0
        self.connection.flow(self.channel, [self.frame[1], Uint(self.sent), Uint(0), None, True])


class Broker(Protocol):
    """Whom a connection tells what arrives on its links."""

    def attached(self, link: Link) -> None: ...

    def detached(self, link: Link) -> None: ...

    def flowed(self) -> None: ...

    def received(self, link: Link, delivery_id: int, raw: bytes, message_format: int | None) -> None: ...

    def settled(self, link: Link, delivery_id: int, state: Described | None, is_final: bool) -> None: ...


@dataclass
class _Session:
    transfers_received: int = 0
    transfers_sent: int = 0
    deliveries: int = 0


class Connection:
    """Reads frames until the client closes or the socket ends."""

    def __init__(self, broker: Broker, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._broker, self._reader, self.writer = broker, reader, writer
        self._sessions: dict[int, _Session] = {}
        self.links: dict[tuple[int, int], Link] = {}
        self._frame_size = _FRAME_SIZE
        self._heart: asyncio.Task[None] | None = None

    async def run(self) -> None:
        try:
            await self._sign_in()
            while await self._next():
                pass
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # the client is gone
        finally:
            if self._heart:
                self._heart.cancel()
            for link in list(self.links.values()):
                self._end(link)
            self.writer.close()

    async def _sign_in(self) -> None:
        """SASL: whoever comes is let in; tokens are put at $cbs later."""
        header = await self._reader.readexactly(8)
        if header == SASL_HEADER:
            self.writer.write(SASL_HEADER)
            mechanisms = Array(Symbol(name) for name in MECHANISMS)
            self.writer.write(frame(SASL_FRAME, 0, Described(0x40, [mechanisms])))
            await self._read()
            self.writer.write(frame(SASL_FRAME, 0, Described(0x44, [Ubyte(0)])))
            header = await self._reader.readexactly(8)
        if header != AMQP_HEADER:
            raise ConnectionError(f"{header!r} is no header of AMQP 1.0")
        self.writer.write(AMQP_HEADER)

    async def _read(self) -> tuple[int, bytes]:
        size, offset, _, channel = struct.unpack(">IBBH", await self._reader.readexactly(8))
        body = await self._reader.readexactly(size - 8)
        return channel, body[offset * 4 - 8 :]

    async def _next(self) -> bool:
        channel, body = await self._read()
        if not body:
            return True  # somebody is there
        performative, end = decode(body)
        fields = [*performative.value, *[None] * (14 - len(performative.value))]
        match performative.descriptor:
            case 0x10:
                self._open(fields)
            case 0x11:
                self._begin(channel, fields)
            case 0x12:
                self._attach(channel, fields)
            case 0x13:
                self._flow(channel, fields)
            case 0x14:
                self._transfer(channel, fields, body[end:])
            case 0x15:
                self._disposition(channel, fields)
            case 0x16:
                self._detach(channel, fields)
            case 0x17:
                self.send(channel, END, [])
            case 0x18:
                self.send(channel, CLOSE, [])
        await self.writer.drain()
        return bool(performative.descriptor != CLOSE)

    def send(self, channel: int, performative: int, fields: list[Any], payload: bytes = b"") -> None:
        self.write(frame(AMQP_FRAME, channel, Described(performative, fields), payload))

    def write(self, frames: bytes) -> None:
        if not self.writer.is_closing():
            self.writer.write(frames)

    def _open(self, fields: list[Any]) -> None:
        self._frame_size = min(fields[2] or _FRAME_SIZE, _FRAME_SIZE)
        self.send(0, OPEN, ["loopback-service-bus", None, Uint(_FRAME_SIZE), Ushort(1024), Uint(240_000)])
        if fields[4]:
            self._heart = asyncio.create_task(self._beat(fields[4] / 2000))

    async def _beat(self, seconds: float) -> None:
        """An empty frame now and then, so that the client does not take this side for dead."""
        while True:
            await asyncio.sleep(seconds)
            self.write(frame(AMQP_FRAME, 0))

    def _begin(self, channel: int, fields: list[Any]) -> None:
        self._sessions[channel] = _Session()
        answer = [Ushort(channel), Uint(0), Uint(_WINDOW), Uint(_WINDOW), Uint(255)]
        self.send(channel, BEGIN, answer)

    def _attach(self, channel: int, fields: list[Any]) -> None:
        terminus = fields[5] if fields[2] is RECEIVER else fields[6]
        address = str(terminus.value[0] or "") if terminus else ""
        path = address.partition("://")[2].partition("/")[2] if "://" in address else address
        link = Link(self, channel, fields, path)
        self.links[channel, link.handle] = link
        self._broker.attached(link)

    def flow(self, channel: int, of_link: list[Any]) -> None:
        session = self._sessions[channel]
        head = [Uint(session.transfers_received), Uint(_WINDOW), Uint(session.transfers_sent), Uint(_WINDOW)]
        self.send(channel, FLOW, [*head, *of_link])

    def _flow(self, channel: int, fields: list[Any]) -> None:
        link = self.links.get((channel, fields[4])) if fields[4] is not None else None
        if link and link.is_sending:
            link.credit = max(0, (fields[5] or 0) + (fields[6] or 0) - link.sent)
            self._broker.flowed()
            if fields[8]:
                link.drain()

    def transfer(self, channel: int, handle: int, payload: bytes, tag: bytes, settled: bool) -> int:
        session, room = self._sessions[channel], self._frame_size - 512
        delivery_id = session.deliveries
        session.deliveries += 1
        for start in range(0, len(payload), room):
            more = start + room < len(payload)
            head = [handle, Uint(delivery_id), tag, Uint(0), settled, more]
            self.send(channel, TRANSFER, head, payload[start : start + room])
            session.transfers_sent += 1
        return delivery_id

    def _transfer(self, channel: int, fields: list[Any], payload: bytes) -> None:
        self._sessions[channel].transfers_received += 1
        link = self.links.get((channel, fields[0]))
        if link is None or not link.is_open:
            return
        link.started = link.started or fields
        link.payload += payload
        if not fields[5]:
            first, raw = link.started, bytes(link.payload)
            link.started, link.payload = None, bytearray()
            link.received += 1
            self._broker.received(link, first[1], raw, first[3])
            link.grant()

    def _disposition(self, channel: int, fields: list[Any]) -> None:
        if fields[0] is not RECEIVER:
            return
        first, last = fields[1], fields[2] if fields[2] is not None else fields[1]
        links = [link for (of, _), link in self.links.items() if of == channel and link.is_sending]
        for delivery_id in range(first, last + 1):
            for link in links:
                if delivery_id in link.unsettled:
                    self._broker.settled(link, delivery_id, fields[4], bool(fields[3]))

    def _detach(self, channel: int, fields: list[Any]) -> None:
        link = self.links.pop((channel, fields[0]), None)
        if link and link.is_open:
            self.send(channel, DETACH, [fields[0], True])
            self._end(link)

    def _end(self, link: Link) -> None:
        link.is_open = False
        self.links.pop((link.channel, link.handle), None)
        self._broker.detached(link)
