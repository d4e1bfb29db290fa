"""Where the spans of an orchestration lie in a trace: ids that are the same at every replay and after every restart."""

from __future__ import annotations

import re
from hashlib import sha256

from local.host.rows import Record

TRACEPARENT = re.compile("00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")
"""W3C Trace Context, level 1."""


def trace_of(record: Record) -> str | None:
    """The traceparent of the orchestration's own span; None: nobody traced its start."""
    if record.trace is None:
        return None
    return f"{record.trace[:36]}{span_id(record)}{record.trace[52:]}"


def span_id(record: Record) -> str:
    """16 hexadecimal digits: of the instance as it was created, whichever execution it is at."""
    return sha256(f"{record.id}|{record.created}".encode()).hexdigest()[:16]
