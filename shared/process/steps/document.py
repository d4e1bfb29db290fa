"""Rows become a report for people."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from itertools import islice
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from shared.domain.texts import Line
from shared.process.errors import InputError, PolicyError
from shared.process.rows.columns import ColumnName, Rows
from shared.process.rows.file import rows_of
from shared.process.rows.sensitive import ENCRYPTED, Lookout, mask
from shared.process.steps.call import Answer, Desk, StepType

_WIDEST = 40


class Table(BaseModel):
    """Rows under a heading."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    heading: Line
    text: Annotated[str, Field(max_length=2000)] = ""
    rows: Rows
    columns: dict[ColumnName, Line] = Field(default_factory=dict, max_length=12)
    """Which columns, and what stands above each; absent: all."""
    most: Annotated[int, Field(ge=1, le=1000)] = 200
    """So many rows; how many more there are is said."""
    allow: list[ColumnName] = Field(default_factory=list)
    """Columns with personal data that are not masked."""


class Document(StepType):
    """Set a report as PDF and as Markdown: a title, a sentence, facts, and tables of rows. Columns that hold personal
    data are masked unless they are in `allow`; bank, card and social security numbers, health data and secrets never
    stand in it. The same rows always make the same bytes."""

    title: Line
    kind: Line = "Report"
    """What it is, above the title."""
    text: Annotated[str, Field(max_length=2000)] = ""
    facts: dict[Line, Any] = Field(default_factory=dict, max_length=50)
    """By name, below that."""
    tables: list[Table] = Field(default_factory=list, max_length=20)
    note: Annotated[str, Field(max_length=2000)] = ""
    """What stands below it all."""
    name: Annotated[str, StringConstraints(pattern=r"^[^/\\:\x00-\x1f\x7f]{1,190}$")] = "report"
    """Of the files, without endings."""

    outputs: ClassVar[Mapping[str, str]] = {"pdf": "the report as PDF", "markdown": "the same as Markdown"}

    def run(self, desk: Desk) -> Answer:
        from shared.render.sheet import Sheet, sheet_markdown, sheet_pdf

        facts = [(name, _shown(value)) for name, value in self.facts.items()]
        sections = [self._section(desk, each, n) for n, each in enumerate(self.tables)]
        sheet = Sheet(self.kind, self.title, self.text, facts, sections, self.note, self.title)
        pdf, markdown = desk.folder / "report.pdf", desk.folder / "report.md"
        try:
            pdf.write_bytes(sheet_pdf(sheet, desk.ports.fonts))
        except ValueError as error:
            raise InputError(f"the report {error}", "tables") from None
        markdown.write_text(sheet_markdown(sheet), encoding="utf-8")
        kept = desk.keep(pdf, f"{self.name}.pdf"), desk.keep(markdown, f"{self.name}.md")
        return Answer({"pdf": kept[0].model_dump(), "markdown": kept[1].model_dump()})

    def _section(self, desk: Desk, given: Table, place: int) -> Any:
        from shared.render.sheet import Section

        head = given.columns or {each.name: each.name for each in given.rows.columns}
        known = {each.name: each for each in given.rows.columns}
        if absent := [each for each in [*head, *given.allow] if each not in known]:
            raise InputError(f"there is no column {absent[0]!r}; there are {', '.join(known)}", f"tables.{place}")
        rows = list(islice(rows_of(desk.open(given.rows.file)), given.most))
        look = Lookout(known[each] for each in head)
        deque(look.past(rows), 0)
        for name, kind in look.kinds.items():
            if name in given.allow and kind in ENCRYPTED:
                raise PolicyError(
                    f"{name} holds {kind}: it may leave in an encrypted file only", f"tables.{place}.allow"
                )
        hidden = {name: kind for name, kind in look.kinds.items() if name not in given.allow}
        cells = [[_cell(row[each], hidden.get(each)) for each in head] for row in rows]
        more = given.rows.count - len(rows)
        lead = " ".join(filter(None, [given.text, f"{more:,} more rows are not shown." if more else ""]))
        if not rows:
            lead = f"{lead} There are none.".strip()
        return Section(given.heading, lead, list(head.values()), _widths(list(head.values()), cells), cells)


def _cell(value: Any, hidden: Any) -> str:
    return _shown(value) if hidden is None or value is None else mask(hidden, value)


def _shown(value: Any) -> str:
    match value:
        case None:
            return "–"
        case bool():
            return "yes" if value else "no"
        case int():
            return f"{value:,}"
        case _:
            return str(value)


def _widths(head: list[str], rows: list[list[str]]) -> list[int]:
    """Shares of the line by what stands in the columns."""
    return [min(_WIDEST, max(6, *(len(row[n]) for row in [head, *rows]))) for n in range(len(head))]
