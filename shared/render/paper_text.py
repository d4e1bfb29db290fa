"""A paper as text, for a terminal or a mail."""

from __future__ import annotations

from collections.abc import Iterator

from shared.render.paper import Bar, Cell, Paper, Part, plain

_BAR = 20
"""Characters of the widest bar."""


def text(paper: Paper) -> str:
    """Lines as long as their content, columns in line."""
    return "\n".join(_lines(paper)) + "\n"


def _lines(paper: Paper) -> Iterator[str]:
    yield f"{paper.kind}: {paper.title}"
    yield ""
    yield paper.sentence
    yield ""
    wide = max((len(name) for name, _ in paper.facts), default=0)
    for name, value in paper.facts:
        yield f"{name:<{wide}}  {plain(value)}"
    for part in paper.parts:
        yield from ("", part.heading.upper(), *([part.lead] if part.lead else []))
        yield from _table(part)
    yield from ("", paper.meaning, paper.footer)


def _table(part: Part) -> Iterator[str]:
    rows = [[_written(each) for each in row] for row in part.rows]
    widths = [max(len(each) for each in column) for column in zip(part.head, *rows, strict=True)]
    for row in [part.head, *rows] if rows else []:
        cells = [
            f"{each:>{width}}" if at in part.numbers else f"{each:<{width}}"
            for at, (each, width) in enumerate(zip(row, widths, strict=True))
        ]
        yield f"  {'  '.join(cells)}".rstrip()


def _written(cell: Cell) -> str:
    if isinstance(cell, Bar):
        filled = "█" * max(1 if cell.share > 0 else 0, round(min(1.0, cell.share) * _BAR))
        return f"{filled:<{_BAR}} {cell.label}"
    return " ".join(plain(cell).split())
