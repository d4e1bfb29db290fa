"""A JSON list of objects, read one by one so that each keeps its line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from shared.agents.contacts.columns import fields_of
from shared.agents.contacts.decode import text_of
from shared.agents.contacts.rows import Row
from shared.domain.faults import FieldError, Rejected

# Numbers stay as they were written: 007 is no number, and 1e400 would be infinite.
_DECODER = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=str)
_SPACE = re.compile(r"[ \t\r\n]*")


def read_json(data: bytes) -> Iterator[Row]:
    """The rows of `[{...}, ...]`. Raises Rejected if it is not JSON or not a list."""
    text, line, counted = text_of(data, utf8_only=True), 1, 0
    for at, value in _elements(text):
        line += text.count("\n", counted, at)
        counted = at
        yield _row(line, value)


def _elements(text: str) -> Iterator[tuple[int, Any]]:
    """(position, element) of the list."""
    at = _skip(text, 0)
    if text[at : at + 1] != "[":
        raise Rejected(FieldError("body", "must be a JSON list of objects"))
    at = _skip(text, at + 1)
    more = text[at : at + 1] != "]"
    while more:
        value, end = _decode(text, at)
        yield at, value
        at = _skip(text, end)
        more = text[at : at + 1] == ","
        if more:
            at = _skip(text, at + 1)
    if text[at : at + 1] != "]" or _skip(text, at + 1) != len(text):
        raise _not_json(text, at, "expected ',' or the end of the list")


def _decode(text: str, at: int) -> tuple[Any, int]:
    try:
        return _DECODER.raw_decode(text, at)
    except json.JSONDecodeError as error:
        raise _not_json(text, error.pos, error.msg) from None
    except RecursionError:
        raise _not_json(text, at, "nested too deeply") from None


def _not_json(text: str, at: int, reason: str) -> Rejected:
    line, column = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
    return Rejected(FieldError("body", f"not JSON at line {line}, column {column}: {reason}"))


def _skip(text: str, at: int) -> int:
    space = _SPACE.match(text, at)
    return space.end() if space else at


def _row(line: int, value: Any) -> Row:
    original = [json.dumps(value, ensure_ascii=False)]
    if not isinstance(value, dict):
        return Row(line, problem="must be an object", original=original)
    try:
        fields = fields_of(value)
        said = {field: _text(each) for field, each in zip(fields, value.values(), strict=True)}
    except (Rejected, TypeError) as error:
        return Row(line, problem=str(error), original=original)
    covered = "consent" not in said or bool(said["consent"].strip())
    return Row(line, said, covered=covered, original=original)


def _text(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case str():
            return value
        case list() if all(isinstance(each, str) for each in value):
            return ", ".join(value)
        case _:
            raise TypeError("every value must be a text, a number, true, false, null or a list of texts")
