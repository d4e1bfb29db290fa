"""Payloads as the SDK writes and reads them, without its detours for those that hold no object of the user's.

The SDK looks at the environment and builds an encoder or a decoder for each payload, which costs more than the JSON.
"""

from __future__ import annotations

import json
from typing import Any

from azure.durable_functions.models.utils.df_serialization import df_dumps, df_loads

_ENVELOPE = "__class__"  # a key of the object that the SDK puts a user's object in


def dumps(value: Any) -> str:
    """What the SDK's `df_dumps` gives. TypeError: it is no JSON and cannot be made into any."""
    if not hasattr(value, "to_json"):
        try:
            return json.dumps(value)
        except TypeError:
            pass  # an object of the user's may lie deeper
    return str(df_dumps(value))


def loads(text: str, expected_type: type | None = None) -> Any:
    """What the SDK's `df_loads` gives. ValueError: it is no JSON."""
    if expected_type is None and _ENVELOPE not in text:
        return json.loads(text)
    return df_loads(text, expected_type)
