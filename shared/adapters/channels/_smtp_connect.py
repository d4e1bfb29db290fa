"""From nothing to a connection that may take messages: greeting, EHLO, STARTTLS, AUTH."""

from __future__ import annotations

import asyncio
import ssl
from base64 import b64encode
from dataclasses import dataclass, field
from functools import cached_property

from shared.adapters.channels._smtp_wire import Lost, Reply, Wire


@dataclass(frozen=True)
class Timeouts:
    """Seconds to wait (RFC 5321 section 4.5.3.2): for the connection, the greeting and a command's reply, the reply to
    DATA, the system to take the text, and the reply to the terminating dot."""

    connect: float = 30
    command: float = 300
    data: float = 120
    block: float = 180
    end: float = 600


@dataclass(frozen=True)
class Server:
    """Where to send, and what must hold there. `ca` is a PEM file; None: the system's authorities."""

    host: str
    port: int
    needs_tls: bool
    ca: str | None = None
    user: str | None = None
    password: str = field(default="", repr=False)

    @cached_property
    def context(self) -> ssl.SSLContext:
        """What verifies the certificate; reading all of the system's authorities takes a while."""
        return ssl.create_default_context(cafile=self.ca)


async def connect(server: Server, timeouts: Timeouts) -> tuple[Wire, dict[str, str]]:
    """Connect, insist on TLS where it is due, log in; returns the connection and the extensions that the server offers,
    keyword to parameters. Raises Lost with the reason."""
    wire = Wire()
    try:
        await _reach(wire, server, timeouts)
        extensions = await _hello(wire, timeouts)
        if "STARTTLS" in extensions:
            await _ask(wire, b"STARTTLS", 220, timeouts)
            await wire.start_tls(server.context, server.host, timeouts.command)
            extensions = await _hello(wire, timeouts)
        elif server.needs_tls:
            raise Lost(f"{server.host} offers no STARTTLS, and without it nothing may be sent there")
        if server.user is not None:
            await _log_in(wire, server, extensions.get("AUTH", ""), timeouts)
    except BaseException as fault:
        wire.give_up(str(fault))
        raise
    return wire, extensions


async def _reach(wire: Wire, server: Server, timeouts: Timeouts) -> None:
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(timeouts.connect):
            await loop.create_connection(lambda: wire, server.host, server.port)
    except TimeoutError:
        raise Lost(f"{server.host}:{server.port} did not answer within {timeouts.connect:g} s") from None
    except OSError as fault:
        raise Lost(f"{server.host}:{server.port} cannot be reached: {fault.strerror or fault}") from None
    greeting = await wire.reply(timeouts.command)
    if greeting.code != 220:
        raise Lost(f"the server greeted with {greeting}")


async def _hello(wire: Wire, timeouts: Timeouts) -> dict[str, str]:
    """EHLO with our address (RFC 5321 section 4.1.3); returns the extensions: keyword to parameters."""
    reply = await _ask(wire, f"EHLO {wire.address_literal}".encode(), 250, timeouts)
    words = (line.upper().partition(" ") for line in reply.text.split("\n")[1:])
    return {keyword: parameters for keyword, _, parameters in words}


async def _log_in(wire: Wire, server: Server, mechanisms: str, timeouts: Timeouts) -> None:
    """AUTH PLAIN, else LOGIN. TLS stands: a server with credentials needs it."""
    user, password = (server.user or "").encode(), server.password.encode()
    if "PLAIN" in mechanisms.split():
        await _ask(wire, b"AUTH PLAIN " + b64encode(b"\0" + user + b"\0" + password), 235, timeouts)
    elif "LOGIN" in mechanisms.split():
        await _ask(wire, b"AUTH LOGIN", 334, timeouts)
        await _ask(wire, b64encode(user), 334, timeouts, "AUTH LOGIN")
        await _ask(wire, b64encode(password), 235, timeouts, "AUTH LOGIN")
    else:
        raise Lost(f"{server.host} offers neither AUTH PLAIN nor AUTH LOGIN")


async def _ask(wire: Wire, command: bytes, code: int, timeouts: Timeouts, name: str | None = None) -> Reply:
    wire.write(command + b"\r\n")
    reply = await wire.reply(timeouts.command)
    if reply.code != code:
        # Credentials never stand in a reason: the first word of a command is all that is told.
        raise Lost(f"{name or command.split()[0].decode()} was answered with {reply}")
    return reply
