"""Texts of people in CommonMark: letter by letter what they are, never markup."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_SPECIAL = re.compile(r"[\\`*_{}\[\]<>#|~$&]")
_MARKER = re.compile(r"^(\s*)(?:([-+=])|(\d+)([.)]))")
"""At the beginning of a line: what would make it an item of a list, or the line before it a heading."""


def safe(text: str) -> str:
    """Within a line."""
    return _SPECIAL.sub(lambda found: f"\\{found[0]}", text)


def safe_line(text: str) -> str:
    """The same at the beginning of a line."""
    return _MARKER.sub(lambda found: f"\\{found[2]}" if found[2] else f"{found[3]}\\{found[4]}", safe(text))


def table(head: Sequence[str], rows: Iterable[Sequence[str]], others: str = "---") -> str:
    """A table of GitHub's Markdown; `others` is the rule below every heading but the first."""
    lines = [_cells(head), "|".join(["", "---", *[others] * (len(head) - 1), ""]), *map(_cells, rows)]
    return "\n".join(lines)


def _cells(cells: Sequence[str]) -> str:
    return f"| {' | '.join(safe(' '.join(each.split())) for each in cells)} |"
