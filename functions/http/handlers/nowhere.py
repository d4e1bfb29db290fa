"""What is said where nothing is."""

from __future__ import annotations

import re
from functools import cache
from urllib.parse import urlsplit

from functions.http.table import ROWS
from shared.access.call import Answer, Call
from shared.access.problem import Refusal


def nothing(call: Call) -> Answer[None]:
    """Nothing is served here, or not by this method."""
    methods = {method for pattern, method in _served() if pattern.fullmatch(urlsplit(call.url).path)}
    if methods:
        allowed = ", ".join(sorted(methods | ({"HEAD"} if "GET" in methods else set())))
        reason = f"{call.method} is not served at this path; {allowed} would be"
        raise Refusal(405, "method", "method", reason, {"Allow": allowed})
    raise Refusal(404, "nowhere", "path", "nothing is served here")


@cache
def _served() -> tuple[tuple[re.Pattern[str], str], ...]:
    rows = [row for row in ROWS if row.method != "*"]
    return tuple((re.compile(re.sub(r"\{\w+\}", "[^/]+", row.path), re.IGNORECASE), row.method) for row in rows)
