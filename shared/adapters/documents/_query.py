"""A query of documents as SQL that only narrows: all that match pass, `segment.matches` decides on the rest."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator
from typing import Any

from shared.adapters.documents._pages import Place
from shared.domain.segment import Filter
from shared.ports import Order

_LAST_OF_A_RANGE = ("\ud7ff", "\U0010ffff")
_WITHOUT_VALUE = -math.inf


def sort_key(field: str) -> str:
    """SQL of what a document is ordered by: its number or text; whatever else it holds comes before all of them."""
    if field == "id":
        return "id"
    path = _path(field)
    number_or_text = f"json_type(body, {path}) IN ('text', 'integer', 'real')"
    return f"CASE WHEN {number_or_text} THEN json_extract(body, {path}) ELSE -9e999 END"


def narrow(filters: Iterable[Filter]) -> tuple[str, list[Any]]:
    """SQL conditions, each with a leading AND, and their parameters."""
    conditions = [condition for each in filters for condition in _conditions(each)]
    return "".join(f" AND {sql}" for sql, _ in conditions), [value for _, values in conditions for value in values]


def undecided(filters: Iterable[Filter]) -> list[Filter]:
    """Those on which SQL does not decide alone: all but lists of ids."""
    return [each for each in filters if (each.field, each.op) != ("id", "in") or not all(map(_is_text, each.value))]


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def ordering(order: Order) -> str:
    """SQL of the order; SQLite misses the index if the id is named twice."""
    direction = "DESC" if order.descending else "ASC"
    return f"id {direction}" if order.field == "id" else f"{sort_key(order.field)} {direction}, id"


def beyond(order: Order, place: Place | None) -> tuple[str, list[Any]]:
    """SQL, with a leading AND, for what comes after `place`; ties go by id, ascending."""
    if place is None:
        return "", []
    key, past = sort_key(order.field), "<" if order.descending else ">"
    value = _WITHOUT_VALUE if place.value is None else place.value
    return f" AND {key} {past}= ? AND ({key} {past} ? OR id > ?)", [value, value, place.id]


def value_of(key: Any) -> Any:
    """The place's value for what `sort_key` gave."""
    return None if key == _WITHOUT_VALUE else key


def _path(field: str) -> str:
    return "'$." + ".".join(f'"{part}"' for part in field.split(".")) + "'"


def _conditions(filter: Filter) -> Iterator[tuple[str, list[Any]]]:
    key, value = sort_key(filter.field), filter.value
    if filter.op == "in":
        if all(map(_is_text, value)):
            yield f"{key} IN (SELECT value FROM json_each(?))", [json.dumps(list(value))]
    elif filter.op == "has":
        if isinstance(value, str) and filter.field != "id":
            yield f"EXISTS (SELECT 1 FROM json_each(body, {_path(filter.field)}) WHERE value = ?)", [value]
    elif isinstance(value, str):
        yield from _text_conditions(key, filter.op, value)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield from _number_conditions(key, filter.op, value)


def _text_conditions(key: str, op: str, value: str) -> Iterator[tuple[str, list[Any]]]:
    match op:
        case "eq":
            yield f"{key} = ?", [value]
        case "lt" | "le":
            yield f"{key} <= ?", [value]
        case "gt" | "ge":
            yield f"{key} >= ?", [value]
        case "prefix":
            yield f"{key} >= ?", [value]
            if value and not value.endswith(_LAST_OF_A_RANGE):
                yield f"{key} < ?", [value[:-1] + chr(ord(value[-1]) + 1)]


def _number_conditions(key: str, op: str, value: float) -> Iterator[tuple[str, list[Any]]]:
    """With some slack: SQLite may read a decimal fraction a little differently than Python does."""
    if not -(2.0**62) < value < 2.0**62:
        return
    slack = abs(value) * 1e-9 + 1e-300
    if op in ("eq", "gt", "ge"):
        yield f"{key} >= ?", [value - slack]
    if op in ("eq", "lt", "le"):
        yield f"{key} <= ?", [value + slack]
