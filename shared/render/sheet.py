"""Facts and tables as pages to hand over (PDF, Markdown): what is said of a person's data, what processes report."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from shared.domain.brand import SERIF
from shared.render.markdown import safe, safe_line, table
from shared.render.typesetting import Folders, drawn_with, typeset


class Section(NamedTuple):
    """A table under a heading; `widths` are shares of the line."""

    heading: str
    lead: str
    head: Sequence[str]
    widths: Sequence[int]
    rows: Sequence[Sequence[str]]


class Sheet(NamedTuple):
    """The whole: what it is, its sentence, facts as (name, value), tables, and what it means."""

    kind: str
    title: str
    sentence: str
    facts: Sequence[tuple[str, str]]
    sections: Sequence[Section]
    meaning: str
    footer: str


def sheet_pdf(sheet: Sheet, fonts: Folders = ()) -> bytes:
    """A4, the same bytes for the same sheet."""
    data = {**sheet._asdict(), "sections": [each._asdict() for each in sheet.sections]}
    return typeset("privacy", {**data, "fonts": drawn_with(SERIF, fonts)}, "pdf", fonts=fonts)


def sheet_markdown(sheet: Sheet) -> str:
    """The same as CommonMark with tables."""
    facts = "\n".join(f"* {safe(name)}: {safe(value)}" for name, value in sheet.facts)
    parts = [f"*{safe(sheet.kind)}*", f"# {safe(sheet.title)}", safe_line(sheet.sentence), facts]
    for each in sheet.sections:
        parts += [f"## {safe(each.heading)}", safe_line(each.lead), table(each.head, each.rows) if each.rows else ""]
    return "\n\n".join(filter(None, [*parts, safe_line(sheet.meaning)])) + "\n"
