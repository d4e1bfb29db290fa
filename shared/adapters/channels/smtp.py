"""The channel to a mail server: SMTP over a few connections that stay open from window to window."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Coroutine, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal, InvalidOperation
from math import inf
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from shared.adapters.channels._pump import Hand, Pump
from shared.adapters.channels._smtp_connect import Server, Timeouts, connect
from shared.adapters.channels._smtp_line import Line, State, Window
from shared.adapters.channels._smtp_wire import Lost
from shared.domain.loopback import is_loopback
from shared.domain.scope import Scope
from shared.ports import NONE_SENT, Outgoing, Proof, Receipt, Sent

_SETTING = "BATON_SMTP_URL"


class SmtpChannel:
    """`smtp://user:password@host:port?rate_per_second=100&cost_per_message=0.0003&connections=4&ca=FILE`.

    STARTTLS is used wherever it is offered, and required with credentials or a host that is not this machine;
    certificates are verified against the system's authorities or `ca` (PEM). `cost_per_message` is in euros.
    Raises ValueError naming the part of the URL that is wrong."""

    name = "smtp"
    tariff = None
    reported_as = None

    def __init__(self, url: str, public_url: str) -> None:
        parts, options = _parts(url)
        self.rate_per_second = float(_number(options, "rate_per_second", "100", Decimal("0.001"), Decimal(10_000)))
        self.cost_micros = round(_number(options, "cost_per_message", "0", Decimal(0), Decimal(100)) * 1_000_000)
        self.timeouts = Timeouts()
        self._connections = int(_number(options, "connections", "4", Decimal(1), Decimal(50)))
        self._server = _server(parts, options.pop("ca", None))
        self._public_url = public_url
        if options:
            raise ValueError(f"{_SETTING}: unknown option {', '.join(sorted(options))}")

    def refusal(self) -> str | None:
        """Mail to the world needs links that the world can reach (rules C5, C6)."""
        if is_loopback(self._server.host) or self._public_url.startswith("https://"):
            return None
        return (
            f"recipients could not unsubscribe: the links would lead to {self._public_url or 'nowhere'}. Set "
            f"BATON_PUBLIC_URL to the https:// address where they reach this server, or send through a server on "
            f"this machine instead of {self._server.host}."
        )

    @contextmanager
    def session(self, scope: Scope) -> Iterator[_Session]:
        """Connections are opened when the first message needs them. Never raises for the server's sake."""
        session = _Session(self._server, self.timeouts, self._connections, self.cost_micros)
        try:
            yield session
        finally:
            session.close()

    def evidence(self, scope: Scope, keys: Sequence[str], sent: Mapping[str, Sent] = NONE_SENT) -> Mapping[str, Proof]:
        """SMTP cannot be asked what it took."""
        return {}


class _Session:
    """The connections that are idle, and how those that are busy empty one queue."""

    def __init__(self, server: Server, timeouts: Timeouts, connections: int, cost_micros: int) -> None:
        self._server = server
        self._timeouts = timeouts
        self._connections = connections
        self._cost_micros = cost_micros
        self._pump = Pump()
        self._idle: list[Line] = []

    def unreachable(self) -> str | None:
        """Opens a connection, unless one is open, for the window to come; or why it cannot: no server, no log-in."""
        return self._pump.run(self._reach())

    def send(self, messages: Sequence[Outgoing], within: float = inf) -> Generator[Receipt, None, None]:
        """Sends while it is iterated; whoever stops early drops the connections that are busy."""
        until = self._pump.time() + within

        def work(hand: Hand) -> Coroutine[Any, Any, None]:
            def report(message: Outgoing, state: State, said: str) -> None:
                hand(self._receipt(message, state, said))

            return self._empty(Window(deque(messages), report, until))

        yield from self._pump.receipts(work)

    def close(self) -> None:
        self._pump.close(self._take_leave())

    def _receipt(self, message: Outgoing, state: State, said: str) -> Receipt:
        if state == "accepted":
            return Receipt(message.key, message.attempt, state, provider_id=said, cost_micros=self._cost_micros)
        return Receipt(message.key, message.attempt, state, detail=said)

    async def _empty(self, window: Window) -> None:
        """As many connections as there are messages for take them from one queue; what none can take is deferred."""
        wanted = min(self._connections, len(window.queue))
        reasons = await asyncio.gather(*(self._serve(window) for _ in range(wanted)))
        late, whys = window.late, "; ".join(sorted({why for why in reasons if why}))
        while window.queue:
            window.report(window.queue.popleft(), "unsent" if late else "deferred", whys)

    async def _serve(self, window: Window) -> str | None:
        """One connection after another until nothing more may begin; returns why none can be opened, if none can."""
        while window.open:
            try:
                line = self._idle.pop() if self._idle else await self._open()
            except Lost as lost:
                return str(lost)
            try:
                await line.carry(window)
            except BaseException:
                line.drop()
                raise
            if not line.lost:
                self._idle.append(line)
        return None

    async def _reach(self) -> str | None:
        self._idle = [line for line in self._idle if not line.lost]
        try:
            if not self._idle:
                self._idle.append(await self._open())
        except Lost as lost:
            return str(lost)
        return None

    async def _open(self) -> Line:
        wire, extensions = await connect(self._server, self._timeouts)
        return Line(wire, extensions, self._timeouts)

    async def _take_leave(self) -> None:
        await asyncio.gather(*(line.quit() for line in self._idle))


# ------------------------------------------------------------------ the URL


def _parts(url: str) -> tuple[SplitResult, dict[str, str]]:
    """No error quotes the URL, not even the standard library's: it holds the password."""
    try:
        parts = urlsplit(url)
    except ValueError:
        parts = SplitResult("", "", "", "", "")
    if parts.scheme != "smtp" or not parts.hostname or parts.path not in ("", "/"):
        raise ValueError(f"{_SETTING} must look like smtp://user:password@host:587")
    try:
        _ = parts.port
    except ValueError:
        raise ValueError(f"{_SETTING}: the port must be a number up to 65535") from None
    return parts, dict(parse_qsl(parts.query, keep_blank_values=True))


def _number(options: dict[str, str], name: str, default: str, least: Decimal, most: Decimal) -> Decimal:
    text = options.pop(name, default)
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if number.is_nan() or not least <= number <= most:
        raise ValueError(f"{_SETTING}: {name} {text!r} must be a number from {least} to {most}")
    return number


def _server(parts: SplitResult, ca: str | None) -> Server:
    if ca is not None and not Path(ca).is_file():
        raise ValueError(f"{_SETTING}: ca {ca!r} is no file")
    host, user = parts.hostname or "", parts.username
    server = Server(
        host=host,
        port=parts.port or 587,
        needs_tls=bool(user) or not is_loopback(host),
        ca=ca,
        user=unquote(user) if user else None,
        password=unquote(parts.password or ""),
    )
    if ca:
        _ = server.context  # A file that holds no certificate is told now.
    return server
