"""Fixed width: each column has its place in the line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from shared.process.errors import InputError
from shared.process.rows.columns import Column
from shared.process.rows.raw import REJECTED, Options, Raw, Rejected
from shared.process.rows.text import encoding_of, lines_of, undecoded

_WIDTHS = (10, 240, 160)
"""Of the columns of a quarantine, behind those of the file."""


class Fixed:
    """The columns must say `at` and `width`."""

    ending = "txt"

    def __init__(self, path: Path, options: Options, columns: Sequence[Column]) -> None:
        for each in columns:
            if each.at is None or each.width is None:
                raise InputError(f"{each.name}: at and width are needed in a file of fixed width", "columns")
        if not columns:
            raise InputError("columns are needed, with at and width", "columns")
        self._path, self._skip = path, options.skip + (options.heading is True)
        self.encoding = encoding_of(path, options.encoding)
        self._places = [(each.at - 1, each.at - 1 + each.width) for each in columns if each.at and each.width]
        self.end = max(end for _, end in self._places)
        starts = [self.end + sum(_WIDTHS[:n]) for n in range(len(_WIDTHS))]
        self._rejected = [(start, start + width) for start, width in zip(starts, _WIDTHS, strict=True)]
        self.headings = [*(each.headings[0] for each in columns), *REJECTED]

    def rows(self) -> Iterator[Raw]:
        for line in islice(lines_of(self._path, self.encoding), self._skip, None):
            text = line.rstrip("\r\n")
            if not text.strip():
                continue
            problem = f"it has bytes that are not {self.encoding}" if undecoded(text) else ""
            yield Raw([text[start:end] for start, end in (*self._places, *self._rejected)], text, problem)

    def rejects(self, path: Path) -> FixedRejects:
        """Their lines as they were, and behind them number, reason and suggestion."""
        return FixedRejects(path, self)


class FixedRejects:
    """Lines padded to the width of the file, and more columns behind."""

    def __init__(self, path: Path, of: Fixed) -> None:
        self._of = of
        self._file = path.open("w", encoding=of.encoding, errors="surrogateescape", newline="\n")

    def add(self, rejected: Rejected, raw: Raw) -> None:
        notes = [str(each)[:width].ljust(width) for each, width in zip(rejected, _WIDTHS, strict=True)]
        try:
            "".join(notes).encode(self._of.encoding)
        except UnicodeEncodeError:
            notes = [each.encode("ascii", "replace").decode() for each in notes]
        self._file.write(raw.original[: self._of.end].ljust(self._of.end) + "".join(notes).rstrip() + "\n")

    def close(self) -> None:
        self._file.close()
