"""Every page that a person comes to by links: one of each row of the route table."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from urllib.parse import urlsplit

from functions.http.table import ROWS

_LINK = re.compile(r'<(?:a|iframe)\b[^>]*?\b(?:href|src)="(/[^"]*)"')
PAGES = frozenset(
    row.path
    for row in ROWS
    if row.method == "GET"
    and not row.path.startswith(("/api", "/static", "/signin"))
    and not row.path.endswith("/live")  # what a page fetches of itself
)
"""The rows of all pages."""


def reached(look: Callable[[str], str], begin: Iterable[str] = ("/",)) -> dict[str, str]:
    """The first path found of each row, by the row's own path. `look` gives the HTML of a page and is called once for
    each row; `begin` is where to start."""
    found: dict[str, str] = {}
    waiting = list(begin)
    for path in waiting:
        row = row_of(path)
        if row and row not in found:
            found[row] = path
            waiting += [link.replace("&amp;", "&") for link in _LINK.findall(look(path))]
    return found


def row_of(path: str) -> str | None:
    """The row of the route table that a page's path belongs to: the one with the fewest names in it; None if it is no
    page."""
    bare = urlsplit(path).path
    fitting = [row for row in PAGES if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", row), bare)]
    return min(fitting, key=lambda row: row.count("{"), default=None)
