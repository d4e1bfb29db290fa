"""As much of the Kusto Query Language as Baton's alerts and workbook use, evaluated over rows: tabular operators where,
extend, project, summarize … by, order by; scalar expressions. What is not known here is an error, also a column that
the table does not have, so a query that passes names only what is there."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

Row = Mapping[str, Any]
Expr = Callable[[Row], Any]
TABLES: dict[str, frozenset[str]] = {
    name: frozenset({"TimeGenerated", "OperationId", "AppRoleName", "AppRoleInstance", "Properties", *columns.split()})
    for name, columns in {
        "AppRequests": "Name Url Success ResultCode DurationMs OperationName Id ParentId ItemCount",
        "AppDependencies": "Name Target DependencyType Success ResultCode DurationMs OperationName Id ParentId",
        "AppMetrics": "Name Sum Min Max ItemCount",
        "AppTraces": "Message SeverityLevel",
    }.items()
}
"""Columns of Application Insights' tables in a Log Analytics workspace."""
_TOKEN = re.compile(
    r"""\s*(?:(?P<text>"[^"]*"|'[^']*')|(?P<span>\d+[smhd]\b)|(?P<number>\d+(?:\.\d+)?)|(?P<name>!?[A-Za-z_]\w*)"""
    r"""|(?P<sign>==|!=|>=|<=|[-+*/<>=(),.\[\]|]))"""
)
_RESERVED = frozenset({"kind", "by", "in", "and", "or", "has"})
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def evaluate(query: str, tables: Mapping[str, Sequence[Row]]) -> list[dict[str, Any]]:
    """The rows of the result. Raises SyntaxError, also for names that are not there."""
    return _Query(query, tables).rows()


