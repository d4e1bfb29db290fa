"""How much a request may bring (rules S5, S7)."""

from __future__ import annotations

from typing import Any

import orjson

from shared.access.problem import Refusal
from shared.domain.faults import FieldError, Rejected

JSON_BYTES = 1_000_000
UPLOAD_BYTES = 50_000_000
DEPTH = 32


def check_size(body: bytes, at_most: int) -> None:
    """Raises Refusal (413)."""
    if len(body) > at_most:
        reason = f"has {len(body):,} bytes; at most {at_most:,} are taken here"
        raise Refusal(413, "too-large", "body", reason)


def check_json(body: bytes) -> None:
    """Raises Rejected if it is empty, not UTF-8, not JSON or nested deeper than 32 levels."""
    if not body.strip():
        raise Rejected(FieldError("body", "is empty; a JSON object is needed"))
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Rejected(FieldError("body", _why_not_json(body, error))) from None
    if _is_deeper_than(value, DEPTH):
        raise Rejected(FieldError("body", f"is nested deeper than {DEPTH} levels"))


def _why_not_json(body: bytes, error: orjson.JSONDecodeError) -> str:
    try:
        body.decode()
    except UnicodeDecodeError as undecodable:
        return f"is not UTF-8: byte {undecodable.start} is 0x{body[undecodable.start]:02x}"
    return f"is not JSON: {error.msg} (line {error.lineno}, column {error.colno})"


def _is_deeper_than(value: Any, depth: int) -> bool:
    level = [value]
    for _ in range(depth):
        level = [child for parent in level for child in _children(parent)]
        if not level:
            return False
    return any(isinstance(each, dict | list) for each in level)


def _children(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []
