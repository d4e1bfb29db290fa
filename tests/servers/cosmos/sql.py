"""The part of Cosmos DB's query language that Baton speaks; whatever else is written is a syntax error.

`SELECT * FROM c [WHERE …] [ORDER BY c.path [ASC|DESC]]` with AND, OR, NOT, comparisons, IN, parameters, and a few
functions. As on Azure: comparing different types, or what is not there, is undefined, and undefined is not true; ORDER
BY skips items that have no such property, and sorts null, booleans, numbers, texts, arrays, objects in this order;
sorting by more than one property needs a composite index, which no container here has. Whether Azure compares texts by
code points or by UTF-16 units is not documented, so the caller chooses."""

from __future__ import annotations

import json
import operator
import re
from collections.abc import Callable, Iterator
from typing import Any

from tests.servers.cosmos.faults import Refused

Item = dict[str, Any]
Expression = Callable[[Item], Any]

_TOKEN = re.compile(
    r"""\s*(?:(?P<number>\d+(?:\.\d+)?) | (?P<text>"(?:[^"\\]|\\.)*") | (?P<parameter>@\w+) | (?P<word>[A-Za-z_]\w*)
    | (?P<sign><=|>=|!=|[=<>(),.*\[\]]))""",
    re.VERBOSE,
)
_RESERVED = {"SELECT", "FROM", "WHERE", "ORDER", "BY", "ASC", "DESC", "AND", "OR", "NOT", "IN", "TRUE", "FALSE", "NULL"}


class _Undefined:
    def __bool__(self) -> bool:
        return False


UNDEFINED = _Undefined()


Collation = Callable[[str], Any]


def by_code_points(text: str) -> str:
    return text


def by_utf16_units(text: str) -> bytes:
    return text.encode("utf-16-be")


def run(sql: str, parameters: dict[str, Any], items: list[Item], collation: Collation = by_code_points) -> list[Item]:
    """The items that the query selects, in its order. Raises Refused(400)."""
    condition, key, descending = _Parser(sql, parameters, collation).query()
    found = [item for item in items if condition(item) is True]
    if key is not None:
        found = [item for item in found if key(item) is not UNDEFINED]
        found.sort(key=lambda item: _rank(key(item), collation), reverse=descending)
    return found


def _kind(value: Any) -> int:
    if value is UNDEFINED:
        return -1
    kinds: tuple[tuple[Any, int], ...] = ((bool, 1), ((int, float), 2), (str, 3), (list, 4), (dict, 5))
    return next((number for types, number in kinds if isinstance(value, types)), 0)


def _rank(value: Any, collation: Collation) -> tuple[int, Any]:
    kind = _kind(value)
    if kind == 3:
        return kind, collation(value)
    return kind, value if kind in (1, 2) else json.dumps(value, sort_keys=True)


def _compare(sign: str, left: Any, right: Any, collation: Collation = by_code_points) -> Any:
    if _kind(left) != _kind(right) or left is UNDEFINED:
        return UNDEFINED
    if sign in ("=", "!="):
        return (left == right) is (sign == "=")
    if _kind(left) not in (1, 2, 3):
        return UNDEFINED
    order = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}[sign]
    return order(_rank(left, collation), _rank(right, collation))


def _contains(values: Any, value: Any) -> Any:
    if not isinstance(values, list):
        return UNDEFINED
    return any(_compare("=", each, value) is True for each in values)


def _starts_with(text: Any, start: Any) -> Any:
    return text.startswith(start) if isinstance(text, str) and isinstance(start, str) else UNDEFINED


_FUNCTIONS: dict[str, tuple[int, Callable[..., Any]]] = {
    "IS_DEFINED": (1, lambda value: value is not UNDEFINED),
    "IS_NUMBER": (1, lambda value: _kind(value) == 2),
    "IS_STRING": (1, lambda value: _kind(value) == 3),
    "STARTSWITH": (2, _starts_with),
    "ARRAY_CONTAINS": (2, _contains),
}


