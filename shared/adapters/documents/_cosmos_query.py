"""A query of documents in Cosmos DB's language, which only narrows, and the port's order out of Cosmos's own.

Cosmos sorts by one property without a composite index, orders what is neither number nor text on both sides of them,
and may leave out items that lack the property (learn.microsoft.com, NoSQL query, ORDER BY). So a list is read in three
stretches, each of one type, which IS_NUMBER and IS_STRING tell from the range index (both are false of what is not
there); and whoever shares a value is put in order of ids here, or, if they are many, by a query of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import count, groupby, islice
from operator import itemgetter
from typing import Any, Literal

from shared.adapters.documents._pages import Place
from shared.domain.segment import Filter
from shared.ports import Order

Item = dict[str, Any]
Condition = tuple[str, list[Any]]
Ask = Callable[[list[Condition], str], Iterator[Item]]
"""Items that meet all conditions (`?` for each value), in an order such as ` ORDER BY c.id`."""

Stretch = Literal["neither", "numbers", "texts"]
_STRETCHES: tuple[Stretch, ...] = ("neither", "numbers", "texts")
_FROM_HERE_ON_ORDERS_DIFFER = "\ud7ff"
"""Up to here texts sort alike by code points and by UTF-16 units; by which of them Cosmos sorts is not documented."""
_MOST_IN_A_LIST = 1000


def joined(conditions: Iterable[Condition]) -> Condition:
    """All of them as one, its parameters numbered."""
    numbers = count()
    conditions = list(conditions)
    sql = " AND ".join(f"({sql})" for sql, _ in conditions)
    first, *others = sql.split("?")
    text = first + "".join(f"@{next(numbers)}{other}" for other in others)
    return text, [value for _, values in conditions for value in values]


def narrow(filters: Iterable[Filter]) -> list[Condition]:
    """Conditions that all matching documents meet, and hardly any other."""
    return [("c.deleted = false", []), *(condition for each in filters for condition in _conditions(each))]


def in_order(ask: Ask, order: Order, place: Place | None, most: int) -> Iterator[tuple[Item, Any]]:
    """Items after `place` in the port's order, each with the value that it is ordered by; read as they are wanted.

    More than `most` with one value are not held at a time."""
    if order.field == "id":
        beyond = [(f"c.id {'<' if order.descending else '>'} ?", [place.id])] if place else []
        yield from ((item, item["id"]) for item in ask(beyond, _by("c.id", order.descending)))
        return
    stretches = _STRETCHES[::-1] if order.descending else _STRETCHES
    if place:
        stretches = stretches[stretches.index(_stretch(place.value)) :]
    for stretch in stretches:
        here = place if place and _stretch(place.value) == stretch else None
        yield from _read(ask, stretch, order, here, most)


def _read(ask: Ask, stretch: Stretch, order: Order, place: Place | None, most: int) -> Iterator[tuple[Item, Any]]:
    key = _key(order.field)
    if stretch == "neither":
        neither: Condition = (f"NOT (IS_NUMBER({key}) OR IS_STRING({key}))", [])
        yield from ((item, None) for item in _by_id(ask, neither, place and place.id))
        return
    if place:
        yield from ((item, place.value) for item in _by_id(ask, (f"{key} = ?", [place.value]), place.id))
    bound = None if place is None else place.value
    while True:
        for value, group in groupby(_stream(ask, stretch, order, bound), itemgetter(1)):
            held = [item for item, _ in islice(group, most + 1)]
            if len(held) > most or any(_is_exotic(item["id"]) for item in held):
                yield from ((item, value) for item in _by_id(ask, (f"{key} = ?", [value]), None))
                bound = value
                break
            yield from ((item, value) for item in sorted(held, key=itemgetter("id")))
        else:
            return


def _stream(ask: Ask, stretch: Stretch, order: Order, bound: Any) -> Iterator[tuple[Item, Any]]:
    """One type's items beyond a value, sorted by value only."""
    key = _key(order.field)
    conditions: list[Condition] = [(f"{'IS_NUMBER' if stretch == 'numbers' else 'IS_STRING'}({key})", [])]
    if bound is not None:
        conditions.append((f"{key} {'<' if order.descending else '>'} ?", [bound]))
    for item in ask(conditions, _by(key, order.descending)):
        yield item, _value(item, order.field)


def _by_id(ask: Ask, condition: Condition, after: str | None) -> Iterator[Item]:
    beyond: list[Condition] = [] if after is None else [("c.id > ?", [after])]
    return ask([condition, *beyond], _by("c.id", False))


def _by(key: str, descending: bool) -> str:
    return f" ORDER BY {key} {'DESC' if descending else 'ASC'}"


def _key(field: str) -> str:
    if field == "id":
        return "c.id"
    return "c.body" + "".join(f'["{part}"]' for part in field.split("."))


def _value(item: Item, field: str) -> Any:
    here: Any = item["body"]
    for part in field.split("."):
        here = here[part]
    return here


def _stretch(value: Any) -> Stretch:
    if value is None:
        return "neither"
    return "texts" if isinstance(value, str) else "numbers"


def _is_exotic(text: str) -> bool:
    return any(character > _FROM_HERE_ON_ORDERS_DIFFER for character in text)


def _conditions(filter: Filter) -> Iterator[Condition]:
    key, value = _key(filter.field), filter.value
    if filter.op == "in":
        if value and len(value) <= _MOST_IN_A_LIST and all(isinstance(each, str) for each in value):
            yield f"{key} IN ({', '.join('?' for _ in value)})", list(value)
    elif filter.op == "has":
        if isinstance(value, str) and filter.field != "id":
            yield f"ARRAY_CONTAINS({key}, ?)", [value]
    elif isinstance(value, str):
        yield _text_condition(key, filter.op, value)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield from _number_conditions(key, filter.op, value)


def _text_condition(key: str, op: str, value: str) -> Condition:
    """A text is compared up to its first character beyond which orders differ."""
    plain = value[: next((at for at, each in enumerate(value) if each > _FROM_HERE_ON_ORDERS_DIFFER), len(value))]
    match op:
        case "eq":
            return f"{key} = ?", [value]
        case "prefix":
            return f"STARTSWITH({key}, ?)", [value]
        case "gt" | "ge":
            return f"{key} >= ?", [plain]
        case _:
            return f"{key} <= ? OR STARTSWITH({key}, ?)", [plain, plain]


def _number_conditions(key: str, op: str, value: float) -> Iterator[Condition]:
    """Numbers are doubles there, as here; an integer that is none is rounded to one, which needs the equal too."""
    if not -(2.0**62) < value < 2.0**62:
        return
    near = float(value)
    if op in ("eq", "gt", "ge"):
        yield f"{key} >= ?", [near]
    if op in ("eq", "lt", "le"):
        yield f"{key} <= ?", [near]
