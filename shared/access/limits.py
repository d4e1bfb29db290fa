"""How much a request may bring (rules S5, S7)."""

from __future__ import annotations

import json
from collections import Counter
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
    """Raises Rejected if it is empty, not UTF-8, not JSON, nested deeper than 32 levels or names a field twice: two
    readers could each take another one of them."""
    if not body.strip():
        raise Rejected(FieldError("body", "is empty; a JSON object is needed"))
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Rejected(FieldError("body", _why_not_json(body, error))) from None
    if _is_deeper_than(value, DEPTH):
        raise Rejected(FieldError("body", f"is nested deeper than {DEPTH} levels"))
    if twice := _named_twice(body):
        raise Rejected(*(FieldError(name[:100], "comes twice in one object") for name in twice[:20]))


def _named_twice(body: bytes) -> list[str]:
    found: list[str] = []

    def noted(pairs: list[tuple[str, object]]) -> None:
        counts = Counter(name for name, _ in pairs)
        found.extend(name for name, times in counts.items() if times > 1)

    # Numbers stay text: nobody looks at them here, and Python refuses the very long ones.
    json.loads(body, object_pairs_hook=noted, parse_int=str, parse_float=str)
    return list(dict.fromkeys(found))


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
