"""What a model said, checked before anybody uses it (rule L4)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import orjson

from shared.ports import Body, Tool


def parsed(text: str, schema: Body) -> tuple[Body | None, str]:
    """The answer if it is JSON that meets the schema, else None and why not."""
    if "\\u0000" in text:  # no store keeps it
        return None, "it holds the character NUL"
    try:
        data: Any = orjson.loads(text)  # stricter than json: no halves of surrogate pairs, no depth without end
    except ValueError as error:
        return None, f"it is not JSON ({error})" if text else "it is empty"
    failure = next(_validator(orjson.dumps(schema)).iter_errors(data), None)
    if failure:
        return None, f"{failure.json_path}: {failure.message[:300]}"
    return data, ""


def arguments(tools: Sequence[Tool], name: str, text: str) -> tuple[Body | None, str]:
    """The arguments of a call, if the tool was offered and they meet its schema, else None and why not (rule L2)."""
    offered = next((tool for tool in tools if tool.name == name), None)
    if offered is None:
        return None, f"there is no tool {name[:60]!r}"
    data, wrong = parsed(text, offered.schema)
    if wrong or not isinstance(data, dict):
        return None, f"the arguments of {name}: {wrong or 'they are no object'}"
    return data, ""


@lru_cache(maxsize=64)
def _validator(schema: bytes) -> Any:
    from jsonschema import Draft202012Validator

    return Draft202012Validator(orjson.loads(schema))
