"""Raw rows become rows of declared columns, or are refused with every reason at once."""

from __future__ import annotations

import re
import sqlite3
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from hashlib import blake2b
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, NamedTuple

from shared.process.errors import InputError
from shared.process.rows.columns import ROW, Column
from shared.process.rows.raw import REJECTED, Raw
from shared.process.rows.values import Bad, Value, taker

Rest = Literal["drop", "keep", "refuse"]
_MOST_NAMED = 20


class Refused(NamedTuple):
    """Why a row is not taken, column by column, and what might be meant."""

    reason: str
    suggestion: str


class _Taken(NamedTuple):
    name: str
    at: int | None
    """Its place among the values; None: the file does not have it."""
    take: Callable[[Any], Value]
    unique: bool


class Intake:
    """Takes rows with these headings as the columns say; use as a context. `rest` is what becomes of other columns."""

    def __init__(self, columns: Sequence[Column], headings: Sequence[str], rest: Rest, folder: Path) -> None:
        self.columns = list(columns) or plain_columns(headings)
        places = _places(self.columns, headings)
        self.columns += _others(self.columns, headings, places, rest if columns else "drop")
        places = _places(self.columns, headings)
        self._taken = [_Taken(each.name, places[each.name], taker(each), each.unique) for each in self.columns]
        absent = any(each.at is None for each in self._taken)
        self._width = sys.maxsize if absent else 1 + max((each.at or 0 for each in self._taken), default=0)
        self._seen = _Seen(folder / ".seen") if any(each.unique for each in self.columns) else None

    def row(self, number: int, raw: Raw) -> dict[str, Any] | Refused:
        """The row under its number in the file."""
        if raw.problem:
            return Refused(raw.problem, "")
        values = raw.values
        row: dict[str, Any] = {ROW: number}
        try:
            if len(values) >= self._width:
                for name, at, take, _ in self._taken:
                    row[name] = take(values[at])  # type: ignore[index]
            else:
                for name, at, take, _ in self._taken:
                    row[name] = take(values[at] if at is not None and at < len(values) else None)
        except Bad:
            return self._refused(raw)
        return row if self._seen is None else self._once(number, row)

    def remember(self, row: Mapping[str, Any]) -> None:
        """A row that was taken earlier: its values are not unique any more."""
        if self._seen is not None:
            for each in self._taken:
                if each.unique and row[each.name] is not None:
                    self._seen.first(each.name, row[each.name], row[ROW])

    def _refused(self, raw: Raw) -> Refused:
        reasons, suggestions = [], []
        for name, at, take, _ in self._taken:
            try:
                take(raw.values[at] if at is not None and at < len(raw.values) else None)
            except Bad as bad:
                reasons.append(f"{name}: {bad.reason}")
                if bad.suggestion:
                    suggestions.append(f"{name}: {bad.suggestion}")
        return Refused("; ".join(reasons[:_MOST_NAMED]), "; ".join(suggestions[:_MOST_NAMED]))

    def _once(self, number: int, row: dict[str, Any]) -> dict[str, Any] | Refused:
        assert self._seen is not None
        unique = [each.name for each in self._taken if each.unique and row[each.name] is not None]
        again = [(name, at) for name in unique if (at := self._seen.where(name, row[name])) is not None]
        if again:
            return Refused("; ".join(f"{name}: is the same as in row {at}" for name, at in again), "")
        for name in unique:
            self._seen.first(name, row[name], number)
        return row

    def __enter__(self) -> Intake:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        if self._seen is not None:
            self._seen.close()


def plain_columns(headings: Sequence[str]) -> list[Column]:
    """A text for each heading."""
    names: dict[str, str] = {}
    for heading in headings:
        name = re.sub(r'[\x00-\x1f"]', "_", heading)[:100]
        if heading not in REJECTED:
            names["row" if name == ROW else name] = heading
    return [Column.model_validate({"name": name, "from": heading}) for name, heading in names.items()]


def _places(columns: Sequence[Column], headings: Sequence[str]) -> dict[str, int | None]:
    """Where each column is: headings are compared without regard to case and white space."""
    found: dict[str, int] = {}
    for n, heading in enumerate(headings):
        found.setdefault(_key(heading), n)
    places = {each.name: next((found[k] for k in map(_key, each.headings) if k in found), None) for each in columns}
    missing = [each.headings[0] for each in columns if each.required and places[each.name] is None]
    if missing:
        there = ", ".join(headings[:_MOST_NAMED])
        raise InputError(f"the file has no column {', '.join(missing)}; it has {there}", "columns")
    return places


def _others(
    columns: Sequence[Column], headings: Sequence[str], places: Mapping[str, int | None], rest: Rest
) -> list[Column]:
    declared = set(places.values())
    others = [heading for n, heading in enumerate(headings) if n not in declared and heading not in REJECTED]
    if others and rest == "refuse":
        raise InputError(f"the file has columns that are not declared: {', '.join(others[:_MOST_NAMED])}", "columns")
    names = {each.name for each in columns}
    return [each for each in plain_columns(others) if each.name not in names] if rest == "keep" else []


def _key(heading: str) -> str:
    return " ".join(heading.split()).casefold()


class _Seen:
    """Which values came already: on disk, so that memory does not grow with the rows."""

    def __init__(self, path: Path) -> None:
        path.unlink(missing_ok=True)
        self._database = sqlite3.connect(path, isolation_level=None)
        with closing(self._database.cursor()) as cursor:
            cursor.execute("PRAGMA journal_mode = OFF")
            cursor.execute("PRAGMA synchronous = OFF")
            cursor.execute("PRAGMA cache_size = -16000")
            cursor.execute("CREATE TABLE seen (value BLOB PRIMARY KEY, row INTEGER) WITHOUT ROWID")
            cursor.execute("BEGIN")

    def where(self, column: str, value: Any) -> int | None:
        """In which row it was."""
        found = self._database.execute("SELECT row FROM seen WHERE value = ?", (_digest(column, value),)).fetchone()
        return None if found is None else int(found[0])

    def first(self, column: str, value: Any, row: int) -> None:
        self._database.execute("INSERT OR IGNORE INTO seen VALUES (?, ?)", (_digest(column, value), row))

    def close(self) -> None:
        self._database.close()


def _digest(column: str, value: Any) -> bytes:
    return blake2b(f"{column}\0{value}".encode(errors="replace"), digest_size=16).digest()
