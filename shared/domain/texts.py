"""Text that people type into a request: plain, so that it can be stored, shown and mailed as it is."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import AfterValidator, StringConstraints

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_UNKEPT = re.compile(_CONTROL.pattern + r"|[\ud800-\udfff]")
_SAFE_INTEGER = 2**53
MOST_LINE = 200
_BREAK = re.compile(r"[\r\n\x85\u2028\u2029]")


def _plain(text: str) -> str:
    if found := _CONTROL.search(text):
        raise ValueError(f"has the control character U+{ord(found[0]):04X} in it; remove it")
    return text


def without_controls(text: str) -> str:
    """The lines of a text that a machine wrote, without what `Plain` refuses and no store keeps."""
    return "\n".join(_UNKEPT.sub("", line) for line in text.splitlines())


def _one_line(text: str) -> str:
    if _BREAK.search(text):
        raise ValueError("must be one line")
    return text


Plain = AfterValidator(_plain)
"""No control characters but tabs and line breaks."""

Line = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MOST_LINE), Plain, AfterValidator(_one_line)
]
"""One line of 1 to 200 characters."""

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000), Plain]
"""1 to 2,000 characters; lines may end."""


def plain_value(value: Any) -> Any:
    """What a condition compares with: a text, number or truth value, or a list of these. Raises ValueError for
    anything else, and for what no store keeps exactly: control characters, integers beyond 53 bits."""
    for each in value if isinstance(value, list) else [value]:
        match each:
            case str():
                _plain(each)
            case int() if abs(each) >= _SAFE_INTEGER:
                raise ValueError("is too large a number")
            case int() | float():
                pass
            case _:
                raise ValueError("must be a text, a number, true or false, or a list of these")
    return value
