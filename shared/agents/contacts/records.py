"""The import document, and where an import keeps its files."""

from __future__ import annotations

from shared.agents.records import Records
from shared.domain.imports import Import
from shared.domain.names import Kind

_IMPORTS = Records(Kind.IMPORT, Import)
load, change = _IMPORTS.load, _IMPORTS.change


def path(id: str, *parts: object) -> str:
    """The path of one of its files."""
    return "/".join(("imports", id, *map(str, parts)))
