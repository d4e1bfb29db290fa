"""Parquet, read by DuckDB some thousand rows at a time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import orjson

from shared.process.errors import InputError
from shared.process.rows.duck import duck, quoted
from shared.process.rows.raw import REJECTED, Raw, Rejected
from shared.process.rows.values import as_text
from shared.process.steps.call import Desk

_AT_ONCE = 2000


class Parquet:
    """Reading needs a desk: DuckDB works in its folder."""

    ending = "parquet"

    def __init__(self, path: Path, desk: Desk) -> None:
        self._path, self._desk = path, desk
        with path.open("rb") as file:
            if file.read(4) != b"PAR1":
                raise InputError("this is no Parquet file: it does not begin like one", "file")
        with duck(desk, {"in": path}) as connection:
            found = connection.execute(f"DESCRIBE {self._sql}").fetchall()
        self.headings = [str(each[0]) for each in found]

    @property
    def _sql(self) -> str:
        return f"SELECT * FROM read_parquet({quoted(str(self._path))})"  # noqa: S608 – quoted

    def rows(self) -> Iterator[Raw]:
        with duck(self._desk, {"in": self._path}) as connection:
            cursor = connection.execute(self._sql)
            while rows := cursor.fetchmany(_AT_ONCE):
                yield from (Raw(row, row) for row in rows)

    def rejects(self, path: Path) -> ParquetRejects:
        return ParquetRejects(path, self.headings, self._desk)


class ParquetRejects:
    """Every value as a text, in the order of the file."""

    def __init__(self, path: Path, headings: list[str], desk: Desk) -> None:
        self._path, self._desk, self._lines = path, desk, path.with_suffix(".lines")
        self._names = [*REJECTED, *(each for each in headings if each not in REJECTED)]
        self._headings, self._file = headings, self._lines.open("wb")

    def add(self, rejected: Rejected, raw: Raw) -> None:
        named = dict(zip(self._headings, map(as_text, raw.original), strict=True))
        told = dict(zip(REJECTED, map(str, rejected), strict=True))
        self._file.write(orjson.dumps(named | told) + b"\n")

    def close(self) -> None:
        self._file.close()
        fields = ", ".join(f"{quoted(each)}: 'VARCHAR'" for each in self._names)
        with duck(self._desk, {"in": self._lines, "out": self._path}) as connection:
            source = f"read_json({quoted(str(self._lines))}, format = 'newline_delimited', columns = {{{fields}}})"
            connection.execute(f"COPY (SELECT * FROM {source}) TO {quoted(str(self._path))} (FORMAT parquet)")  # noqa: S608
        self._lines.unlink()
