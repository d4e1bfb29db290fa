"""What each step does: that there is such a type, and that `with` is what it takes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson
from pydantic import ValidationError

from shared.process.checks.words import wrong
from shared.process.draft import Draft
from shared.process.problems import meant
from shared.process.shapes import schema_of
from shared.process.source import Path, Wrong
from shared.process.steps import TYPES
from shared.process.steps.call import StepType
from shared.process.template import has_expression


def types(draft: Draft) -> Iterator[Wrong]:
    """Unknown types; fields of `with` that are wrong, missing or too many. Where an expression stands in the place of
    a value, the value is not known yet."""
    for path, body, _ in draft.actions():
        name, given = body.get("type"), body.get("with", {})
        if not isinstance(name, str) or not isinstance(given, dict):
            continue
        if (cls := draft.type_named(name)) is None:
            yield Wrong((*path, "type"), f"there is no type of step `{name}`", meant(name, TYPES))
        else:
            yield from _given(cls, given, (*path, "with"))


def _given(cls: type[StepType], given: dict[str, Any], above: Path) -> Iterator[Wrong]:
    try:
        cls.model_validate_json(orjson.dumps(given), strict=True)
    except ValidationError as errors:
        told = set()
        for error in errors.errors(include_url=False):
            path, is_open = _followed(given, error["loc"], error["type"])
            if not is_open and path not in told:
                told.add(path)
                yield wrong(error, above, path, schema_of(cls), given)


def _followed(given: Any, loc: tuple[int | str, ...], kind: str) -> tuple[Path, bool]:
    """The error's path without pydantic's own names for the ways of a union; and whether an expression is on it."""
    path: list[int | str] = []
    for place, key in enumerate(loc):
        if below := _below(given, key):
            given = below[0]
        elif place == len(loc) - 1 and kind == "missing":
            return (*path, key), False
        else:
            continue
        path.append(key)
        if has_expression(given):
            return tuple(path), True
    return tuple(path), False


def _below(given: Any, key: int | str) -> tuple[Any] | None:
    if isinstance(given, dict) and key in given:
        return (given[key],)
    if isinstance(given, list) and isinstance(key, int) and key < len(given):
        return (given[key],)
    return None
