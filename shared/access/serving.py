"""Which row serves a method and a path: for pages that offer only what their reader may do."""

from __future__ import annotations

import re
from collections.abc import Iterable

from shared.access.route import Route


class Serving:
    """The rows of a table, the most literal one first, as the runtime takes them."""

    def __init__(self, rows: Iterable[Route]) -> None:
        ordered = sorted((row for row in rows if row.method != "*"), key=lambda row: row.path.count("{"))
        self._rows = [(re.compile(_pattern(row.path)), row) for row in ordered]

    def row(self, method: str, path: str) -> Route | None:
        """The row that serves it; None if none does."""
        return next((row for pattern, row in self._rows if row.method == method and pattern.fullmatch(path)), None)


def _pattern(path: str) -> str:
    return "".join("[^/]+" if part.startswith("{") else re.escape(part) for part in re.split(r"(\{\w+\})", path))
