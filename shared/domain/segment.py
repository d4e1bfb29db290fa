"""The meaning of a filter. Adapters may narrow a query; this module decides what matches (design 3, Documents)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal, NamedTuple

Op = Literal["eq", "in", "lt", "le", "gt", "ge", "prefix", "has"]
OPS: tuple[Op, ...] = ("eq", "in", "lt", "le", "gt", "ge", "prefix", "has")


class Filter(NamedTuple):
    """One condition on a field (dotted path into the body, or `id`)."""

    field: str
    op: Op
    value: Any


def condition(text: str) -> dict[str, Any]:
    """A condition as people write it, such as `tags has vip` or `country in DE, AT`, as a segment has it.

    Raises ValueError, saying how it is written."""
    field, op, value = [*text.split(maxsplit=2), "", "", ""][:3]
    if op not in OPS or not value:
        raise ValueError(f"{text[:60]!r} is not a condition such as: tags has vip (or eq, in, lt, le, gt, ge, prefix)")
    return {"field": field, "op": op, "value": [each.strip() for each in value.split(",")] if op == "in" else value}


def matches(id: str, body: Mapping[str, Any], filters: Iterable[Filter]) -> bool:
    """True if every filter holds. A missing field or a value of another type never matches."""
    return all(_holds(_at(id, body, f.field), f.op, f.value) for f in filters)


def _at(id: str, body: Mapping[str, Any], path: str) -> Any:
    if path == "id":
        return id
    here: Any = body
    for part in path.split("."):
        if not isinstance(here, Mapping) or part not in here:
            return None
        here = here[part]
    return here


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int | float):
        return "number"
    return "text" if isinstance(value, str) else "other"


def _holds(found: Any, op: Op, value: Any) -> bool:
    if found is None:
        return False
    if op == "in" and isinstance(found, str):
        return found in value
    if op == "in":
        return any(_holds(found, "eq", each) for each in value)
    if op == "has":
        return isinstance(found, list) and any(_holds(each, "eq", value) for each in found)
    if _kind(found) != _kind(value) or _kind(found) == "other":
        return False
    return _compare(found, op, value)


def _compare(found: Any, op: Op, value: Any) -> bool:
    match op:
        case "eq":
            return bool(found == value)
        case "lt":
            return bool(found < value)
        case "le":
            return bool(found <= value)
        case "gt":
            return bool(found > value)
        case "ge":
            return bool(found >= value)
        case "prefix":
            return isinstance(found, str) and found.startswith(value)
        case _:
            return False
