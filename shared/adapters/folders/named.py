"""`shared.ports.Folders`: which folder is whose, which paths may be spoken of, and where each lies."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol

from shared.adapters.folders.blob import BlobFolder
from shared.adapters.folders.disk import DiskFolder
from shared.domain.folder_places import FolderPlace
from shared.domain.globs import glob_pattern
from shared.domain.paths import is_path
from shared.domain.scope import Scope
from shared.ports.clock import Clock
from shared.ports.folders import Entry, NoFolder, NotAllowed

_LEFT = timedelta(days=1)
"""So long nobody has written to a file that a kill left unfinished."""


class _Home(Protocol):
    """One folder. Paths are checked before they come here."""

    def list(self, glob: str) -> Iterator[Entry]: ...

    def stat(self, path: str) -> Entry | None: ...

    def read(self, path: str) -> Iterator[bytes]: ...

    def write(self, path: str, blocks: Iterable[bytes], only_new: bool) -> bool: ...

    def delete(self, path: str) -> None: ...

    def move(self, path: str, to: str, only_new: bool) -> bool: ...


class NamedFolders:
    """The folders of `places`; `connect` opens the Blob service, at the first use of one that lies there."""

    def __init__(self, places: Mapping[str, FolderPlace], connect: Callable[[], Any] | None, clock: Clock) -> None:
        self._places, self._connect, self._clock = places, connect, clock
        self._service: Any = None

    def names(self, scope: Scope) -> Sequence[str]:
        return sorted(name for name, place in self._places.items() if place.of(scope) is not None)

    def on_disk(self, scope: Scope, folder: str) -> Path | None:
        place = self._places.get(folder)
        where = place.of(scope) if place and place.kind == "disk" else None
        return Path(where) if where else None

    def list(self, scope: Scope, folder: str, glob: str = "**") -> Iterator[Entry]:
        home, fits = self._home(scope, folder), glob_pattern(glob)
        found = (each for each in home.list(glob) if is_path(each.path) and fits.fullmatch(each.path))
        return iter(sorted(found, key=lambda each: each.path))

    def stat(self, scope: Scope, folder: str, path: str) -> Entry | None:
        return self._home(scope, folder).stat(_checked(path))

    def read(self, scope: Scope, folder: str, path: str) -> Iterator[bytes]:
        return self._home(scope, folder).read(_checked(path))

    def write(self, scope: Scope, folder: str, path: str, blocks: Iterable[bytes], only_new: bool = False) -> bool:
        return self._home(scope, folder).write(_checked(path), blocks, only_new)

    def delete(self, scope: Scope, folder: str, path: str) -> None:
        self._home(scope, folder).delete(_checked(path))

    def move(self, scope: Scope, folder: str, path: str, to: str, only_new: bool = False) -> bool:
        return self._home(scope, folder).move(_checked(path), _checked(to), only_new)

    def sweep(self, scope: Scope) -> int:
        before = self._clock.now() - _LEFT
        homes = (self._home(scope, name) for name in self.names(scope))
        return sum(home.sweep(before) for home in homes if isinstance(home, DiskFolder))

    def close(self) -> None:
        """Let go of the connections; the next use opens them again."""
        if self._service is not None:
            self._service.close()
            self._service = None

    def _home(self, scope: Scope, folder: str) -> _Home:
        place = self._places.get(folder)
        where = place and place.of(scope)
        if place is None or where is None:
            raise NoFolder(f"folder: there is no folder {folder[:40]!r} in this workspace (setting BATON_FOLDERS)")
        if place.kind == "disk":
            return DiskFolder(where)
        container, _, prefix = where.partition("/")
        return BlobFolder(self._opened().get_container_client(container), prefix, self._clock.pace)

    def _opened(self) -> Any:
        if self._service is None:
            if self._connect is None:
                raise NoFolder("folder: it lies in Azure Blob storage, and FilesConnection is not set")
            self._service = self._connect()
        return self._service


def _checked(path: str) -> str:
    if not is_path(path):
        raise NotAllowed(f"path: {path[:80]!r} is not allowed: names of files with / between them, no . or ..")
    return path
