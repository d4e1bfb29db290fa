"""What a run is given: that defaults are what the input's type says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from shared.process.draft import Draft, Json
from shared.process.problems import meant
from shared.process.shipped import shipped
from shared.process.source import Path, Wrong
from shared.process.template import has_expression

JSON_KINDS = {
    "text": "string", "choice": "string", "date": "string", "integer": "integer", "number": "number",
    "boolean": "boolean", "file": "object", "files": "array", "list": "array", "object": "object",
}  # fmt: skip
"""An input's type → what it is in JSON."""
_CALLED = {
    "text": "a text", "integer": "a whole number", "number": "a number", "boolean": "true or false",
    "list": "a list", "object": "an object", "date": "a date such as 2026-11-21",
}  # fmt: skip


def inputs(draft: Draft) -> Iterator[Wrong]:
    """Defaults of another type than the input's; choices without choices."""
    for name, given in draft.inputs.items():
        path: Path = ("inputs", name)
        if given.get("type") == "choice" and not given.get("choices"):
            yield Wrong(path, "`choices` is missing: there is nothing to choose from", "add `choices: [a, b]`")
        if given.get("type", "text") != "choice" and given.get("choices"):
            yield Wrong((*path, "choices"), "only an input of type choice has choices", "add `type: choice`")
        if given.get("optional") is True and given.get("default") is not None:
            yield Wrong((*path, "optional"), "an input with a default is optional anyway", "leave it out")
        if given.get("default") is not None and (said := refused(given["default"], given)):
            yield Wrong((*path, "default"), said[0], said[1])


def refused(value: Any, declared: Json) -> tuple[str, str | None] | None:
    """Why the value cannot be this input's, and what to do; None if it can."""
    kind = declared.get("type", "text")
    if has_expression(value):
        return "a default is a value, not an expression", "write the expression where the input is used"
    if kind in ("file", "files"):
        listed = value if isinstance(value, list) else []
        known = shipped(value) is not None if kind == "file" else bool(listed) and all(map(shipped, listed))
        return None if known else ("a file has no default but one of the catalogue", "write `optional: true`")
    if kind == "choice":
        choices = [each for each in declared.get("choices") or () if isinstance(each, str)]
        said = f"must be one of {', '.join(choices)}", meant(str(value), choices)
        return said if choices and value not in choices else None
    if kind not in JSON_KINDS or (is_kind(value, JSON_KINDS[kind]) and (kind != "date" or _is_date(value))):
        return None
    return f"must be {_CALLED[kind]}", "put it in quotes" if kind == "text" else None


def is_kind(value: Any, kind: str) -> bool:
    """Whether a plain JSON value is of the type, in the words of JSON Schema."""
    known = {"string": str, "integer": int, "number": (int, float), "boolean": bool, "array": list, "object": dict}
    return isinstance(value, known[kind]) and (kind == "boolean" or not isinstance(value, bool))  # type: ignore[arg-type]


def _is_date(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return len(value) == 10
