"""Files become rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, ClassVar

from pydantic import Field

from shared.process.errors import InputError
from shared.process.rows.columns import Column, RowColumn, Rows
from shared.process.rows.file import RowsWriter
from shared.process.rows.formats import Format, format_of, source
from shared.process.rows.intake import Intake, Refused, Rest
from shared.process.rows.raw import Options, Raw, Rejects, Source
from shared.process.rows.values import as_text
from shared.process.steps.call import Answer, Desk, Kept, StepType

EVERY = 5000
"""Rows between two words to whoever watches."""
_MOST_REASONS = 50


class Read(StepType):
    """Read a file (CSV, TSV, fixed width, JSON, JSON Lines, XML, XLSX, ODS, Parquet) into rows. Without `columns` every
    column is text. A row that does not fit goes to the quarantine, a file of the same format (of an ODS: XLSX) with the
    row as it was, the reason and a suggestion; the rest goes on. A file that is not what it says is an error of class
    input."""

    file: Kept
    format: Format | None = None
    """Absent: by the ending of the name."""
    columns: list[Column] = Field(default_factory=list, max_length=500)
    rest: Rest = "drop"
    """What becomes of columns that are not declared."""
    encoding: str | None = None
    """Absent: by its mark, else UTF-8, or Windows-1252 if it cannot be that."""
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] | None = None
    heading: bool | None = None
    """Does the first row name the columns? Absent: yes; of fixed width: no."""
    skip: Annotated[int, Field(ge=0, le=1000)] = 0
    """Lines before that."""
    sheet: str | None = None
    record: str | None = None
    """The name of the XML elements that are rows; absent: those below the root."""
    reason: str | None = None
    """A column of the file: a row in which it is filled in is refused for that reason; what made the file says so."""
    suggestion: str | None = None
    """A column with what may be meant, of such a row."""
    most_rejected: Annotated[float, Field(ge=0, le=1)] = 1
    """If a larger share of the rows is refused, the file is not the one that was meant, and the step fails."""

    outputs: ClassVar[Mapping[str, str]] = {
        "rows": "the rows that fit",
        "quarantine": "the file of those that do not; null if there is none",
        "received": "how many rows the file has",
        "kept": "how many fit",
        "quarantined": "how many do not",
        "reasons": "how often each reason was given",
    }

    def run(self, desk: Desk) -> Answer:
        path = desk.open(self.file)
        found = source(desk, path, self.kind, self.options, self.columns)
        with Intake(self.columns, found.headings, self.rest, desk.folder) as intake:
            sorted_rows = Sorting(desk, found, Path(self.file.name).stem)
            said = self._said(found.headings)
            sorted_rows.take(
                (number, raw, said(raw) or intake.row(number, raw)) for number, raw in enumerate(found.rows(), 1)
            )
            return sorted_rows.answer([each.handed_on() for each in intake.columns], self.most_rejected)

    def _said(self, headings: Sequence[str]) -> Callable[[Raw], Refused | None]:
        """What the file itself says against a row. Raises InputError if it has no such column."""
        places = []
        for field, name in (("reason", self.reason), ("suggestion", self.suggestion)):
            if name is not None and name not in headings:
                raise InputError(f"the file has no column {name!r}", field)
            places.append(None if name is None else headings.index(name))

        def said(raw: Raw) -> Refused | None:
            reason, suggestion = (_text(raw, at) for at in places)
            return Refused(reason, suggestion) if reason else None

        return said

    @property
    def kind(self) -> Format:
        """The format, declared or not."""
        return self.format or format_of(self.file.name)

    @property
    def options(self) -> Options:
        """How the file is written."""
        return Options(self.encoding, self.delimiter, self.heading, self.skip, self.sheet, self.record)


def _text(raw: Raw, at: int | None) -> str:
    return as_text(raw.values[at]).strip() if at is not None and at < len(raw.values) else ""


class Sorting:
    """Rows that fit into one file, the others into another."""

    def __init__(self, desk: Desk, found: Source, stem: str) -> None:
        self._desk, self._source = desk, found
        self._rows, self._rejected = desk.folder / "rows.jsonl", desk.folder / f"{stem}.quarantine.{found.ending}"
        self._rejects: Rejects | None = None
        self._kept = self._quarantined = 0
        self._reasons: Counter[str] = Counter()

    def take(self, rows: Iterator[tuple[int, Raw, dict[str, Any] | bytes | Refused]]) -> None:
        """All of them: (number in the file, as it came, as it is)."""
        try:
            with RowsWriter(self._rows) as writer:
                for n, (number, raw, row) in enumerate(rows, 1):
                    if isinstance(row, Refused):
                        self._refuse(number, raw, row)
                    elif isinstance(row, bytes):
                        writer.add_line(row)
                    else:
                        writer.add(row)
                    if n % EVERY == 0:
                        self._desk.beat()
                        self._desk.progress(n)
            self._kept = writer.count
        finally:
            if self._rejects is not None:
                self._rejects.close()

    def _refuse(self, number: int, raw: Raw, refused: Refused) -> None:
        if self._rejects is None:
            self._rejects = self._source.rejects(self._rejected)
        self._rejects.add((number, refused.reason, refused.suggestion), raw)
        self._quarantined += 1
        if len(self._reasons) < _MOST_REASONS or refused.reason in self._reasons:
            self._reasons[refused.reason] += 1

    def answer(self, columns: list[RowColumn], most_rejected: float) -> Answer:
        """Both files kept, and the counts. Raises InputError if too many were refused."""
        received = self._kept + self._quarantined
        if received and self._quarantined / received > most_rejected:
            why = ", ".join(f"{reason} ({count})" for reason, count in self._reasons.most_common(3))
            raise InputError(f"{self._quarantined} of {received} rows do not fit: {why}", "file")
        rows = Rows(file=self._desk.keep(self._rows), columns=columns, count=self._kept)
        quarantine = self._desk.keep(self._rejected).model_dump() if self._rejects else None
        self._desk.progress(received, received)
        self._desk.log(f"{received} rows: {self._kept} fit, {self._quarantined} are in quarantine")
        return Answer(
            {
                "rows": rows.model_dump(),
                "quarantine": quarantine,
                "received": received,
                "kept": self._kept,
                "quarantined": self._quarantined,
                "reasons": dict(self._reasons.most_common(_MOST_REASONS)),
            }
        )
