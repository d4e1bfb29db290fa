"""One request to a model, with everything bounded: octets and seconds of the answer, tries, and how long to wait."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, TypeVar

from shared.ports import ModelUnavailable

if TYPE_CHECKING:
    import httpx2

T = TypeVar("T")

TRIES = 3
LONGEST_WAIT = 5.0
"""Seconds that a home may ask us to wait within one call; for longer the flow waits, with no activity open."""
LONGEST_TEXT, LONGEST_FILE = 1 << 20, 1 << 26
"""Octets of an answer that is text; of one that holds vectors or a picture."""
CONNECT_SECONDS = 5.0
_BUSY = frozenset({408, 409, 425, 429})


class TooMuch(Exception):
    """The answer had no end in octets or seconds; it was cut."""


def client(seconds: float) -> httpx2.Client:
    """An HTTP client whose answers end: each whole one within `seconds`, its octets bounded. TLS trusts what the
    environment names (SSL_CERT_FILE), else certifi's authorities."""
    import httpx2

    class Bounded(httpx2.BaseTransport):
        def __init__(self) -> None:
            self._inner = httpx2.HTTPTransport()

        def handle_request(self, request: httpx2.Request) -> httpx2.Response:
            until = time.monotonic() + seconds
            answer = self._inner.handle_request(request)
            files = request.url.path.endswith(("/embeddings", "/images/generations"))
            stream = Cut(answer.stream, LONGEST_FILE if files else LONGEST_TEXT, until, seconds)  # type: ignore[arg-type]
            return httpx2.Response(answer.status_code, headers=answer.headers, stream=stream)

        def close(self) -> None:
            self._inner.close()

    class Cut(httpx2.SyncByteStream):
        def __init__(self, inner: httpx2.SyncByteStream, most: int, until: float, seconds: float) -> None:
            self._inner, self._left, self._most, self._until, self._seconds = inner, most, most, until, seconds

        def __iter__(self) -> Iterator[bytes]:
            for piece in self._inner:
                self._left -= len(piece)
                if self._left < 0:
                    raise TooMuch(f"its answer has more than {self._most:,} octets and was cut")
                if time.monotonic() > self._until:
                    raise TooMuch(f"its answer took more than {self._seconds:g} s and was cut")
                yield piece

        def close(self) -> None:
            self._inner.close()

    timeout = httpx2.Timeout(seconds, connect=min(seconds, CONNECT_SECONDS))
    return httpx2.Client(transport=Bounded(), timeout=timeout, follow_redirects=False)


def patiently(who: str, ask: Callable[[], T], pace: Callable[[float], None]) -> T:
    """What `ask` returns; after a passing fault it is asked again, `TRIES` times in all, after as long as Retry-After
    says or 0.5, 1 … s. Raises ModelUnavailable, at once if the wait would be longer than LONGEST_WAIT."""
    for attempt in range(TRIES - 1):
        try:
            return checked(who, ask)
        except ModelUnavailable as fault:
            wait = 0.5 * 2**attempt if fault.retry_after is None else fault.retry_after
            if fault.kind != "busy" or wait > LONGEST_WAIT:
                raise
            pace(wait)
    return checked(who, ask)


def checked(who: str, ask: Callable[[], T]) -> T:
    """What `ask` returns. Raises ModelUnavailable for every fault of the libraries, with what is known of it."""
    from azure.core.exceptions import AzureError
    from httpx2 import HTTPError
    from openai import OpenAIError

    try:
        return ask()
    except (OpenAIError, AzureError, HTTPError, TooMuch, ValueError) as fault:
        raise _unavailable(who, fault) from fault


def _unavailable(who: str, fault: Exception) -> ModelUnavailable:
    from azure.core.exceptions import ServiceRequestError
    from httpx2 import ConnectError, ConnectTimeout, HTTPError
    from openai import APIConnectionError

    status, response = getattr(fault, "status_code", None), getattr(fault, "response", None)
    cause = fault.__cause__
    if isinstance(cause, TooMuch) or isinstance(fault, TooMuch):
        cut = cause if isinstance(cause, TooMuch) else fault
        return ModelUnavailable(f"{who}: {cut}", "unusable", None, None, None)
    reason = f"{who}: {_said(fault)}"
    if status is not None:
        busy = status in _BUSY or status >= 500
        return ModelUnavailable(reason, "busy" if busy else "refused", _retry_after(response))
    if isinstance(cause, ConnectError | ConnectTimeout) or isinstance(fault, ServiceRequestError):
        return ModelUnavailable(reason, "unreachable")
    lost = isinstance(fault, APIConnectionError | HTTPError)  # perhaps it was answered, and is billed: nobody counted
    return ModelUnavailable(reason, "busy" if lost else "unusable", None, None, None)


def _retry_after(response: Any) -> float | None:
    """Seconds (RFC 9110 section 10.2.3; Azure OpenAI's `retry-after-ms`); a date is not worth reading a clock for."""
    headers = getattr(response, "headers", None) or {}
    for name, unit in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        text = headers.get(name, "")
        if text.isascii() and text.isdecimal() and len(text) < 8:
            return int(text) * unit
    return None


def _said(fault: Exception) -> str:
    """The fault in one line of its own words, shortened: an answer may repeat what was asked."""
    text = " ".join(str(fault).split()) or type(fault).__name__
    cause = fault.__cause__
    return f"{text} ({' '.join(str(cause).split())})"[:240] if cause and str(cause) else text[:240]
