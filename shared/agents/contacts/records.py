"""Reading and changing the import document, and where an import keeps its files."""

from __future__ import annotations

from collections.abc import Callable

from shared.domain.faults import Missing
from shared.domain.imports import Import
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.ports import Ports, Stale


def load(ports: Ports, scope: Scope, id: str) -> Import:
    """The import as it is now. Raises Missing."""
    return _read(ports, scope, id)[0]


def change(ports: Ports, scope: Scope, id: str, mutate: Callable[[Import], None]) -> Import:
    """Apply `mutate` to the present state and store it; on a race it is applied again to the newer state.

    No write if it changes nothing. Raises Missing."""
    while True:
        found, rev = _read(ports, scope, id)
        before = found.model_dump(mode="json")
        mutate(found)
        after = found.model_dump(mode="json")
        if after == before:
            return found
        try:
            ports.documents.put(scope, Kind.IMPORT, id, after, rev)
        except Stale:
            continue
        return found


def path(id: str, *parts: object) -> str:
    """The path of one of its files."""
    return "/".join(("imports", id, *map(str, parts)))


def _read(ports: Ports, scope: Scope, id: str) -> tuple[Import, str]:
    document = ports.documents.get(scope, Kind.IMPORT, id)
    if document is None:
        raise Missing("import", id)
    return Import.model_validate(document.body), document.rev
