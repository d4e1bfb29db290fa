"""CSV and its like (RFC 4180; `,` `;` tab or `|`), read so that one broken row costs only itself."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from pathlib import Path

from shared.process.errors import InputError
from shared.process.rows.raw import REJECTED, Options, Raw, Rejected, distinct, without
from shared.process.rows.text import encoding_of, lines_of, undecoded

_DELIMITERS = ",;\t|"
_MOST_LINES = 1000
"""Of one row: more than that is a quote that is never closed."""
_MOST_SWALLOWED = 200_000_000
"""Characters read in vain behind quotes that are never closed."""


class _TooLong(Exception):
    """A row has too many lines."""


class Delimited:
    """`names` are the columns of a file without a heading."""

    ending = "csv"

    def __init__(self, path: Path, options: Options, names: Sequence[str] = ()) -> None:
        self._path, self._skip = path, options.skip
        self.encoding = encoding_of(path, options.encoding)
        first = self._first()
        self.delimiter = options.delimiter or _delimiter(first)
        self._heading = options.heading is not False
        values = self._values(first)
        self.headings = distinct(values if self._heading else (list(names) or [None] * len(values)))

    def rows(self) -> Iterator[Raw]:
        """Blank rows are none."""
        width, first = len(self.headings), self._heading
        for line, values, text in self._records():
            if first and values is not None and any(map(str.strip, values)):
                first = False
                continue
            if values is None:
                yield Raw([], [text.rstrip("\r\n")], "it cannot be read: are its quotes in pairs?", line)
            elif len(values) > width and any(each.strip() for each in islice(values, width, None)):
                yield Raw(values[:width], values, f"it has {len(values)} values; there are {width} columns", line)
            elif undecoded(text):
                yield Raw(values, values, f"it has bytes that are not {self.encoding}", line)
            elif any(map(str.strip, values)):
                yield Raw(values, values, "", line)

    def rejects(self, path: Path) -> DelimitedRejects:
        """As the file itself is written."""
        return DelimitedRejects(path, self)

    def _first(self) -> str:
        """The heading, or else the first row, as it is written."""
        lines = islice(lines_of(self._path, self.encoding), self._skip, None)
        found = next((line for line in lines if line.strip()), None)
        if found is None:
            raise InputError("the file is empty", "file")
        return found + "".join(islice(lines, 20)) if found.count('"') % 2 else found

    def _values(self, line: str) -> list[str]:
        try:
            return next(csv.reader(line.splitlines(True), delimiter=self.delimiter, skipinitialspace=True, strict=True))
        except csv.Error:
            raise InputError("the quotes of the heading are not in pairs", "file") from None

    def _records(self) -> Iterator[tuple[int, list[str] | None, str]]:
        """The line, the values and the text of each record; None for one that cannot be read. After such a one reading
        goes on with the next line, not behind what its quote swallowed."""
        lines = islice(lines_of(self._path, self.encoding), self._skip, None)
        back: deque[str] = deque()
        record: list[str] = []
        line = self._skip + 1

        def feed() -> Iterator[str]:
            for each in _and_back(back, lines):
                record.append(each)
                if len(record) > _MOST_LINES:
                    raise _TooLong
                yield each

        swallowed = 0
        while True:
            reader = csv.reader(feed(), delimiter=self.delimiter, skipinitialspace=True, strict=True)
            try:
                for values in reader:
                    yield line, values, record[0] if len(record) == 1 else "".join(record)
                    line += len(record)
                    record.clear()
                return
            except (csv.Error, _TooLong):
                swallowed += sum(map(len, record))
                if swallowed > _MOST_SWALLOWED:
                    raise InputError("too many of its quotes are not in pairs", "file") from None
                bad, *rest = record
                record.clear()
                back.extendleft(reversed(rest))
                yield line, None, bad
                line += 1


def _and_back(back: deque[str], lines: Iterator[str]) -> Iterator[str]:
    """What was put back comes first."""
    while True:
        while back:
            yield back.popleft()
        line = next(lines, None)
        if line is None:
            return
        yield line


def _delimiter(line: str) -> str:
    """The one that finds the most columns in the first row."""

    def columns(delimiter: str) -> int:
        try:
            return len(next(csv.reader(line.splitlines(True), delimiter=delimiter, skipinitialspace=True, strict=True)))
        except (csv.Error, StopIteration):
            return 0

    return max(_DELIMITERS, key=columns)


class DelimitedRejects:
    """The rows as they were, behind three columns that say what is wrong with them."""

    def __init__(self, path: Path, of: Delimited) -> None:
        self._file = path.open("w", encoding=of.encoding, errors="surrogateescape", newline="")
        self._writer = csv.writer(self._file, delimiter=of.delimiter)
        self._marks = {n for n, each in enumerate(of.headings) if each in REJECTED}
        self._add(chain(REJECTED, without(self._marks, of.headings)))

    def add(self, rejected: Rejected, raw: Raw) -> None:
        self._add(chain(rejected, without(self._marks, raw.original)))

    def _add(self, values: Iterator[object]) -> None:
        try:
            self._writer.writerow(values := list(values))  # type: ignore[assignment]
        except UnicodeEncodeError:  # A suggestion has signs that the file's encoding lacks.
            self._writer.writerow([str(each).encode("ascii", "replace").decode() for each in values])

    def close(self) -> None:
        self._file.close()
