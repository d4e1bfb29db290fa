"""Rows are looked at as a whole: what stands out, what is there twice, what is otherwise than in earlier runs."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from statistics import median
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from shared.process.declared import Id
from shared.process.errors import InputError
from shared.process.rows.columns import ColumnName, RowColumn, Rows
from shared.process.rows.duck import duck, has_numbers, name, table
from shared.process.rows.file import rows_of
from shared.process.rows.profile import NUMERIC, as_number, profile
from shared.process.rows.sensitive import sensitivity
from shared.process.steps.call import Answer, Desk, StepType

PROFILES = "profiles/"
_SAMPLE = 1000
_NAMED = 20
"""Rows that a finding names."""
_EARLIER = 20
_ENOUGH = 3
"""Earlier runs, before anything is said to be otherwise than in them."""
_TO_SIGMA = 1.4826
"""What makes the median of distances comparable with a standard deviation, of normal values."""
_LEAST = {"count": 0.2, "missing": 0.05, "mean": 0.1}
"""Less than that is never drift: share of the earlier count, points of what is missing, share of the earlier mean."""


class Duplicates(BaseModel):
    """Rows that are equal in `by`; with `alike` below 1 also those whose `by` are as similar as that (Jaro-Winkler) and
    that are equal in `block`."""

    model_config = ConfigDict(extra="forbid")

    by: Annotated[list[ColumnName], Field(min_length=1, max_length=10)]
    block: list[ColumnName] = Field(default_factory=list, max_length=10)
    alike: Annotated[float, Field(ge=0.7, le=1)] = 1


class Check(StepType):
    """Infer types, classify columns by sensitivity, and look for outliers, duplicates and drift against the last 20
    runs that had the same `series`. Each finding has a reason, what was measured and the threshold. Nothing is
    changed; with `strict` a finding fails the step with class input."""

    rows: Rows
    series: Id | None = None
    """Under which name the profile is kept and compared; absent: neither."""
    outlier: Annotated[float, Field(ge=3, le=100)] = 6
    """How many robust standard deviations from the middle a value may lie."""
    drift: Annotated[float, Field(ge=3, le=100)] = 6
    """The same, of a column's figures among those of earlier runs."""
    duplicates: Duplicates | None = None
    strict: bool = False

    outputs: ClassVar[Mapping[str, str]] = {
        "findings": "each with check, column, reason, measured, threshold and the numbers of rows",
        "count": "how many findings there are",
        "profile": "what the rows look like as a whole",
        "sensitive": "columns that hold personal or secret data, and of which kind",
    }

    def run(self, desk: Desk) -> Answer:
        path, columns = desk.open(self.rows.file), self.rows.columns
        self._check_names()
        sample = list(islice(rows_of(path), _SAMPLE))
        guessed = {each.name: sensitivity(each, (row[each.name] for row in sample)) for each in columns}
        kinds = {column: kind for column, kind in guessed.items() if kind is not None}
        with duck(desk, {"rows": path}) as connection:
            table(connection, "rows", path, columns, has_numbers(path))
            seen = profile(connection, columns, kinds)
            findings = [*self._outliers(connection, seen), *self._twice(connection)]
        findings += self._drifted(desk, seen)
        for each in findings:
            desk.log(f"{each['check']}: {each['column']}: {each['reason']}")
        if findings and self.strict:
            raise InputError(f"{findings[0]['column']}: {findings[0]['reason']} ({len(findings)} findings)", "rows")
        if self.series is not None:
            _remember(desk, self.series, seen)
        return Answer({"findings": findings, "count": len(findings), "profile": seen, "sensitive": kinds})

    def _check_names(self) -> None:
        known = {each.name for each in self.rows.columns}
        named = [*self.duplicates.by, *self.duplicates.block] if self.duplicates else []
        absent = [each for each in named if each not in known]
        if absent:
            raise InputError(f"there is no column {absent[0]!r}; there are {', '.join(sorted(known))}", "duplicates")

    def _outliers(self, connection: Any, seen: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        for column in self.rows.columns:
            figures = seen["columns"][column.name]
            if column.type not in NUMERIC or not figures.get("spread"):
                continue
            most = self.outlier * _TO_SIGMA * figures["spread"]
            far = f"abs({as_number(column)} - ?) > ?"
            sql = f"FROM rows WHERE {far}"
            given = [figures["middle"], most]
            count = connection.execute(f"SELECT count(*) {sql}", given).fetchone()[0]
            if count:
                rows = connection.execute(f"SELECT _row {sql} ORDER BY _row LIMIT {_NAMED}", given).fetchall()
                reason = f"{count} values are more than {self.outlier:g} robust standard deviations from the middle"
                yield _finding("outlier", column.name, reason, count, self.outlier, [each[0] for each in rows])

    def _twice(self, connection: Any) -> Iterator[dict[str, Any]]:
        if self.duplicates is None:
            return
        by, named = ", ".join(map(name, self.duplicates.by)), ", ".join(self.duplicates.by)
        first = f"row_number() OVER (PARTITION BY {by} ORDER BY _row) > 1"
        rows = connection.execute(f"SELECT _row FROM rows QUALIFY {first} ORDER BY _row").fetchall()  # noqa: S608
        if rows:
            reason = f"{len(rows)} rows are equal to an earlier one"
            yield _finding("duplicate", named, reason, len(rows), 1, [each[0] for each in rows[:_NAMED]])
        if self.duplicates.alike < 1:
            yield from self._alike(connection, self.duplicates, named)

    def _alike(self, connection: Any, of: Duplicates, named: str) -> Iterator[dict[str, Any]]:
        """Pairs; without `block`, those that begin with the same three letters are compared."""
        text = " || ' ' || ".join(f"coalesce({{0}}.{name(each)}::VARCHAR, '')" for each in of.by)
        left, right = (f"lower({text.replace('{0}', side)})" for side in "ab")
        same = [f"a.{name(each)} = b.{name(each)}" for each in of.block] or [f"left({left}, 3) = left({right}, 3)"]
        pairs = connection.execute(
            f"SELECT a._row, b._row FROM rows a JOIN rows b ON {' AND '.join(same)} AND a._row < b._row "  # noqa: S608
            f"WHERE {left} <> {right} AND jaro_winkler_similarity({left}, {right}) >= ? ORDER BY 1, 2 LIMIT 1000",
            [of.alike],
        ).fetchall()
        if pairs:
            reason = f"{len(pairs)} pairs of rows are nearly the same"
            yield _finding("alike", named, reason, len(pairs), of.alike, [list(each) for each in pairs[:_NAMED]])

    def _drifted(self, desk: Desk, seen: Mapping[str, Any]) -> list[dict[str, Any]]:
        earlier = _earlier(desk, self.series) if self.series is not None else []
        if len(earlier) < _ENOUGH:
            return []
        found = [self._moved("count", "rows", seen["count"], [each["count"] for each in earlier])]
        for column in self.rows.columns:
            now = seen["columns"][column.name]
            past = [each["columns"][column.name] for each in earlier if column.name in each["columns"]]
            for figure in ("missing", "mean"):
                values = [each[figure] for each in past if each.get(figure) is not None]
                if now.get(figure) is not None and len(values) >= _ENOUGH:
                    found.append(self._moved(figure, column.name, now[figure], values))
            found.append(_new_values(column, now, past))
        return [each for each in found if each is not None]

    def _moved(self, figure: str, column: str, now: float, past: Sequence[float]) -> dict[str, Any] | None:
        middle = median(past)
        spread = _TO_SIGMA * median(abs(each - middle) for each in past)
        least = _LEAST[figure] * (1 if figure == "missing" else abs(middle))
        threshold = max(self.drift * spread, least)
        if abs(now - middle) <= threshold:
            return None
        shown = {"count": "the number of rows", "missing": "the share of missing values", "mean": "the mean"}[figure]
        reason = f"{shown} is {now:g}; in {len(past)} earlier runs the middle was {middle:g}, ± {threshold:g}"
        return _finding("drift", column, reason, now, threshold, [])


def _new_values(column: RowColumn, now: Mapping[str, Any], past: list[Any]) -> dict[str, Any] | None:
    known = [set(each["values"]) for each in past if "values" in each]
    new = set(now.get("values", ())) - set().union(*known) if len(known) >= _ENOUGH else set()
    if not new:
        return None
    return _finding("drift", column.name, f"{len(new)} values never came in earlier runs", len(new), 0, [])


def _finding(
    check: str, column: str, reason: str, measured: float, threshold: float, rows: Sequence[Any]
) -> dict[str, Any]:
    return {
        "check": check,
        "column": column,
        "reason": reason,
        "measured": measured,
        "threshold": threshold,
        "rows": list(rows),
    }


def _home(series: str) -> str:
    return f"{PROFILES}{series}/"


def _remember(desk: Desk, series: str, seen: Mapping[str, Any]) -> None:
    """Under the time, so that the last ones are found by their names; a step that runs again replaces its own."""
    mine = hashlib.sha256(desk.key.encode()).hexdigest()[:16]
    paths = list(desk.ports.files.list(desk.scope, _home(series)))
    own = next((each for each in paths if each.endswith(f"-{mine}.json")), None)
    stamp = desk.ports.clock.now().strftime("%Y%m%dT%H%M%S%f")
    path = own or f"{_home(series)}{stamp}-{mine}.json"
    desk.ports.files.put(desk.scope, path, json.dumps(seen, default=str).encode())
    for old in sorted(paths)[: -_EARLIER * 2]:
        desk.ports.files.delete(desk.scope, old)


def _earlier(desk: Desk, series: str) -> list[Any]:
    mine = hashlib.sha256(desk.key.encode()).hexdigest()[:16]
    paths = [each for each in desk.ports.files.list(desk.scope, _home(series)) if not each.endswith(f"-{mine}.json")]
    return [json.loads(desk.ports.files.get(desk.scope, each)) for each in sorted(paths)[-_EARLIER:]]
