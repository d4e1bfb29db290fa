"""A corrected quarantine: only its rows are read again, and take the places they had in the file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from shared.process.errors import InputError
from shared.process.rows.columns import Column, Rows
from shared.process.rows.file import rows_of
from shared.process.rows.formats import source
from shared.process.rows.intake import Intake, Refused, plain_columns
from shared.process.rows.raw import REJECTED, Options, Raw, Source
from shared.process.rows.values import as_text
from shared.process.steps.call import Answer, Desk, Kept
from shared.process.steps.read import Read, Sorting

_MOST = 200_000


def fixed(step: Read, desk: Desk, before: Mapping[str, Any], corrected: Kept) -> Answer:
    """What the step answers now: `before` is what it answered, `corrected` the quarantine with rows put right. Rows
    that were not touched, or are still wrong, stay in quarantine. The rows are in the order of the original file,
    so whoever reads them gets what he had got if they had been right at once. Raises InputError if the file names a row
    that is not in quarantine."""
    if before["quarantine"] is None:
        raise InputError("no row is in quarantine", "rows")
    old, kept = Kept.model_validate(before["quarantine"]), Rows.model_validate(before["rows"])
    waiting = _source(step, desk, old)
    right = _source(step, desk, corrected)
    corrections = _corrections(right)
    columns = list(step.columns) or plain_columns(waiting.headings)
    lines = desk.open(kept.file)
    with Intake(columns, right.headings, step.rest, desk.folder) as intake:
        if any(each.unique for each in columns):
            for row in rows_of(lines):
                intake.remember(row)
        sorting = Sorting(desk, waiting, Path(step.file.name).stem)
        sorting.take(_merged(lines, _again(waiting, right, corrections, intake)))
        return sorting.answer([each.handed_on() for each in intake.columns], 1)


_Row = tuple[int, Raw, dict[str, Any] | bytes | Refused]


def _merged(lines: Path, others: Iterator[_Row]) -> Iterator[_Row]:
    """Kept rows as they are, line by line, and the others among them, in the order of their numbers."""
    other = next(others, None)
    with lines.open("rb") as file:
        for line in file:
            number = int(line[len(b'{"_row":') : line.index(b"," if b"," in line else b"}")])
            while other is not None and other[0] < number:
                yield other
                other = next(others, None)
            yield number, Raw([], None), line.rstrip(b"\n")
    while other is not None:
        yield other
        other = next(others, None)


def _again(waiting: Source, right: Source, corrections: dict[int, Raw], intake: Intake) -> Iterator[_Row]:
    """Each row that was in quarantine: as corrected, or as it was."""
    marks = [waiting.headings.index(each) for each in REJECTED]
    left = dict(corrections)
    for raw in waiting.rows():
        number, reason, suggestion = (_mark(raw, at) for at in marks)
        found = left.pop(int(number), None)
        if found is None:
            yield int(number), raw, Refused(reason, suggestion)
        else:
            yield int(number), _aligned(found, right.headings, waiting.headings), intake.row(int(number), found)
    if left:
        raise InputError(f"row {min(left)} is not in quarantine", "rows")


def _corrections(found: Source) -> dict[int, Raw]:
    at = found.headings.index(REJECTED[0])
    corrections: dict[int, Raw] = {}
    for raw in found.rows():
        number = _mark(raw, at)
        if not number.isascii() or not number.isdecimal() or int(number) in corrections:
            raise InputError(f"{REJECTED[0]} must be the number of a row, and each only once", "rows")
        corrections[int(number)] = raw
        if len(corrections) > _MOST:
            raise InputError(f"there are more than {_MOST:,} corrected rows; bring them in parts", "rows")
    return corrections


def _mark(raw: Raw, at: int) -> str:
    values = raw.values if len(raw.values) > at else raw.original
    return as_text(values[at]).strip() if len(values) > at else ""


def _aligned(raw: Raw, here: Sequence[str], there: Sequence[str]) -> Raw:
    """Should it still be wrong, it is written back in the order that the quarantine has."""
    if not isinstance(raw.original, list | tuple) or list(here) == list(there):
        return raw
    named = dict(zip(here, raw.original, strict=False))
    return raw._replace(original=[named.get(each, "") for each in there])


def _source(step: Read, desk: Desk, file: Kept) -> Source:
    """A quarantine, as it was written or as a spreadsheet saved it again. Raises InputError if it is none."""
    path, plain = desk.open(file), replace(Options(), record=step.record, heading=None)
    kinds = [plain, replace(plain, delimiter=step.delimiter)] if step.delimiter else [plain]
    columns: list[Column] = list(step.columns)
    for options in kinds:
        found = source(desk, path, step.kind, options, columns)
        if all(each in found.headings for each in REJECTED):
            return found
    raise InputError(f"the file is no quarantine: the columns {', '.join(REJECTED)} are missing", "rows")
