"""Files and folders over others: what is written lies in a throw-away place, what is deleted is only no longer seen."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

from shared.domain.globs import glob_pattern
from shared.domain.scope import Scope
from shared.ports import Clock, Files, Folders
from shared.ports.folders import Entry

_BLOCK = 2**20


class _Heap:
    """Bytes under a name each, in one folder; None under a name: it is gone."""

    def __init__(self, place: Path) -> None:
        self._place, self._count = place, 0
        self.names: dict[tuple[Scope, str, str], Path | None] = {}

    def put(self, name: tuple[Scope, str, str], blocks: Iterable[bytes]) -> None:
        self._count += 1
        path = self._place / str(self._count)
        with path.open("wb") as file:
            file.writelines(blocks)
        self.names[name] = path


class ApartFiles:
    """See `shared.ports.Files`."""

    def __init__(self, base: Files, place: Path) -> None:
        self._base, self._heap = base, _Heap(place)

    def put(self, scope: Scope, path: str, data: bytes, only_new: bool = False) -> bool:
        return self.put_blocks(scope, path, [data], only_new)

    def put_blocks(self, scope: Scope, path: str, blocks: Iterable[bytes], only_new: bool = False) -> bool:
        if only_new and self.size(scope, path) is not None:
            return False
        self._heap.put((scope, "", path), blocks)
        return True

    def get(self, scope: Scope, path: str, start: int = 0, length: int | None = None) -> bytes:
        if (scope, "", path) not in self._heap.names:
            return self._base.get(scope, path, start, length)
        mine = self._heap.names[scope, "", path]
        if mine is None:
            raise FileNotFoundError(path)
        with mine.open("rb") as file:
            file.seek(start)
            return file.read(-1 if length is None else length)

    def size(self, scope: Scope, path: str) -> int | None:
        if (scope, "", path) not in self._heap.names:
            return self._base.size(scope, path)
        mine = self._heap.names[scope, "", path]
        return mine.stat().st_size if mine else None

    def list(self, scope: Scope, prefix: str) -> Iterator[str]:
        mine = {path: there for (of, _, path), there in self._heap.names.items() if of == scope}
        others = (path for path in self._base.list(scope, prefix) if path not in mine)
        yield from sorted([*others, *(path for path, there in mine.items() if there and path.startswith(prefix))])

    def delete(self, scope: Scope, path: str) -> None:
        self._heap.names[scope, "", path] = None

    def link(self, scope: Scope, path: str, until: datetime) -> str | None:
        return None


class ApartFolders:
    """See `shared.ports.Folders`."""

    def __init__(self, base: Folders, place: Path, clock: Clock) -> None:
        self._base, self._heap, self._clock = base, _Heap(place), clock

    def names(self, scope: Scope) -> Sequence[str]:
        return self._base.names(scope)

    def on_disk(self, scope: Scope, folder: str) -> Path | None:
        return self._base.on_disk(scope, folder)

    def list(self, scope: Scope, folder: str, glob: str = "**") -> Iterator[Entry]:
        fits, mine = glob_pattern(glob), self._mine(scope, folder)
        found = [each for each in self._base.list(scope, folder, glob) if each.path not in mine]
        found += [self._entry(path, at) for path, at in mine.items() if at and fits.fullmatch(path)]
        yield from sorted(found)

    def stat(self, scope: Scope, folder: str, path: str) -> Entry | None:
        there = self._base.stat(scope, folder, path)  # it also says what is no name or no path
        mine = self._mine(scope, folder)
        at = mine.get(path)
        return self._entry(path, at) if at else None if path in mine else there

    def read(self, scope: Scope, folder: str, path: str) -> Iterator[bytes]:
        mine = self._mine(scope, folder)
        if path not in mine:
            return self._base.read(scope, folder, path)
        at = mine[path]
        if at is None:
            raise FileNotFoundError(path)
        return _blocks(at)

    def write(self, scope: Scope, folder: str, path: str, blocks: Iterable[bytes], only_new: bool = False) -> bool:
        if self.stat(scope, folder, path) is not None and only_new:
            return False
        self._heap.put((scope, folder, path), blocks)
        return True

    def delete(self, scope: Scope, folder: str, path: str) -> None:
        self.stat(scope, folder, path)
        self._heap.names[scope, folder, path] = None

    def move(self, scope: Scope, folder: str, path: str, to: str, only_new: bool = False) -> bool:
        if not self.write(scope, folder, to, self.read(scope, folder, path), only_new):
            return False
        self.delete(scope, folder, path)
        return True

    def sweep(self, scope: Scope) -> int:
        return 0

    def _mine(self, scope: Scope, folder: str) -> dict[str, Path | None]:
        return {path: at for (of, where, path), at in self._heap.names.items() if (of, where) == (scope, folder)}

    def _entry(self, path: str, at: Path) -> Entry:
        with at.open("rb") as file:
            version = hashlib.file_digest(file, "sha256").hexdigest()
        return Entry(path, at.stat().st_size, self._clock.now(), version)


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            yield block
