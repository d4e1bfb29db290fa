"""Files in a folder: root/tenant/workspace/path. Each is written elsewhere and moved, so it is whole or absent."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from shared.adapters.files._paths import home_of, parts_of
from shared.domain.scope import Scope


class FolderFiles:
    """`shared.ports.Files` below `root`, for the owner only. Paths that could lead elsewhere are a ValueError."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._unfinished = root / ".unfinished"

    def put(self, scope: Scope, path: str, data: bytes, only_new: bool = False) -> bool:
        return self.put_blocks(scope, path, (data,), only_new)

    def put_blocks(self, scope: Scope, path: str, blocks: Iterable[bytes], only_new: bool = False) -> bool:
        target = self._at(scope, path)
        if only_new and target.exists():
            return False
        _make(target.parent)
        written = self._write(blocks)
        try:
            if only_new:
                os.link(written, target)
            else:
                os.replace(written, target)
        except FileExistsError:
            return False
        finally:
            written.unlink(missing_ok=True)
        _sync_folder(target.parent)
        return True

    def get(self, scope: Scope, path: str, start: int = 0, length: int | None = None) -> bytes:
        target = self._at(scope, path)
        if not target.is_file():
            raise FileNotFoundError(path)
        with target.open("rb") as file:
            file.seek(start)
            return file.read(length)

    def size(self, scope: Scope, path: str) -> int | None:
        target = self._at(scope, path)
        return target.stat().st_size if target.is_file() else None

    def list(self, scope: Scope, prefix: str) -> Iterator[str]:
        home = self._home(scope)
        folder = prefix.rpartition("/")[0]
        paths = (
            os.path.relpath(os.path.join(where, name), home).replace(os.sep, "/")
            for where, _, names in os.walk(self._at(scope, folder) if folder else home)
            for name in names
        )
        return iter(sorted(path for path in paths if path.startswith(prefix)))

    def delete(self, scope: Scope, path: str) -> None:
        target = self._at(scope, path)
        if target.is_file():
            target.unlink(missing_ok=True)
            _sync_folder(target.parent)

    def link(self, scope: Scope, path: str, until: datetime) -> str | None:
        if not self._at(scope, path).is_file():
            raise FileNotFoundError(path)
        return None

    def sweep(self, before: datetime) -> int:
        """Remove what killed writers left unfinished before then; returns how many files."""
        removed = 0
        for each in self._unfinished.glob("*"):
            if each.stat().st_mtime < before.timestamp():
                each.unlink(missing_ok=True)
                removed += 1
        return removed

    def _home(self, scope: Scope) -> Path:
        return self._root.joinpath(*home_of(scope))

    def _at(self, scope: Scope, path: str) -> Path:
        return self._home(scope).joinpath(*parts_of(path))

    def _write(self, blocks: Iterable[bytes]) -> Path:
        _make(self._unfinished)
        handle, name = tempfile.mkstemp(dir=self._unfinished)
        try:
            with open(handle, "wb") as file:
                file.writelines(blocks)
                file.flush()
                os.fsync(file.fileno())
        except BaseException:
            os.unlink(name)
            raise
        return Path(name)


def _make(folder: Path) -> None:
    if not folder.is_dir():
        _make(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
        _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    """A new name is durable once its folder is."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
