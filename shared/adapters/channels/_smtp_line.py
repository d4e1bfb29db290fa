"""One connection to a mail server, from message to message, and what its replies mean for a message.

A message is in one of three moments. Before its terminating dot is written, nothing can have been taken: whatever goes
wrong is `deferred`, or a refusal by the server's own word. Once the dot is written, only a reply tells: without it the
receipt is `unknown`, never anything else. So no body is written before the previous dot is answered.

Where the server offers PIPELINING (RFC 2920), MAIL, RCPT and DATA travel together, and together with the dot of the
message before (section 3.1 allows it: the text is the first command of a group): one round trip a message. That blurs
nothing, for replies come in order and an envelope without a body has no effect."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal

from shared.adapters.channels._smtp_connect import Timeouts
from shared.adapters.channels._smtp_parcel import Parcel, wrap
from shared.adapters.channels._smtp_wire import Lost, OutOfStep, Reply, Wire
from shared.ports import Outgoing

State = Literal["accepted", "failed", "deferred", "unknown", "unsent"]

_NOT_LOGGED_IN = {530, 534, 535, 538}
"""Refusals of us, not of the message (RFC 4954): somebody mends the settings, then it may leave."""

_NOT_UNDERSTOOD = {500, 502, 503}
"""No word on a message (RFC 5321 section 4.2.4): the server and we have lost each other. Another connection may not."""


_AT_ONCE = 16_384
"""Octets that fit into a connection's send buffer when everything before them has been answered."""


@dataclass(frozen=True)
class Window:
    """Messages on their way: those that no connection has taken up yet, whom to tell what became of the others, and
    until when (of the loop's clock) another text may begin."""

    queue: deque[Outgoing]
    report: Callable[[Outgoing, State, str], None]
    until: float

    @property
    def open(self) -> bool:
        return bool(self.queue) and not self.late

    @property
    def late(self) -> bool:
        return asyncio.get_running_loop().time() >= self.until


