"""What rows look like as a whole: per column how much is missing, how different it is, where its values lie."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shared.process.rows.columns import RowColumn, Sensitivity
from shared.process.rows.duck import name

_MOST_CHOICES = 20
_GUESSES = (("integer", "BIGINT"), ("number", "DOUBLE"), ("date", "DATE"), ("datetime", "TIMESTAMP"))
NUMERIC = ("integer", "number", "decimal", "date", "datetime")


def profile(connection: Any, columns: list[RowColumn], kinds: Mapping[str, Sensitivity]) -> dict[str, Any]:
    """Of the table `rows`. The values themselves are told of columns with few of them only, and of no sensitive one."""
    total = int(connection.execute("SELECT count(*) FROM rows").fetchone()[0])
    return {"count": total, "columns": {each.name: _column(connection, each, total, kinds) for each in columns}}


def as_number(column: RowColumn) -> str:
    """A column as a number in SQL: a day counts from 1970-01-01 on."""
    it = name(column.name)
    return f"(epoch({it}) / 86400)" if column.type in ("date", "datetime") else f"{it}::DOUBLE"


def _column(connection: Any, column: RowColumn, total: int, kinds: Mapping[str, Sensitivity]) -> dict[str, Any]:
    it = name(column.name)
    there, distinct = connection.execute(f"SELECT count({it}), approx_count_distinct({it}) FROM rows").fetchone()  # noqa: S608
    found: dict[str, Any] = {"type": column.type, "missing": _share(total - there, total), "distinct": int(distinct)}
    if column.type in NUMERIC and there:
        value = as_number(column)
        mean, middle = connection.execute(f"SELECT avg({value}), approx_quantile({value}, 0.5) FROM rows").fetchone()  # noqa: S608
        spread = connection.execute(f"SELECT approx_quantile(abs({value} - ?), 0.5) FROM rows", [middle]).fetchone()[0]  # noqa: S608
        found |= {"mean": mean, "middle": middle, "spread": spread}
    elif column.type == "text" and there:
        found["could_be"] = _guess(connection, it, int(there))
        if int(distinct) <= _MOST_CHOICES and column.name not in kinds and int(distinct) < there:
            values = connection.execute(f"SELECT DISTINCT {it} FROM rows WHERE {it} IS NOT NULL ORDER BY 1 LIMIT 40")  # noqa: S608
            found["values"] = [str(each[0])[:100] for each in values.fetchall()]
    return found


def _guess(connection: Any, it: str, there: int) -> str | None:
    """The narrowest type that every value of a text column fits."""
    asked = ", ".join(f"count(try_cast({it} AS {sql}))" for _, sql in _GUESSES)
    counts = connection.execute(f"SELECT {asked} FROM rows").fetchone()  # noqa: S608
    return next((guess for (guess, _), count in zip(_GUESSES, counts, strict=True) if count == there), None)


def _share(part: int, whole: int) -> float:
    return round(part / whole, 6) if whole else 0.0
