"""What every home of documents refuses (`shared.ports.Documents`)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import orjson

from shared.ports import Stale, Write

_PLAIN_JSON = orjson.OPT_STRICT_INTEGER | orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS
_ID = re.compile(r"[^/\\?#\x00-\x1f\x7f]{1,255}")
_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")


def encode(body: Any) -> bytes:
    """The body, or a part of one, as JSON. Raises TypeError or ValueError if some home could not hold it."""
    text = orjson.dumps(body, option=_PLAIN_JSON)
    if b"\\u0000" in text and _NUL.search(text):
        raise ValueError("body: text must not contain the character NUL")
    return text


def check_batch(writes: Sequence[Write]) -> None:
    """Raises ValueError unless every home can take these writes together."""
    if len(writes) > 100:
        raise ValueError(f"writes: at most 100 at a time, not {len(writes)}")
    if len({write.id for write in writes}) < len(writes):
        raise ValueError("writes: each id at most once")
    for write in writes:
        if not _ID.fullmatch(write.id):
            raise ValueError(f"id {write.id!r} must be 1 to 255 characters without / \\ ? # and control characters")


def check_match(kind: str, write: Write, rev: str | None) -> None:
    """Raises Stale unless the document's present `rev` (None: it is not there) is what the write expects."""
    if write.if_match != "*" and write.if_match != rev:
        raise Stale(f"{kind} {write.id!r} was " + ("changed" if rev else "deleted, or never created") + " meanwhile")
