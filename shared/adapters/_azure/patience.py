"""Asking a service of Azure again that could not answer just now."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

TRIES = 5
LONGEST_WAIT = 8.0
"""Seconds. Together less than the lease of a window, so that whoever waited may still use what was granted."""
_PASSING = frozenset({408, 429, 500, 502, 503, 504})


def patiently(ask: Callable[[], T], pace: Callable[[float], None]) -> T:
    """What `ask` returns. After a passing fault (no connection, no whole answer, 408, 429, 5xx) it is asked again, five
    times in all, after as long as the service says in Retry-After, or 0.25, 0.5 … s, but never more than 8 s.

    It may be that an earlier question was carried out and only its answer lost: `ask` must stand being repeated."""
    from azure.core.exceptions import AzureError

    for attempt in range(TRIES - 1):
        try:
            return ask()
        except AzureError as fault:
            if not _passing(fault):
                raise
            pace(min(LONGEST_WAIT, _wished(fault) or 0.25 * 2**attempt))
    return ask()


def _passing(fault: Exception) -> bool:
    from azure.core.exceptions import IncompleteReadError, ServiceRequestError, ServiceResponseError

    if isinstance(fault, ServiceRequestError | ServiceResponseError | IncompleteReadError):
        return True
    return getattr(fault, "status_code", None) in _PASSING


def _wished(fault: Exception) -> float | None:
    """Retry-After in seconds, if it says so (RFC 9110 section 10.2.3); a date is not worth reading a clock for."""
    headers = getattr(getattr(fault, "response", None), "headers", None) or {}
    text = headers.get("Retry-After", "")
    return float(text) if text.isdecimal() else None
