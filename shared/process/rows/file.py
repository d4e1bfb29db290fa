"""The file of rows that steps hand to each other, written and read row by row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

import orjson

_AT_ONCE = 2000


class RowsWriter:
    """Writes rows as JSON Lines; use as a context."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb")
        self._lines: list[bytes] = []
        self.count = 0

    def add(self, row: Mapping[str, Any]) -> None:
        self.add_line(orjson.dumps(row))

    def add_line(self, line: bytes) -> None:
        """A row that is JSON already, without the end of the line."""
        self._lines.append(line)
        self.count += 1
        if len(self._lines) >= _AT_ONCE:
            self._flush()

    def _flush(self) -> None:
        if self._lines:
            self._file.write(b"\n".join(self._lines) + b"\n")
            self._lines.clear()

    def __enter__(self) -> RowsWriter:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        try:
            if kind is None:
                self._flush()
        finally:
            self._file.close()


def rows_of(path: Path) -> Iterator[dict[str, Any]]:
    """The rows of a file, one after the other."""
    with path.open("rb") as file:
        for line in file:
            yield orjson.loads(line)
