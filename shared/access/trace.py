"""The id under which one request is found in answers, log and journal."""

from __future__ import annotations

import re
from collections.abc import Mapping

import uuid_utils

_TRACEPARENT = re.compile(r"[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}.*")


def trace_of(headers: Mapping[str, str]) -> str:
    """The trace id of `traceparent` (W3C Trace Context), which platform or caller bring; else a new one."""
    found = _TRACEPARENT.fullmatch(headers.get("traceparent", ""))
    return found[1] if found else uuid_utils.uuid7().hex
