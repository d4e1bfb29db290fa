"""Constraints of route parameters, as ASP.NET Core names them: `int`, `min(1)`, `regex(^[a-z]+$)`, …"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

Check = Callable[[str], bool]

_PATTERNS = {
    "int": r"-?\d+",
    "long": r"-?\d+",
    "decimal": r"-?\d+(?:\.\d+)?",
    "double": r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?",
    "float": r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?",
    "alpha": r"[A-Za-z]+",
    "bool": r"true|false",
    "guid": r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}",
}
_BOUNDS: dict[str, Callable[..., Check]] = {
    "min": lambda least: lambda text: _number(text) >= least,
    "max": lambda most: lambda text: _number(text) <= most,
    "range": lambda least, most: lambda text: least <= _number(text) <= most,
    "length": lambda least, most=None: lambda text: least <= len(text) <= (least if most is None else most),
    "minlength": lambda least: lambda text: len(text) >= least,
    "maxlength": lambda most: lambda text: len(text) <= most,
}
_PLAIN: dict[str, Check] = {
    "required": bool,
    "datetime": lambda text: _is_time(text),
}
KNOWN = (*_PATTERNS, *_BOUNDS, *_PLAIN, "regex")
_CALL = re.compile(r"(?P<name>\w+)(?:\((?P<given>.*)\))?")


def pattern(constraint: str) -> str | None:
    """The expression that stands for a constraint, where one does."""
    return _PATTERNS.get(constraint)


def check(constraint: str) -> Check | None:
    """What a value must pass besides the pattern. Raises ValueError with the reason for what is no constraint."""
    call = _CALL.fullmatch(constraint)
    name = call["name"] if call else constraint
    given = call["given"] if call else None
    if given is None and name in _PATTERNS:
        return None
    if given is None and name in _PLAIN:
        return _PLAIN[name]
    if given is not None and name == "regex":
        return _matches(given)
    if given is not None and name in _BOUNDS:
        with suppress(ValueError, TypeError):  # no whole numbers, or not as many as it takes
            return _BOUNDS[name](*map(int, given.split(",")))
    if name in KNOWN:
        raise ValueError(f"the constraint {constraint!r} is not written as {name} has to be")
    raise ValueError(f"the constraint {constraint!r}; known are {', '.join(KNOWN)}")


def _matches(expression: str) -> Check:
    try:
        compiled = re.compile(expression.replace("{{", "{").replace("}}", "}"), re.IGNORECASE)
    except re.error as error:
        raise ValueError(f"the constraint 'regex({expression})', which is no expression: {error}") from error
    return lambda text: compiled.search(text) is not None


def _number(text: str) -> float:
    try:
        return int(text)
    except ValueError:
        return float("nan")  # which is within no bounds


def _is_time(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True
