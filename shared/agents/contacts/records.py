"""Imports and contacts as documents, and where an import keeps its files."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from shared.agents.records import Records
from shared.domain.contact import Contact
from shared.domain.imports import Import
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.ports import Ports

_IMPORTS = Records(Kind.IMPORT, Import)
load, change = _IMPORTS.load, _IMPORTS.change
contacts = Records(Kind.CONTACT, Contact)
_BLOCK = 4 << 20


def path(id: str, *parts: object) -> str:
    """The path of one of its files."""
    return "/".join(("imports", id, *map(str, parts)))


def source_of(ports: Ports, scope: Scope, id: str) -> Iterator[bytes]:
    """The file as it came, block by block. Raises FileNotFoundError once it was removed."""
    size = ports.files.size(scope, path(id, "source"))
    if size is None:
        raise FileNotFoundError(path(id, "source"))
    for start in range(0, size, _BLOCK):
        yield ports.files.get(scope, path(id, "source"), start, _BLOCK)


def known_columns(found: Import) -> Callable[[str, Sequence[str]], Mapping[str, str]]:
    """What the columns were taken for when the file came, or when somebody said it."""
    said: dict[str, dict[str, str]] = {}
    for each in found.columns:
        said.setdefault(each.file or "", {})[each.heading] = each.field
    return lambda file, _: said.get(file, {})