class Line:
    """An open connection. It carries messages one after another and may be used again for the next window."""

    def __init__(self, wire: Wire, extensions: dict[str, str], timeouts: Timeouts) -> None:
        self._wire = wire
        self._extensions = extensions
        self._timeouts = timeouts
        self._pipelining = "PIPELINING" in extensions
        self._fresh = True

    @property
    def lost(self) -> bool:
        return self._wire.lost

    async def carry(self, window: Window) -> None:
        """Send until nothing is queued or the connection is lost. What was certainly not taken by a connection that
        had served before goes back to the queue: the server may merely have been tired of it."""
        parcel = self._begin(window)
        while parcel is not None:
            parcel = await self._deliver(parcel, window)
            self._fresh = False

    async def quit(self) -> None:
        self._wire.write(b"QUIT\r\n")
        with suppress(Lost):
            await self._wire.reply(min(2.0, self._timeouts.command))
        self.drop()

    def drop(self) -> None:
        self._wire.give_up("closed")

    # -------------------------------------------------------------- one message

    async def _deliver(self, parcel: Parcel, window: Window) -> Parcel | None:
        """One message up to its receipt. Returns the next one, whose envelope is on its way, if there is one."""
        try:
            refusal = await self._offer(parcel)
            if refusal is None and window.late:
                # The server waits for a text and would take an empty one: there is no way back but to hang up.
                self._wire.give_up("too slow")
                window.report(parcel.message, "unsent", "")
                return None
            text = b"" if refusal else await self._write_text(parcel)
        except Lost as lost:
            self._not_taken(parcel.message, str(lost), window)
            return None
        if refusal is None:
            return await self._finish(parcel, text, window)
        window.report(parcel.message, _verdict(refusal), str(refusal))
        return self._begin(window)

    async def _offer(self, parcel: Parcel) -> Reply | None:
        """MAIL, RCPT, DATA. Returns the first refusal, or None if the server waits for the text. Raises Lost."""
        steps = (
            (parcel.mail, 200, self._timeouts.command),
            (parcel.rcpt, 200, self._timeouts.command),
            (b"DATA\r\n", 300, self._timeouts.data),
        )
        refusal: Reply | None = None
        waits_for_text = False
        try:
            for command, good, seconds in steps:
                reply = await self._step(command, good, seconds)
                if refusal is None and reply.code in _NOT_UNDERSTOOD:
                    raise self._out_of_step(str(reply))
                refusal = refusal or (reply if reply.refuses else None)
                waits_for_text = good == 300 and not reply.refuses
                if refusal and not self._pipelining:
                    break
            if refusal:
                await self._abandon(waits_for_text)
        except OutOfStep:
            raise
        except Lost:
            if refusal is None:
                raise
        return refusal

    async def _step(self, command: bytes, good: int, seconds: float) -> Reply:
        """One reply; one that fits no step would shift the meaning of all that follow. Raises Lost."""
        if not self._pipelining:
            self._insist_on_silence()
            self._wire.write(command)
        reply = await self._wire.reply(seconds)
        if reply.code == 421:
            raise self._wire.give_up(str(reply))
        if not (reply.refuses or good <= reply.code < good + 100):
            raise self._out_of_step(str(reply))
        return reply

    def _insist_on_silence(self) -> None:
        """Whatever has been said by now answers nothing that was asked. Raises OutOfStep."""
        if self._wire.unread:
            raise self._out_of_step("the server spoke out of turn")

    def _out_of_step(self, reason: str) -> OutOfStep:
        return OutOfStep(*self._wire.give_up(reason).args)

    async def _abandon(self, waits_for_text: bool) -> None:
        """End the transaction. A server may await a text although it took no recipient: then it gets a single dot
        (RFC 2920 section 3.1), and whatever it says to that. Raises Lost."""
        self._wire.write(b".\r\n" if waits_for_text else b"RSET\r\n")
        reply = await self._wire.reply(self._timeouts.end if waits_for_text else self._timeouts.command)
        if reply.refuses and not waits_for_text:
            raise self._wire.give_up(str(reply))

    async def _write_text(self, parcel: Parcel) -> bytes:
        """A long text but its dot, until the system has taken it: a connection that breaks up to here took nothing.
        Returns what is left to write: a text that the system takes at once goes with its dot."""
        self._insist_on_silence()
        if len(parcel.text) <= _AT_ONCE:
            return parcel.text
        self._wire.write(parcel.text)
        await self._wire.taken(self._timeouts.block)
        return b""

    async def _finish(self, parcel: Parcel, text: bytes, window: Window) -> Parcel | None:
        """The dot, with the next envelope if the server can take it along, and the reply. Nothing waits in between:
        the connection stands when the dot is written."""
        following = self._take(window) if self._pipelining else None
        self._wire.write(text + b".\r\n" + (following.envelope if following else b""))
        try:
            reply = await self._wire.reply(self._timeouts.end)
        except Lost as lost:
            window.report(parcel.message, "unknown", f"no reply to the text: {lost}")
            if following is not None:
                window.queue.appendleft(following.message)
            return None
        window.report(parcel.message, _verdict(reply), str(reply))
        return following or self._begin(window)

    def _begin(self, window: Window) -> Parcel | None:
        parcel = self._take(window)
        if parcel is not None and self._pipelining:
            self._wire.write(parcel.envelope)
        return parcel

    def _take(self, window: Window) -> Parcel | None:
        """The next message that this server can be asked to take; the others fail here and now."""
        while window.open:
            message = window.queue.popleft()
            try:
                return wrap(message, self._extensions)
            except ValueError as fault:
                window.report(message, "failed", str(fault))
        return None

    def _not_taken(self, message: Outgoing, reason: str, window: Window) -> None:
        if self._fresh:
            window.report(message, "deferred", reason)
        else:
            window.queue.appendleft(message)


def _verdict(reply: Reply) -> State:
    if 200 <= reply.code < 300:
        return "accepted"
    if 400 <= reply.code < 500 or reply.code in _NOT_LOGGED_IN:
        return "deferred"
    return "failed" if reply.code >= 500 else "unknown"
