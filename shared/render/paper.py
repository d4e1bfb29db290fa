"""What is handed to whoever checks runs: facts, tables and bars, drawn alike as text, as a page and as PDF."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

from shared.domain.brand import SERIF
from shared.render.typesetting import Folders, drawn_with, typeset

Tone = Literal["good", "bad", "quiet", "plain"]


class Bar(NamedTuple):
    """A bar in a table: its share of the widest one (0 to 1), and what stands for it where nothing is drawn."""

    share: float
    label: str
    tone: Tone = "plain"


class Mark(NamedTuple):
    """A word whose tone says how it is meant; the word alone says it, too."""

    text: str
    tone: Tone


class Code(NamedTuple):
    """A digest or key: set in a fixed width, may be broken anywhere."""

    text: str


Cell = str | Bar | Mark | Code


class Part(NamedTuple):
    """A table under a heading. `widths` are shares of the line; `numbers` are the columns set to the right."""

    heading: str
    head: Sequence[str]
    widths: Sequence[int]
    rows: Sequence[Sequence[Cell]]
    lead: str = ""
    numbers: Sequence[int] = ()


class Paper(NamedTuple):
    """The whole: what it is, its title, its sentence and how that is meant, facts, tables, what it means."""

    kind: str
    title: str
    sentence: str
    tone: Tone
    facts: Sequence[tuple[str, Cell]]
    parts: Sequence[Part]
    meaning: str
    footer: str


def plain(cell: Cell) -> str:
    """A cell in words."""
    match cell:
        case Bar(label=label):
            return label
        case Mark(text=text) | Code(text=text):
            return text
        case str():
            return cell


def pdf(paper: Paper, fonts: Folders = ()) -> bytes:
    """A4 across, the same bytes for the same paper."""
    data = {
        **paper._asdict(),
        "facts": [[name, _cell(value)] for name, value in paper.facts],
        "parts": [_part(each) for each in paper.parts],
        "fonts": drawn_with(SERIF, fonts),
    }
    return typeset("paper", data, "pdf", fonts=fonts)


def _part(part: Part) -> dict[str, Any]:
    return {**part._asdict(), "rows": [[_cell(each) for each in row] for row in part.rows]}


def _cell(cell: Cell) -> dict[str, Any]:
    match cell:
        case Bar():
            return {"is": "bar", **cell._asdict(), "share": min(1.0, max(0.0, cell.share))}
        case Mark():
            return {"is": "mark", **cell._asdict()}
        case Code():
            return {"is": "code", **cell._asdict()}
        case str():
            return {"is": "text", "text": cell}
