"""What the setting BATON_FOLDERS says: `inbox=/srv/in;books=blob:container/prefix`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal, NamedTuple

from shared.domain.scope import Scope

_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_CONTAINER = re.compile(r"[a-z0-9](?:-?[a-z0-9]){2,62}")


class FolderPlace(NamedTuple):
    """Where a named folder is. In `where`, `{tenant}` and `{workspace}` stand for those of the scope."""

    kind: Literal["disk", "blob"]
    where: str

    def of(self, scope: Scope) -> str | None:
        """The place for this scope; None if it has none. A place without `{workspace}` is the workspace `main`'s
        alone, one without `{tenant}` the tenant `local`'s: nobody sees another's files because nobody thought of it."""
        own = ("{workspace}" in self.where or scope.workspace == "main") and (
            "{tenant}" in self.where or scope.tenant == "local"
        )
        return self.where.replace("{tenant}", scope.tenant).replace("{workspace}", scope.workspace) if own else None


def folder_places(text: str) -> Mapping[str, FolderPlace]:
    """By name. Raises ValueError."""
    found: dict[str, FolderPlace] = {}
    for entry in filter(None, (each.strip() for each in text.split(";"))):
        name, equals, where = (part.strip() for part in entry.partition("="))
        if not equals or not _NAME.fullmatch(name) or name in found:
            raise ValueError(f"folder {len(found) + 1} must be a new name of a-z, 0-9, _ and, after =, its place")
        found[name] = _place(name, where)
    return found


def _place(name: str, where: str) -> FolderPlace:
    if where.startswith("blob:"):
        container = where[5:].partition("/")[0]
        if not _CONTAINER.fullmatch(container):
            raise ValueError(f"folder {name}: must look like blob:container/prefix")
        return FolderPlace("blob", where[5:].strip("/"))
    if not where.startswith("/") or "\0" in where or ".." in where.split("/"):
        raise ValueError(f"folder {name}: must be an absolute path, or blob:container/prefix")
    return FolderPlace("disk", where)
