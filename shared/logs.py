"""The log: one JSON line an event, with no address, token or phone number in it, wherever it came from (trust rule:
fields are dropped unless allowed, texts are searched as a second line)."""

from __future__ import annotations

import logging
import re
from collections.abc import MutableMapping
from functools import cache
from typing import Any

import structlog

_ALLOWED = frozenset({"event", "level", "exception", "fault", "route", "status", "scope", "instance", "flow", "verb"})
_LONGEST = 10_000
_SECRETS = (
    (re.compile(r"\S+@\S+"), "[address]"),
    (re.compile(r"(?i)\bbearer\s+\S+"), "[token]"),
    # Ids and hashes of ours have at most 32 characters in a row; every token and key has more.
    (re.compile(r"\beyJ[\w-]+\.[\w-]+\.[\w-]*|[\w-]{40,}(?:\.[\w-]+)*"), "[token]"),
    (re.compile(r"(?<!\w)\+\d[\d ()/-]{6,}\d"), "[phone]"),
    (re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?\b"), "[account]"),
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
            redact,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def redact(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A structlog processor: keep allowed fields only, and blank what looks like a secret inside them."""
    return {name: _blank(str(value)) for name, value in event.items() if name in _ALLOWED}


def _blank(text: str) -> str:
    text = text[:_LONGEST]
    for pattern, name in _SECRETS:
        text = pattern.sub(name, text)
    return text
