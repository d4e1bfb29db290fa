"""An uploaded file as rows of text, whatever its form: one place that knows which reader takes it, and what its columns
mean."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from shared.agents.contacts.columns import ATTRIBUTE, field_of, meaning, require_email
from shared.agents.contacts.exports import Layout, layout_of, members
from shared.agents.contacts.read_json import read_json
from shared.agents.contacts.rows import Row
from shared.agents.contacts.values import timezone
from shared.domain.faults import FieldError, Rejected
from shared.domain.imports import IGNORED
from shared.process.errors import StepError
from shared.process.rows.raw import Raw, Source
from shared.process.rows.values import as_text

MAX_ROWS = 1_000_000
_OPENING = 3
"""Rows that show what a column holds."""
_MOST_TABLES = 50
Known = Callable[[str, Sequence[str]], Mapping[str, str]]
"""heading -> field, as somebody once said it of this file of an archive, or of a table with these headings."""


class Reading(NamedTuple):
    """What the rows of a file are of: what its columns are there, and whether enough of them are known (`layout` raises
    Rejected); what a heading means by itself."""

    layout: Callable[[str, Sequence[str], Mapping[str, str]], Layout]
    field_of: Callable[[str], str | None]
    meaning: Callable[[str], str]
    """What somebody says that a column is, as a field. Raises ValueError."""
    lists: bool = False
    """JSON lists are read, too."""


def _of_people(file: str, headings: Sequence[str], said: Mapping[str, str]) -> Layout:
    layout = layout_of(file, headings, said)
    require_email(layout.fields, list(headings))
    return layout


PEOPLE = Reading(_of_people, field_of, meaning, lists=True)
"""Rows are people, known by their address."""


class Columns(NamedTuple):
    """The columns of one table, and some values of each. `problem`: why its rows cannot be taken in as they are."""

    file: str | None
    headings: list[str]
    layout: Layout
    opening: list[list[str]]
    problem: Rejected | None

    def values(self) -> list[tuple[str, list[str]]]:
        """Each heading with some values below it."""
        return [
            (heading, [row[n] for row in self.opening if n < len(row) and row[n].strip()])
            for n, heading in enumerate(self.headings)
        ]


class Upload:
    """A file that is open: its tables, and the rows of all of them. Reading raises Rejected for the file as a whole;
    what is wrong with one row comes with the row."""

    def __init__(self, tables: list[tuple[Columns, Callable[[], Iterator[Row]]]]) -> None:
        self.columns = [columns for columns, _ in tables]
        self._rows = [rows for _, rows in tables]

    @property
    def problem(self) -> Rejected | None:
        """Why no row can be taken in before somebody says what the columns mean."""
        return next((each.problem for each in self.columns if each.problem), None)

    def rows(self) -> Iterator[Row]:
        """All rows, table by table."""
        count = 0
        with _told():
            for rows in self._rows:
                for row in rows():
                    count += 1
                    if count > MAX_ROWS:
                        raise Rejected(FieldError("body", f"there are more than {MAX_ROWS:,} rows; split the file"))
                    yield row


@contextmanager
def opened(
    blocks: Iterable[bytes], content_type: str, known: Known = lambda *_: {}, reading: Reading = PEOPLE
) -> Iterator[Upload]:
    """A CSV file, a workbook, a ZIP of these, or a JSON list if the content type says so. Raises Rejected."""
    if "json" in content_type.lower() and reading.lists:
        data = b"".join(blocks)
        yield Upload([(Columns(None, [], Layout([]), [], None), lambda: read_json(data))])
        return
    from shared.process.rows.uploads import tables

    with _told(), tables(blocks, members) as found:
        if len(found) > _MOST_TABLES:
            raise Rejected(FieldError("body", f"the archive has {len(found)} tables; at most {_MOST_TABLES} are taken"))
        yield Upload([_table(each.file or None, each.source, known, reading) for each in found])


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except StepError as error:
        raise Rejected(FieldError("body", str(error))) from None


def _table(
    file: str | None, source: Source, known: Known, reading: Reading
) -> tuple[Columns, Callable[[], Iterator[Row]]]:
    headings = [each.strip() for each in source.headings]
    try:
        layout, problem = reading.layout(file or "", headings, known(file or "", headings)), None
    except Rejected as rejected:
        layout, problem = _open(headings, reading), rejected
    opening = [list(map(as_text, row.values)) for row, _ in zip(source.rows(), range(_OPENING), strict=False)]
    columns = Columns(file, headings, layout, opening, problem)
    return columns, lambda: (_row(columns, raw) for raw in source.rows())


def _open(headings: list[str], reading: Reading) -> Layout:
    """What the columns seem to be, for a person to put right."""
    return Layout([reading.field_of(heading) or f"{ATTRIBUTE}column_{n}" for n, heading in enumerate(headings, 1)])


def _row(columns: Columns, raw: Raw) -> Row:
    file, layout = columns.file, columns.layout
    original = raw.original if isinstance(raw.original, list) else [raw.original]
    if raw.problem:
        return Row(raw.line, problem=raw.problem, file=file, original=original)
    values: dict[str, str] = {}
    for field, value in zip(layout.fields, raw.values, strict=False):
        text = value if isinstance(value, str) else as_text(value)
        if "\0" in text:
            return Row(raw.line, problem="it has NUL in it: this is no text", file=file, original=original)
        if field != IGNORED and (text.strip() or field not in values):
            values[field] = text
    if layout.origin:
        values = _exported(values)
    covered = (
        layout.asked and "non" not in values.pop("marketing", "").casefold() and _open_about_consent(layout, values)
    )
    return Row(raw.line, values, file=file, no=layout.no, covered=covered, original=original)


def _open_about_consent(layout: Layout, values: Mapping[str, str]) -> bool:
    """A table that has a column for consent speaks for itself, also where a cell of it is empty."""
    return "consent" not in layout.fields or bool(values.get("consent", "").strip())


def _exported(values: dict[str, str]) -> dict[str, str]:
    """Zones that an export guessed and nobody knows, and tags in quotes of their own."""
    zone = values.get("timezone", "").replace("_slash_", "/")
    try:
        known = timezone(zone) if zone else ""
    except ValueError:
        known = ""
    tags = {"tags": values["tags"].replace('"', "")} if "tags" in values else {}
    return {**values, **tags, **({"timezone": known} if "timezone" in values else {})}