class _Parser:
    """Recursive descent; an expression becomes a function of the item."""

    def __init__(self, sql: str, parameters: dict[str, Any], collation: Collation) -> None:
        self._tokens = list(_tokens(sql))
        self._parameters = parameters
        self._collation = collation

    def query(self) -> tuple[Expression, Expression | None, bool]:
        for word in ("SELECT", "*", "FROM", "c"):
            self._need(word)
        condition, key, descending = self._constant(True), None, False
        if self._take("WHERE"):
            condition = self._either()
        if self._take("ORDER"):
            self._need("BY")
            key = self._path()
            descending = self._take("DESC")
            if self._take("ASC") and descending:
                raise self._error("ASC")
            if self._take(","):
                raise Refused(400, "The order by query does not have a corresponding composite index.")
        if self._tokens:
            raise self._error()
        return condition, key, descending

    def _either(self) -> Expression:
        left = self._both()
        while self._take("OR"):
            left = self._joined(True, left, self._both())
        return left

    def _both(self) -> Expression:
        left = self._negated()
        while self._take("AND"):
            left = self._joined(False, left, self._negated())
        return left

    @staticmethod
    def _joined(decisive: bool, left: Expression, right: Expression) -> Expression:
        """OR is decided by a true side, AND by a false one, whatever the other is."""

        def joined(item: Item) -> Any:
            sides = left(item), right(item)
            if any(side is decisive for side in sides):
                return decisive
            return (not decisive) if all(side is (not decisive) for side in sides) else UNDEFINED

        return joined

    def _negated(self) -> Expression:
        if not self._take("NOT"):
            return self._compared()
        inner = self._negated()
        return lambda item: (not value) if isinstance(value := inner(item), bool) else UNDEFINED

    def _compared(self) -> Expression:
        left = self._value()
        for sign in ("<=", ">=", "!=", "=", "<", ">"):
            if self._take(sign):
                right = self._value()
                return lambda item: _compare(sign, left(item), right(item), self._collation)
        if self._take("IN"):
            choices = self._list()
            return lambda item: any(_compare("=", left(item), choice(item)) is True for choice in choices)
        return left

    def _value(self) -> Expression:
        if self._take("("):
            inner = self._either()
            self._need(")")
            return inner
        kind, text = self._tokens[0] if self._tokens else ("end", "")
        if text == "c":
            return self._path()
        self._tokens = self._tokens[1:]
        if kind == "parameter" and text in self._parameters:
            return self._constant(self._parameters[text])
        if kind in ("number", "text") or text in ("true", "false", "null"):
            return self._constant(json.loads(text))
        if kind == "word" and text in _FUNCTIONS:
            return self._call(text)
        raise self._error(text)

    @staticmethod
    def _constant(value: Any) -> Expression:
        return lambda item: value

    def _call(self, name: str) -> Expression:
        (count, function), given = _FUNCTIONS[name], self._list()
        if len(given) != count:
            raise Refused(400, f"The {name} function requires {count} argument(s).")
        return lambda item: function(*(each(item) for each in given))

    def _list(self) -> list[Expression]:
        self._need("(")
        values = [self._either()]
        while self._take(","):
            values.append(self._either())
        self._need(")")
        return values

    def _path(self) -> Expression:
        self._need("c")
        names = []
        while True:
            if self._take("."):
                names.append(self._token("word"))
            elif self._take("["):
                names.append(json.loads(self._token("text")))
                self._need("]")
            else:
                return lambda item: _at(item, names)

    def _take(self, text: str) -> bool:
        found = bool(self._tokens) and self._tokens[0][1] == text
        if found:
            self._tokens = self._tokens[1:]
        return found

    def _need(self, text: str) -> None:
        if not self._take(text):
            raise self._error()

    def _token(self, kind: str) -> str:
        if not self._tokens or self._tokens[0][0] != kind or self._tokens[0][1].upper() in _RESERVED:
            raise self._error()
        (_, text), *self._tokens = self._tokens
        return text

    def _error(self, near: str | None = None) -> Refused:
        near = near or (self._tokens[0][1] if self._tokens else "the end")
        return Refused(400, f"Syntax error, incorrect syntax near '{near}'.")


def _at(item: Item, names: list[str]) -> Any:
    here: Any = item
    for name in names:
        if not isinstance(here, dict) or name not in here:
            return UNDEFINED
        here = here[name]
    return here


def _tokens(sql: str) -> Iterator[tuple[str, str]]:
    place, sql = 0, sql.rstrip()
    while place < len(sql):
        found = _TOKEN.match(sql, place)
        if not found:
            raise Refused(400, f"Syntax error, invalid token near '{sql[place : place + 10]}'.")
        assert found.lastgroup
        yield found.lastgroup, found[found.lastgroup]
        place = found.end()
