"""One SMTP connection as a stream of replies: bytes out, replies in, and the reason when it is lost."""

from __future__ import annotations

import asyncio
import re
import ssl
from collections import deque
from collections.abc import Callable
from typing import NamedTuple, cast

_REPLY_LINE = re.compile(rb"([2-5][0-9]{2})(?:([- ])(.*))?")
_MAX_LINE = 4_096
_MAX_WAITING = 200
"""Reply lines that may wait unread; RFC 5321 allows 512 octets a line, but servers are seen to write more."""


class Reply(NamedTuple):
    """What a server said: the code and the text, lines joined by newlines."""

    code: int
    text: str

    @property
    def refuses(self) -> bool:
        return self.code >= 400

    def __str__(self) -> str:
        return f"{self.code} {' '.join(self.text.split())}"[:300]


class Lost(Exception):
    """The connection is of no use any more; says why."""


class OutOfStep(Lost):
    """What the server says fits no question: none of its replies to this message can be trusted."""


class Wire(asyncio.Protocol):
    """Writes never fail: whoever waits next, for a reply or for the system to take what was written, learns of it."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._rest = b""
        self._lines: list[str] = []
        self._replies: deque[Reply] = deque()
        self._waiter: asyncio.Future[None] | None = None
        self._lost: str | None = None
        self._alarm: asyncio.TimerHandle | None = None
        self._deadline: float | None = None
        self._patience = 0.0
        self._blocked = False

    # -------------------------------------------------------------- for the line

    @property
    def lost(self) -> bool:
        return self._lost is not None

    @property
    def unread(self) -> bool:
        """Whether the server has said something that nobody has asked for yet."""
        return bool(self._replies or self._lines or self._rest)

    @property
    def address_literal(self) -> str:
        """Our side's address as EHLO has it (RFC 5321 section 4.1.3): no look-up of names is needed."""
        address = str(self._transport.get_extra_info("sockname")[0]) if self._transport else "127.0.0.1"
        return f"[IPv6:{address}]" if ":" in address else f"[{address}]"

    def write(self, data: bytes) -> None:
        if self._transport is not None and not self.lost:
            self._transport.write(data)

    async def reply(self, seconds: float) -> Reply:
        """The next reply; what came before the end is still given out. Raises Lost."""
        if not self._replies:
            await self._until(lambda: bool(self._replies), seconds)
        return self._replies.popleft()

    async def taken(self, seconds: float) -> None:
        """Until the system has taken all that was written and the connection still stands. Raises Lost. Under TLS the
        last records may still wait in this process: a loss after the dot is then unknown where it could be deferred."""
        if self._blocked or self.lost:
            await self._until(lambda: not self._blocked and not self.lost, seconds)

    async def start_tls(self, context: ssl.SSLContext, host: str, seconds: float) -> None:
        """Raises Lost, also if the server spoke on before TLS: that could be somebody else (CVE-2011-0411)."""
        if self.unread or self._transport is None:
            raise self.give_up("the server spoke between STARTTLS and TLS")
        loop = asyncio.get_running_loop()
        try:
            transport = await loop.start_tls(
                self._transport, self, context, server_hostname=host, ssl_handshake_timeout=seconds
            )
        except ssl.SSLCertVerificationError as fault:
            raise self.give_up(f"the certificate of {host} is not trusted: {fault.verify_message}") from None
        except OSError as fault:
            raise self.give_up(f"TLS failed: {fault}") from None
        if transport is None:
            raise self.give_up("the connection was lost during the TLS handshake")
        self.connection_made(transport)

    def give_up(self, reason: str) -> Lost:
        """End the connection at once; returns the fault, to be raised."""
        self._end(reason)
        if self._transport is not None:
            self._transport.abort()
        return Lost(self._lost)

    async def _until(self, ready: Callable[[], bool], seconds: float) -> None:
        loop = asyncio.get_running_loop()
        self._patience, self._deadline = seconds, loop.time() + seconds
        self._set_alarm(loop)
        try:
            while not ready():
                if self._lost is not None:
                    raise Lost(self._lost)
                self._waiter = loop.create_future()
                await self._waiter
        finally:
            self._deadline = None

    def _set_alarm(self, loop: asyncio.AbstractEventLoop) -> None:
        """One timer serves many waits, for nearly all end early: it rings at the first deadline and is set again if
        that has moved on. A timer for every wait costs more than reading its reply."""
        assert self._deadline is not None
        if self._alarm is not None and self._alarm.when() <= self._deadline:
            return
        if self._alarm is not None:
            self._alarm.cancel()
        self._alarm = loop.call_at(self._deadline, self._ring, loop)

    def _ring(self, loop: asyncio.AbstractEventLoop) -> None:
        self._alarm = None
        if self._deadline is None:
            return
        if loop.time() < self._deadline:
            self._set_alarm(loop)
        else:
            self.give_up(f"no answer within {self._patience:g} s")

    # -------------------------------------------------------------- for asyncio

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        # With these limits `resume_writing` means that everything has been passed on (0 would never resume under TLS).
        self._transport.set_write_buffer_limits(high=1, low=0)

    def data_received(self, data: bytes) -> None:
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            if not self.lost:
                self._take(line.removesuffix(b"\r"))
        if len(self._rest) > _MAX_LINE:
            self._too_much()
        self._wake()

    def eof_received(self) -> None:
        self._end("the server closed the connection")

    def connection_lost(self, exc: Exception | None) -> None:
        self._end(f"the connection was lost: {exc}" if exc else "the connection was lost")

    def pause_writing(self) -> None:
        self._blocked = True

    def resume_writing(self) -> None:
        self._blocked = False
        self._wake()

    def _take(self, line: bytes) -> None:
        found = _REPLY_LINE.fullmatch(line)
        if found is None:
            self.give_up("the server does not speak SMTP")
            return
        if len(line) > _MAX_LINE or len(self._lines) + len(self._replies) >= _MAX_WAITING:
            self._too_much()
            return
        self._lines.append((found[3] or b"").decode(errors="replace"))
        if found[2] != b"-":
            self._replies.append(Reply(int(found[1]), "\n".join(self._lines)))
            self._lines = []

    def _too_much(self) -> None:
        self.give_up("the server says more than anybody could have asked for")

    def _end(self, reason: str) -> None:
        self._lost = self._lost or reason
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None
        self._wake()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)
