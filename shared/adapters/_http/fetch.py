"""A small document from an address that the settings name."""

from __future__ import annotations

from time import monotonic

_SECONDS = 5
_WHOLE = 15
"""Seconds, for all of an answer that comes bit by bit."""
_MOST = 1_000_000
"""Octets."""


def fetch(address: str) -> bytes:
    """What the address answers GET with. Redirects are not followed. Raises OSError for anything but a small 200."""
    import httpx2

    try:
        with httpx2.Client(timeout=_SECONDS, follow_redirects=False) as client, client.stream("GET", address) as answer:
            if answer.status_code != 200:
                raise OSError(f"{answer.status_code} from {address}")
            return _at_most(answer)
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        raise OSError(f"{address}: {type(error).__name__}") from None


def _at_most(answer: object) -> bytes:
    taken, until = bytearray(), monotonic() + _WHOLE
    for piece in answer.iter_bytes():  # type: ignore[attr-defined]  # an httpx2.Response
        taken += piece
        if len(taken) > _MOST:
            raise OSError("the answer is too large")
        if monotonic() > until:
            raise OSError("the answer does not end")
    return bytes(taken)