class _Query:
    def __init__(self, query: str, tables: Mapping[str, Sequence[Row]]) -> None:
        self._tokens, self._tables, self._columns = _tokens(query), tables, set[str]()

    def rows(self) -> list[dict[str, Any]]:
        name = self._name()
        if name not in TABLES:
            raise SyntaxError(f"no such table: {name}")
        self._columns = set(TABLES[name])
        rows = [{column: row.get(column) for column in TABLES[name]} for row in self._tables.get(name, ())]
        while self._taken("|"):
            rows = self._operator(self._name(), rows)
        if self._tokens:
            raise SyntaxError(f"nothing is expected here: {self._tokens[0]}")
        return rows

    def _operator(self, name: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        if name == "where":
            holds = self._or()
            return [row for row in rows if holds(row) is True]
        if name in ("extend", "project"):
            return self._extended(rows, keep=name == "extend")
        if name == "summarize":
            return self._summarized(rows)
        if name == "order":
            return self._ordered(rows)
        raise SyntaxError(f"no such operator: {name}")

    def _extended(self, rows: list[dict[str, Any]], keep: bool) -> list[dict[str, Any]]:
        made = self._assignments()
        after = [{**(row if keep else {}), **{name: expr(row) for name, expr in made.items()}} for row in rows]
        self._columns = (self._columns if keep else set()) | made.keys()
        return after

    def _summarized(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        aggregates = self._assignments(self._aggregate)
        by = self._assignments() if self._taken("by") else {}
        groups: dict[tuple[Any, ...], list[Row]] = {} if by else {(): []}
        for row in rows:
            groups.setdefault(tuple(expr(row) for expr in by.values()), []).append(row)
        self._columns = {*aggregates, *by}
        return [
            {**dict(zip(by, key, strict=True)), **{name: fold(each) for name, fold in aggregates.items()}}
            for key, each in groups.items()
        ]

    def _ordered(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        self._expect("by")
        key = self._or()
        return sorted(rows, key=key, reverse=not self._taken("asc") and (self._taken("desc") or True))

    def _assignments(self, read: Callable[[], Any] | None = None) -> dict[str, Any]:
        made: dict[str, Any] = {}
        while True:
            named = len(self._tokens) > 1 and self._tokens[0][0] == "name" and self._tokens[1] == ("sign", "=")
            first = self._tokens[0][1] if self._tokens else ""
            name = self._name() if named else f"{first}_" if read else "TimeGenerated" if first == "bin" else first
            if named and name in _RESERVED:
                raise SyntaxError(f"{name} is a word of the language; as a name it needs brackets")
            if named:
                self._expect("=")
            made[name] = (read or self._or)()
            if not self._taken(","):
                return made

    def _aggregate(self) -> Callable[[Sequence[Row]], Any]:
        name = self._name()
        self._expect("(")
        given: list[Expr] = []
        while not self._taken(")"):
            given.append(self._or())
            self._taken(",")
        folds: dict[str, Callable[[Sequence[Row]], Any]] = {
            "count": len,
            "countif": lambda rows: sum(given[0](row) is True for row in rows),
            "sum": lambda rows: sum(_values(given[0], rows)),
            "sumif": lambda rows: sum(_values(given[0], [row for row in rows if given[1](row) is True])),
            "max": lambda rows: max(_values(given[0], rows), default=None),
            "dcount": lambda rows: len(set(_values(given[0], rows))),
            "percentile": lambda rows: _percentile(_values(given[0], rows), given[1]({})),
        }
        if name not in folds:
            raise SyntaxError(f"no such aggregate: {name}")
        return folds[name]

    def _or(self) -> Expr:
        left = self._and()
        while self._taken("or"):
            left = _both(left, self._and(), lambda a, b: a is True or b is True)
        return left

    def _and(self) -> Expr:
        left = self._comparison()
        while self._taken("and"):
            left = _both(left, self._comparison(), lambda a, b: a is True and b is True)
        return left

    def _comparison(self) -> Expr:
        left = self._sum()
        for sign, compare in _COMPARISONS.items():
            if self._taken(sign):
                return _both(left, self._sum(), compare)
        if self._taken("in"):
            self._expect("(")
            among = [self._sum()]
            while self._taken(","):
                among.append(self._sum())
            self._expect(")")
            return lambda row: left(row) in [each(row) for each in among]
        return left

    def _sum(self) -> Expr:
        left = self._product()
        while self._tokens and self._tokens[0][1] in "+-" and self._tokens[0][0] == "sign":
            sign = 1 if self._tokens.pop(0)[1] == "+" else -1
            left = _both(left, self._product(), lambda a, b, sign=sign: a + sign * b)
        return left

    def _product(self) -> Expr:
        left = self._primary()
        while self._tokens and self._tokens[0] in (("sign", "*"), ("sign", "/")):
            times = self._tokens.pop(0)[1] == "*"
            left = _both(left, self._primary(), lambda a, b, times=times: a * b if times else a / b)
        return left

    def _primary(self) -> Expr:
        if self._taken("("):
            inner = self._or()
            self._expect(")")
            return inner
        kind, value = self._tokens.pop(0) if self._tokens else ("end", "the end")
        if kind in ("text", "number", "span"):
            literal = value[1:-1] if kind == "text" else float(value) if kind == "number" else _timespan(value)
            return lambda _: literal
        if kind != "name":
            raise SyntaxError(f"no value can begin with {value}")
        if value in ("true", "false"):
            return lambda _: value == "true"
        return self._call(value) if self._taken("(") else self._path(value)

    def _call(self, name: str) -> Expr:
        given = [self._or()]
        while self._taken(","):
            given.append(self._or())
        self._expect(")")
        if name not in _FUNCTIONS:
            raise SyntaxError(f"no such function: {name}")
        return lambda row: _FUNCTIONS[name](*(each(row) for each in given))

    def _path(self, name: str) -> Expr:
        if name not in self._columns:
            raise SyntaxError(f"no such column: {name}")
        keys: list[str] = []
        while self._tokens and self._tokens[0] in (("sign", "."), ("sign", "[")):
            if self._tokens.pop(0)[1] == ".":
                keys.append(self._name())
            else:
                keys.append(str(self._primary()({})))
                self._expect("]")
        return lambda row: _inside(row[name], keys)

    def _taken(self, value: str) -> bool:
        if self._tokens and self._tokens[0][0] in ("sign", "name") and self._tokens[0][1] == value:
            self._tokens.pop(0)
            return True
        return False

    def _expect(self, value: str) -> None:
        if not self._taken(value):
            raise SyntaxError(f"{value} is expected before {self._tokens[:1]}")

    def _name(self) -> str:
        kind, value = self._tokens.pop(0) if self._tokens else ("end", "the end")
        if kind != "name":
            raise SyntaxError(f"a name is expected, not {value}")
        return value


def _both(left: Expr, right: Expr, do: Callable[[Any, Any], Any]) -> Expr:
    def done(row: Row) -> Any:
        a, b = left(row), right(row)
        return None if a is None or b is None else do(a, b)

    return done


_COMPARISONS: dict[str, Callable[[Any, Any], Any]] = {
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    ">=": lambda a, b: a >= b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    "<": lambda a, b: a < b,
    "has": lambda a, b: b.lower() in a.lower(),
    "!has": lambda a, b: b.lower() not in a.lower(),
}


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "parse_json": _json,
    "tostring": lambda value: "" if value is None else str(value),
    "toint": lambda value: None if value in (None, "") else int(float(value)),
    "todouble": lambda value: None if value in (None, "") else float(value),
    "bin": lambda at, width: at if at is None else at - (at - datetime(2000, 1, 1, tzinfo=at.tzinfo)) % width,
}


def _inside(value: Any, keys: Iterable[str]) -> Any:
    for key in keys:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


def _values(expr: Expr, rows: Sequence[Row]) -> list[Any]:
    return [value for row in rows if (value := expr(row)) is not None]


def _percentile(values: Sequence[float], share: float) -> float | None:
    return sorted(values)[max(0, math.ceil(len(values) * share / 100) - 1)] if values else None


def _timespan(text: str) -> timedelta:
    return timedelta(**{_UNITS[text[-1]]: int(text[:-1])})


def _tokens(query: str) -> list[tuple[str, str]]:
    found, at = list[tuple[str, str]](), 0
    while at < len(query.rstrip()):
        match = _TOKEN.match(query, at)
        if match is None:
            raise SyntaxError(f"cannot be read: {query[at : at + 20]}")
        found.append((str(match.lastgroup), match[match.lastgroup or 0]))
        at = match.end()
    return found
