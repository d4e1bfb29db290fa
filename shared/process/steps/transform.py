"""Rows become other rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from shared.process.declared import Id
from shared.process.errors import InputError
from shared.process.rows.columns import ROW, ColumnName, Rows
from shared.process.rows.duck import duck, has_numbers, name, select, table, write
from shared.process.steps.call import Answer, Desk, StepType

Sql = Annotated[str, Field(min_length=1, max_length=20_000)]
Names = Annotated[list[ColumnName], Field(min_length=1, max_length=500)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Join(_Strict):
    """With the rows of `table` (of `tables`) that are equal in these columns. `semi`: rows that have a partner, `anti`:
    those that have none. A column of both is `<table>_<column>` of the other."""

    table: Id
    on: Names
    how: Literal["left", "inner", "semi", "anti"] = "left"


class Aggregate(_Strict):
    """One row for each group; without `by`, one in all."""

    by: list[ColumnName] = Field(default_factory=list, max_length=100)
    values: dict[ColumnName, Sql]


class Deduplicate(_Strict):
    """Of the rows that are equal in these columns, one."""

    by: Names
    keep: Literal["first", "last"] = "first"


class Operation(_Strict):
    """Exactly one of them. Expressions are SQL (DuckDB)."""

    filter: Sql | None = None
    """Rows for which it is true."""
    map: dict[ColumnName, Sql] | None = None
    """Columns that are added, or have another value."""
    select: Names | None = None
    drop: Names | None = None
    join: Join | None = None
    aggregate: Aggregate | None = None
    sort: Annotated[list[str], Field(min_length=1, max_length=50)] | None = None
    """Names of columns; the largest first with a - before the name."""
    deduplicate: Deduplicate | None = None

    @model_validator(mode="after")
    def _one(self) -> Operation:
        if len(self.model_fields_set) != 1:
            raise ValueError("an operation is exactly one of " + ", ".join(Operation.model_fields))
        return self


class Transform(StepType):
    """Filter, map, join, aggregate, sort and deduplicate rows, one operation after the other (`do`), or by one SELECT
    (`sql`, of the table `rows` and those of `tables`). DuckDB does it, with 256 MB of memory and without network or
    files; the same rows always make the same bytes."""

    rows: Rows
    tables: dict[Id, Rows] = Field(default_factory=dict, max_length=20)
    do: list[Operation] = Field(default_factory=list, max_length=100)
    sql: Sql | None = None

    outputs: ClassVar[Mapping[str, str]] = {"rows": "the new rows", "count": "how many there are"}

    @model_validator(mode="after")
    def _either(self) -> Transform:
        if bool(self.do) == bool(self.sql):
            raise ValueError("either do or sql is needed")
        if "rows" in self.tables:
            raise ValueError("tables: the name rows is taken")
        return self

    def run(self, desk: Desk) -> Answer:
        tables = {"rows": self.rows, **self.tables}
        paths = {called: desk.open(each.file) for called, each in tables.items()}
        out = desk.folder / "transformed.jsonl"
        known = {column.name: column for each in reversed(tables.values()) for column in each.columns}
        with duck(desk, {**paths, "out": out}) as connection:
            for called, each in tables.items():
                table(connection, called, paths[called], each.columns, has_numbers(paths[called]))
            sql = select(self.sql, "sql") if self.sql else self._composed(connection)
            columns, count = write(connection, sql, out, known)
        made = Rows(file=desk.keep(out), columns=columns, count=count)
        desk.progress(count, count)
        desk.log(f"{self.rows.count} rows became {count}")
        return Answer({"rows": made.model_dump(), "count": count})

    def _composed(self, connection: Any) -> str:
        sql = "SELECT * FROM rows"
        for n, operation in enumerate(self.do):
            found = [str(each[0]) for each in connection.execute(f"DESCRIBE {sql}").fetchall()]
            kind = next(iter(operation.model_fields_set))
            field = f"do.{n}.{kind}"
            self._check(operation, found, field)
            sql = select(
                _OPERATIONS[kind](getattr(operation, kind), f"(\n{sql}\n)", found, self._names(operation)), field
            )
        return sql

    def _names(self, operation: Operation) -> list[str]:
        """The columns of the table that is joined."""
        if operation.join is None:
            return []
        return [each.name for each in self.tables[operation.join.table].columns]

    def _check(self, operation: Operation, found: list[str], field: str) -> None:
        """Names that no column has are said before DuckDB guesses."""
        join = operation.join
        if join is not None and join.table not in self.tables:
            raise InputError(f"there is no table {join.table!r}; there are {', '.join(self.tables) or 'none'}", field)
        named = [
            *(operation.select or operation.drop or ()),
            *(join.on if join else ()),
            *(operation.aggregate.by if operation.aggregate else ()),
            *(operation.deduplicate.by if operation.deduplicate else ()),
            *(each.removeprefix("-") for each in operation.sort or ()),
        ]
        absent = [each for each in named if each not in found]
        absent += [each for each in (join.on if join else ()) if each not in self._names(operation)]
        if absent:
            raise InputError(f"there is no column {absent[0]!r}; there are {', '.join(found)}", field)


def _map(values: dict[str, str], source: str, found: list[str], _: list[str]) -> str:
    there = {each: sql for each, sql in values.items() if each in found}
    changed = ", ".join(f"(\n{sql}\n) AS {name(each)}" for each, sql in there.items())
    added = "".join(f", (\n{sql}\n) AS {name(each)}" for each, sql in values.items() if each not in there)
    return f"SELECT * {f'REPLACE ({changed})' if changed else ''}{added} FROM {source}"  # noqa: S608


def _join(join: Join, source: str, found: list[str], theirs: list[str]) -> str:
    on = " AND ".join(f"l.{name(each)} = r.{name(each)}" for each in join.on)
    if join.how in ("semi", "anti"):
        return f"SELECT l.* FROM {source} l {join.how.upper()} JOIN {join.table} r ON {on} ORDER BY l.{ROW}"  # noqa: S608
    more = "".join(
        f", r.{name(each)} AS {name(f'{join.table}_{each}' if each in found else each)}"
        for each in theirs
        if each not in join.on
    )
    kind = "LEFT" if join.how == "left" else "INNER"
    return f"SELECT l.*{more} FROM {source} l {kind} JOIN {join.table} r ON {on} ORDER BY l.{ROW}, r.{ROW}"  # noqa: S608


def _aggregate(how: Aggregate, source: str, *_: Any) -> str:
    values = [f"(\n{sql}\n) AS {name(each)}" for each, sql in how.values.items()]
    by = [name(each) for each in how.by]
    grouped = f"SELECT {', '.join([*by, *values])} FROM {source}"  # noqa: S608
    if not by:
        return f"SELECT 1 AS {ROW}, * FROM ({grouped})"  # noqa: S608
    order = ", ".join(f"{each} NULLS FIRST" for each in by)
    return (
        f"SELECT row_number() OVER (ORDER BY {order}) AS {ROW}, * "  # noqa: S608
        f"FROM ({grouped} GROUP BY {', '.join(by)}) ORDER BY {ROW}"
    )


def _sort(columns: list[str], source: str, *_: Any) -> str:
    order = ", ".join(
        f"{name(each.removeprefix('-'))} {'DESC' if each.startswith('-') else 'ASC'} NULLS LAST" for each in columns
    )
    return f"SELECT * FROM {source} ORDER BY {order}, {ROW}"  # noqa: S608


def _deduplicate(how: Deduplicate, source: str, *_: Any) -> str:
    by, order = ", ".join(map(name, how.by)), "DESC" if how.keep == "last" else "ASC"
    first = f"row_number() OVER (PARTITION BY {by} ORDER BY {ROW} {order}) = 1"
    return f"SELECT * FROM {source} QUALIFY {first} ORDER BY {ROW}"  # noqa: S608


def _selected(columns: list[str], source: str, *_: Any) -> str:
    return f"SELECT {', '.join(map(name, dict.fromkeys([ROW, *columns])))} FROM {source}"  # noqa: S608


def _dropped(columns: list[str], source: str, *_: Any) -> str:
    return f"SELECT * EXCLUDE ({', '.join(map(name, columns))}) FROM {source}"  # noqa: S608


def _filtered(sql: str, source: str, *_: Any) -> str:
    return f"SELECT * FROM {source} WHERE (\n{sql}\n)"  # noqa: S608


_OPERATIONS: dict[str, Callable[[Any, str, list[str], list[str]], str]] = {
    "filter": _filtered,
    "map": _map,
    "select": _selected,
    "drop": _dropped,
    "join": _join,
    "aggregate": _aggregate,
    "sort": _sort,
    "deduplicate": _deduplicate,
}
