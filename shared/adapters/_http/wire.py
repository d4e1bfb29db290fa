"""One HTTP exchange with everything bounded, and the one thing that a sender must know of a failure: could it have
been taken? No redirects, no cookies, no proxies or credentials from the environment."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from shared.adapters._http.guard import Forbidden, Resolve, checked, resolve

if TYPE_CHECKING:
    import ssl

    import httpx2

LONGEST_ANSWER = 1 << 18
"""Octets; of a longer answer no more is read, unless a caller's limits say otherwise."""


class NotSent(Exception):
    """Nothing can have been taken: no address, a forbidden one, no connection, no TLS."""


class Lost(Exception):
    """It may have been taken: the request was on its way, and no answer came."""


@dataclass(frozen=True, slots=True)
class Request:
    """What to ask; `body` is sent as it is."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Answer:
    """A status that arrived, and as much of the body as did (at most `Limits.answer`). Header names are lower-case."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    whole: bool = True
    seconds: float = 0.0
    """Until the status came, the connection included."""
    certificate: str | None = None
    """Until when the server's is valid, as `ssl.cert_time_to_seconds` reads it."""

    def json(self) -> Any:
        """The body, None if it is no whole JSON."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None

    @property
    def retry_after(self) -> float | None:
        """Seconds that the server asks to wait (RFC 9110 section 10.2.3); a date is not worth reading a clock for."""
        text = self.headers.get("retry-after", "").strip()
        return float(text) if text.isascii() and text.isdecimal() and len(text) < 8 else None


@dataclass(frozen=True)
class Limits:
    """Seconds: until a connection stands; for everything together, from the first octet sent to the last read. Octets
    of the answer that are read."""

    connect: float = 10.0
    whole: float = 30.0
    answer: int = LONGEST_ANSWER


class Wire:
    """Connections of one event loop to servers that whoever runs Baton named. `ca` is a PEM file of authorities."""

    def __init__(self, limits: Limits | None = None, ca: Path | None = None, keep: int = 20) -> None:
        self._limits, self._ca, self._keep = limits or Limits(), ca, keep
        self._made: httpx2.AsyncClient | None = None

    async def ask(self, request: Request) -> Answer:
        """Raises NotSent or Lost."""
        return await self._exchange(request.url, dict(request.headers), {}, request)

    async def close(self) -> None:
        if self._made is not None:
            await self._made.aclose()

    async def _exchange(
        self, url: str, headers: dict[str, str], extensions: dict[str, Any], request: Request
    ) -> Answer:
        import httpx2

        client, begun = self._client(), asyncio.get_running_loop().time()
        until = begun + self._limits.whole
        try:
            built = client.build_request(
                request.method, url, headers=headers, content=request.body or None, extensions=extensions
            )
            async with asyncio.timeout_at(until):
                response = await client.send(built, stream=True)
        except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout) as fault:
            raise NotSent(f"no connection: {_said(fault)}") from None
        except (httpx2.InvalidURL, httpx2.UnsupportedProtocol, httpx2.LocalProtocolError, UnicodeError) as fault:
            raise NotSent(f"it cannot be asked: {_said(fault)}") from None
        except TimeoutError:
            raise Lost(f"no answer within {self._limits.whole:g} s") from None
        except httpx2.HTTPError as fault:
            raise Lost(f"the connection broke: {_said(fault)}") from None
        try:
            seconds, certificate = asyncio.get_running_loop().time() - begun, _certificate(response)
            body, whole = await _body(response, until, self._limits.answer)
            return Answer(response.status_code, dict(response.headers), body, whole, seconds, certificate)
        finally:
            await response.aclose()

    def _client(self) -> httpx2.AsyncClient:
        if self._made is None:
            import httpx2

            self._made = httpx2.AsyncClient(
                verify=_authorities(self._ca),
                timeout=httpx2.Timeout(self._limits.whole, connect=self._limits.connect),
                limits=httpx2.Limits(max_connections=None, max_keepalive_connections=self._keep),
                headers={"User-Agent": "Baton", "Accept-Encoding": "identity"},
                follow_redirects=False,
                trust_env=False,
            )
        return self._made


class GuardedWire(Wire):
    """Connections to servers that anybody may have named: only to the open internet (`guard`), each for one request.

    The name is resolved once, and the very address that was checked is connected to; Host and SNI stay the name's."""

    def __init__(
        self,
        limits: Limits | None = None,
        ca: Path | None = None,
        allowed: Collection[tuple[str, int]] = (),
        resolve: Resolve = resolve,
    ) -> None:
        super().__init__(limits, ca, keep=0)
        self._allowed, self._resolve = allowed, resolve

    async def ask(self, request: Request) -> Answer:
        """Raises NotSent, also for a place where nothing may be sent to, or Lost."""
        (host, port), parts = place(request.url), urlsplit(request.url)
        address = await self.address(host, port)
        url = parts._replace(netloc=f"[{address}]:{port}" if ":" in address else f"{address}:{port}").geturl()
        headers = {**request.headers, "Host": parts.netloc}
        return await self._exchange(url, headers, {"sni_hostname": host}, request)

    async def address(self, host: str, port: int) -> str:
        """Where requests to this host go. Raises NotSent."""
        loop = asyncio.get_running_loop()
        work = loop.run_in_executor(None, lambda: checked(host, port, self._resolve, self._allowed))
        try:
            async with asyncio.timeout(self._limits.connect):
                return await work
        except Forbidden as forbidden:
            raise NotSent(f"{host} is not asked: {forbidden}") from None
        except TimeoutError:
            raise NotSent(f"{host} was not found in time") from None
        except (OSError, UnicodeError, ValueError) as fault:
            raise NotSent(f"{host} is not found: {_said(fault)}") from None


@cache
def _authorities(ca: Path | None) -> ssl.SSLContext:
    """Kept: to read them takes longer than most requests."""
    import ssl

    return ssl.create_default_context(cafile=ca)


def place(url: str) -> tuple[str, int]:
    """Host and port. Raises NotSent for what is no http(s) URL, or has credentials in it."""
    try:
        parts = urlsplit(url)
        port = parts.port or {"http": 80, "https": 443}[parts.scheme]
    except (ValueError, KeyError):
        raise NotSent("it is no http or https URL") from None
    if not parts.hostname or parts.username is not None or parts.password is not None:
        raise NotSent("the URL names no host, or has credentials in it")
    return parts.hostname, port


def _certificate(response: httpx2.Response) -> str | None:
    stream = response.extensions.get("network_stream")
    secured = stream and stream.get_extra_info("ssl_object")
    return (secured.getpeercert() or {}).get("notAfter") if secured else None


async def _body(response: httpx2.Response, until: float, most: int) -> tuple[bytes, bool]:
    """What arrives before the deadline, up to the cap, and whether that is all; the status has come, so it counts
    without it."""
    import httpx2

    body = bytearray()
    try:
        async with asyncio.timeout_at(until):
            async for piece in response.aiter_raw():
                body += piece[: most - len(body)]
                if len(body) >= most:
                    return bytes(body), False
    except (TimeoutError, httpx2.HTTPError):
        return bytes(body), False
    return bytes(body), True


def _said(fault: BaseException) -> str:
    """The fault in a few words of its own; libraries sometimes leave them out."""
    return " ".join((str(fault) or type(fault).__name__).split())[:120]
