"""Payloads as the SDK writes and reads them, without its detours for those that hold no object of the user's.

The SDK looks at the environment and builds an encoder or a decoder for each payload, and `json` itself builds an
encoder for each value; for small payloads that costs several times what the JSON does. The results are the same.
"""

from __future__ import annotations

import json
from json import encoder
from typing import Any

from azure.durable_functions.models.utils.df_serialization import df_dumps, df_loads

_ENVELOPE = "__class__"  # a key of the object that the SDK puts a user's object in


def _refuse(value: Any) -> None:
    raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")


_scan: Any = json.JSONDecoder().scan_once  # type: ignore[attr-defined]  # the C part of `json.loads`
# The C part of `json.dumps`, but without its table of what it is inside of, which threads cannot share.
_encode: Any = encoder.c_make_encoder(  # type: ignore[attr-defined]
    None, _refuse, encoder.encode_basestring_ascii, None, ": ", ", ", False, False, True
)


def dumps(value: Any) -> str:
    """What the SDK's `df_dumps` gives. TypeError: it is no JSON and cannot be made into any."""
    if not hasattr(value, "to_json"):
        try:
            return plain(value)
        except TypeError:
            pass  # an object of the user's may lie deeper
    return str(df_dumps(value))


def plain(value: Any) -> str:
    """What `json.dumps` gives. TypeError, ValueError: it is no JSON."""
    try:
        return "".join(_encode(value, 0))
    except RecursionError:
        return json.dumps(value)  # which says so if the value is inside of itself


def loads(text: str, expected_type: type | None = None) -> Any:
    """What the SDK's `df_loads` gives. ValueError: it is no JSON."""
    if expected_type is None and _ENVELOPE not in text:
        return _parse(text)
    return df_loads(text, expected_type)


def _parse(text: str) -> Any:
    try:
        value, end = _scan(text, 0)
    except StopIteration:
        end = -1
    return value if end == len(text) else json.loads(text)  # white space around it, or no JSON
