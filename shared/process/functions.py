"""The functions that an expression may call: pure, of plain JSON, and bounded in what they make."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import PurePosixPath
from typing import Any

LONGEST = 1_000_000
"""Characters of a text, or items of a list, that an expression may make."""
GREATEST = 2**53
"""Beyond it a number is no longer exact everywhere."""


def size(length: int) -> None:
    """Raises ValueError if that much is too much."""
    if length > LONGEST:
        raise ValueError(f"would make more than {LONGEST:,} characters or items")


def length(value: str | list[Any] | dict[str, Any]) -> int:
    """Characters of a text, items of a list, entries of an object."""
    return len(_of(value, "a text, list or object", str, list, dict))


def upper(text: str) -> str:
    """In capitals."""
    return _text(text).upper()


def lower(text: str) -> str:
    """In small letters."""
    return _text(text).lower()


def trim(text: str) -> str:
    """Without spaces at both ends."""
    return _text(text).strip()


def as_text(value: Any) -> str:
    """As it would stand in the middle of a text."""
    return written(value)


def number(value: str | float) -> int | float:
    """The number that a text says: `12`, `-3.5`."""
    if _is_number(value):
        return value  # type: ignore[return-value]
    text = _text(value).strip()
    if len(text) > 40:
        raise ValueError("is no number")
    made: int | float = int(text) if text.lstrip("+-").isdecimal() else float(text)
    if not math.isfinite(made):
        raise ValueError("is no number")
    return made


def rounded(value: float, digits: int = 0) -> int | float:
    """To that many digits after the point; with none a whole number."""
    _of(value, "a number", int, float)
    if not -15 <= _whole(digits) <= 15:
        raise ValueError("rounds to at most 15 digits")
    return round(value, digits) if digits else round(value)


def join(items: list[Any], separator: str = ", ") -> str:
    """The items as one text."""
    texts = [written(each) for each in _of(items, "a list", list)]
    size(sum(map(len, texts)) + len(_text(separator)) * len(texts))
    return separator.join(texts)


def split(text: str, separator: str) -> list[str]:
    """The parts of a text between the separators."""
    return _text(text).split(_text(separator))


def replace(text: str, old: str, new: str) -> str:
    """With every `old` become `new`."""
    size(len(_text(text)) + text.count(_text(old)) * len(_text(new)))
    return text.replace(old, new)


def formatted(pattern: str, *values: Any) -> str:
    """The pattern with each `{}` become the next value: `format('{} of {}', 1, 2)`."""
    parts = _text(pattern).split("{}")
    if len(parts) != len(values) + 1:
        raise ValueError(f"has {len(parts) - 1} places {{}} for {len(values)} values")
    texts = [written(value) for value in values]
    size(len(pattern) + sum(map(len, texts)))
    return parts[0] + "".join(text + part for text, part in zip(texts, parts[1:], strict=True))


def add_days(day: str, days: int) -> str:
    """The date that many days later, as 2026-11-21."""
    return (_day(day) + timedelta(days=_whole(days))).isoformat()


def days_between(first: str, second: str) -> int:
    """Days from the first date to the second; negative if the second is earlier."""
    return (_day(second) - _day(first)).days


def format_date(day: str, pattern: str) -> str:
    """A date by the directives of strftime: `format_date(run.date, '%d.%m.%Y')`."""
    found = _day(day)
    known = {letter: f"%{letter}" for letter in "dmYyjUVGuaAbB%"}
    if wrong := [piece[0] for piece in _text(pattern).replace("%%", "").split("%")[1:] if piece[:1] not in known]:
        raise ValueError(f"knows no %{wrong[0]}")
    size(len(pattern) * 10)
    return found.strftime(pattern)


def stem(name: str) -> str:
    """A file's name without folders and ending: `in/May.csv` → `May`."""
    return PurePosixPath(_text(name)).stem


def default(value: Any, otherwise: Any) -> Any:
    """The value; the other where it is null or not there, such as an output of a step that was skipped."""
    return otherwise if value is None else value


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "len": length,
    "upper": upper,
    "lower": lower,
    "trim": trim,
    "text": as_text,
    "number": number,
    "round": rounded,
    "join": join,
    "split": split,
    "replace": replace,
    "format": formatted,
    "add_days": add_days,
    "days_between": days_between,
    "format_date": format_date,
    "stem": stem,
    "default": default,
}
MAKES = {
    "len": "integer",
    "upper": "string",
    "lower": "string",
    "trim": "string",
    "text": "string",
    "number": "number",
    "round": "number",
    "join": "string",
    "split": "array",
    "replace": "string",
    "format": "string",
    "add_days": "string",
    "days_between": "integer",
    "format_date": "string",
    "stem": "string",
}
"""What each gives, in the words of JSON Schema; `default` may give anything."""


def written(value: Any) -> str:
    """A value as part of a text: true and null as JSON has them, lists and objects as JSON."""
    if isinstance(value, str):
        return value
    import json

    made = json.dumps(value, ensure_ascii=False)
    size(len(made))
    return made


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _text(value: Any) -> str:
    found: str = _of(value, "a text", str)
    return found


def _whole(value: Any) -> int:
    found: int = _of(value, "a whole number", int)
    return found


def _of(value: Any, wanted: str, *types: type) -> Any:
    if not isinstance(value, types) or isinstance(value, bool):
        raise ValueError(f"needs {wanted}")
    return value


def _day(value: Any) -> date:
    return datetime.fromisoformat(_text(value)).date()
