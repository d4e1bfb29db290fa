"""Asking a service of Azure again that could not answer just now."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from shared.domain.faults import Misconfigured, Unavailable

T = TypeVar("T")

TRIES = 5
LONGEST_WAIT = 8.0
"""Seconds. Together less than the lease of a window, so that whoever waited may still use what was granted."""
_PASSING = frozenset({408, 429, 500, 502, 503, 504})


def patiently(ask: Callable[[], T], pace: Callable[[float], None], setting: str) -> T:
    """What `ask` returns. After a passing fault (no connection, no whole answer, 408, 429, 5xx) it is asked again, five
    times in all, after as long as the service says in Retry-After, or 0.25, 0.5 … s, but never more than 8 s.

    It may be that an earlier question was carried out and only its answer lost: `ask` must stand being repeated.

    Raises Unavailable if none was answered, Misconfigured, naming `setting`, if the service does not let us in, and
    every other fault as it is."""
    from azure.core.exceptions import AzureError

    for attempt in range(TRIES):
        try:
            return ask()
        except AzureError as fault:
            _check_access(fault, setting)
            if not _passing(fault):
                raise
            if attempt == TRIES - 1:
                raise Unavailable(f"{setting}: the service does not answer", _wished(fault) or 0) from fault
            pace(min(LONGEST_WAIT, _wished(fault) or 0.25 * 2**attempt))
    raise AssertionError("unreachable: the last try returns or raises")


def _check_access(fault: Exception, setting: str) -> None:
    from azure.core.exceptions import ClientAuthenticationError

    status = getattr(fault, "status_code", None)
    if status in (401, 403) or isinstance(fault, ClientAuthenticationError):
        raise Misconfigured(setting, f"is refused ({status or 'no identity'}): check key, role and network") from fault


def _passing(fault: Exception) -> bool:
    from azure.core.exceptions import IncompleteReadError, ServiceRequestError, ServiceResponseError

    if isinstance(fault, ServiceRequestError | ServiceResponseError | IncompleteReadError):
        return True
    if isinstance(fault.__cause__, IncompleteReadError | ServiceResponseError):
        return True  # Of a download that the SDK gave up in the middle.
    return getattr(fault, "status_code", None) in _PASSING


def _wished(fault: Exception) -> float | None:
    """Retry-After in seconds, if it says so (RFC 9110 section 10.2.3); a date is not worth reading a clock for."""
    headers = getattr(getattr(fault, "response", None), "headers", None) or {}
    text = headers.get("Retry-After", "")
    return float(text) if text.isdecimal() else None
