"""CSV as spreadsheets write it (RFC 4180, with `,` `;` or tab), read so that one broken row costs only itself."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from shared.agents.contacts.columns import fields_of, require_email
from shared.agents.contacts.rows import Row
from shared.domain.faults import FieldError, Rejected

if TYPE_CHECKING:
    from _csv import Reader

_DELIMITERS = ",;\t"
_MOST_SWALLOWED = 200_000_000
"""Characters read in vain behind quotes that are never closed."""


def read_csv(text: str) -> Iterator[Row]:
    """The rows below the heading; blank ones are no rows. Raises Rejected if the heading cannot be used."""
    lines = list(io.StringIO(text, newline=""))
    first = next(n for n, line in enumerate(lines) if line.strip())
    delimiter, headings, begin = _heading(lines, first)
    fields = fields_of(heading.strip() for heading in headings)
    require_email(fields, headings)
    for at, values in _records(lines, begin, delimiter):
        row = _row(at + 1, fields, values)
        if row is not None:
            yield row


def _heading(lines: list[str], first: int) -> tuple[str, list[str], int]:
    """The delimiter that finds the most columns in the first line, these columns, and where the rows begin."""
    best: tuple[str, list[str], int] | None = None
    for delimiter in _DELIMITERS:
        reader = _reader(lines, first, delimiter)
        try:
            headings = next(reader)
        except csv.Error:
            continue
        if best is None or len(headings) > len(best[1]):
            best = delimiter, headings, first + reader.line_num
    if best is None:
        raise Rejected(FieldError("body", f"line {first + 1}: the quotes of the heading do not match"))
    return best


def _records(lines: list[str], begin: int, delimiter: str) -> Iterator[tuple[int, list[str] | str]]:
    """(index of the first line, values) of each record. A quote that is never closed swallows all that follows, so
    after an error reading goes on with the next line, not behind what was swallowed; the values are then the reason.
    Raises Rejected if so much was swallowed that reading it again and again would take minutes."""
    at, swallowed = begin, 0
    while at < len(lines):
        origin, reader = at, _reader(lines, at, delimiter)
        try:
            for values in reader:
                yield at, values
                at = origin + reader.line_num
        except csv.Error as error:
            swallowed += sum(map(len, lines[at : origin + reader.line_num]))
            if swallowed > _MOST_SWALLOWED:
                raise Rejected(
                    FieldError("body", f"line {at + 1}: too many quotes up to here are not in pairs")
                ) from None
            yield at, f"it cannot be read ({error}); are its quotes in pairs?"
            at += 1


def _reader(lines: list[str], begin: int, delimiter: str) -> Reader:
    rest = (lines[n] for n in range(begin, len(lines)))
    return csv.reader(rest, delimiter=delimiter, skipinitialspace=True, strict=True)


def _row(line: int, fields: list[str], values: list[str] | str) -> Row | None:
    if isinstance(values, str):
        return Row(line, problem=values)
    if not any(value.strip() for value in values):
        return None
    if any(value.strip() for value in islice(values, len(fields), None)):
        return Row(line, problem=f"it has {len(values)} values; the heading has {len(fields)} columns")
    return Row(line, dict(zip(fields, values, strict=False)))
