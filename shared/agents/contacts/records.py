"""Imports and contacts as documents, and where an import keeps its files."""

from __future__ import annotations

from shared.agents.records import Records
from shared.domain.contact import Contact
from shared.domain.imports import Import
from shared.domain.names import Kind

_IMPORTS = Records(Kind.IMPORT, Import)
load, change = _IMPORTS.load, _IMPORTS.change
contacts = Records(Kind.CONTACT, Contact)


def path(id: str, *parts: object) -> str:
    """The path of one of its files."""
    return "/".join(("imports", id, *map(str, parts)))
