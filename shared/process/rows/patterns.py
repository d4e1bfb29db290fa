"""Patterns of plans meet values of strangers: one that could take for ever over a short text is refused."""

from __future__ import annotations

import re
import warnings
from typing import Any

from shared.process.errors import InputError

_MANY = 64


def safe_pattern(column: str, text: str) -> re.Pattern[str]:
    """Compiled. Raises InputError, also for a repeat within a repeat, as in `(a+)+`, and for back references."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)
            tree, compiled = _parsed(text), re.compile(text)
    except re.error as error:
        raise InputError(f"{column}: the pattern is none: {error.msg}", "columns") from None
    if _runs_away(tree, False):
        raise InputError(
            f"{column}: the pattern repeats what repeats, or refers back: it could take for ever", "columns"
        )
    return compiled


def _parsed(text: str) -> Any:
    from re import _parser  # type: ignore[attr-defined]

    return _parser.parse(text)


def _runs_away(tree: Any, repeated: bool) -> bool:
    """Is there a long repeat inside one, or a choice? Each doubles the ways in which a text can fail to fit."""
    for operation, argument in tree:
        name = str(operation)
        if name.startswith("GROUPREF"):
            return True
        if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            long = argument[1] >= _MANY
            if (repeated and long) or _runs_away(argument[2], repeated or long):
                return True
        elif (repeated and name == "BRANCH") or any(_runs_away(each, repeated) for each in _inner(argument)):
            return True
    return False


def _inner(argument: Any) -> list[Any]:
    """The patterns within an operation: of groups, choices and looks ahead."""
    if type(argument).__name__ == "SubPattern":
        return [argument]
    if isinstance(argument, tuple | list):
        return [inner for each in argument for inner in _inner(each)]
    return []
