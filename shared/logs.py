"""The log: one JSON line an event, with no address, token or phone number in it, wherever it came from (trust rule:
fields are dropped unless allowed, texts are searched as a second line)."""

from __future__ import annotations

import logging
from collections.abc import MutableMapping
from functools import cache
from typing import Any

import structlog

from shared.redaction import blank

_ALLOWED = frozenset(
    {"event", "level", "exception", "fault", "route", "status", "scope", "instance", "flow", "verb", "trace", "span"}
)


@cache
def log() -> Any:
    """The logger `baton`: `log().warning("…", instance=…)`. Configured at the first call."""
    return structlog.wrap_logger(
        logging.getLogger("baton"),
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.stdlib.add_log_level,
            structlog.processors.format_exc_info,
            _in_its_trace,
            redact,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def redact(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A structlog processor: keep allowed fields only, and blank what looks like a secret inside them."""
    return {name: blank(str(value)) for name, value in event.items() if name in _ALLOWED}


def _in_its_trace(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Which span it was said in, if there is one (W3C Trace Context: 32 and 16 hexadecimal digits)."""
    from opentelemetry import trace

    found = trace.get_current_span().get_span_context()
    if found.is_valid:
        event["trace"], event["span"] = f"{found.trace_id:032x}", f"{found.span_id:016x}"
    return event
