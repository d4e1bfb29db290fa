"""Folders outside Baton's own Files, which other programs use too: an inbox, the books, a share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple, Protocol

from shared.domain.scope import Scope


class Entry(NamedTuple):
    """A file in a folder. `version` differs whenever the content may."""

    path: str
    bytes: int
    modified: datetime
    version: str


class NoFolder(LookupError):
    """There is no folder of this name in this workspace."""


class NotAllowed(ValueError):
    """A path that could lead elsewhere, or what is there is no regular file (a link, a device, a pipe, a folder)."""


class Folders(Protocol):
    """Files by folder and path (`a/b.csv`). Every method raises NoFolder and NotAllowed. What is written is whole or
    absent, also after a kill; names that begin with `.baton-` are unfinished and never seen."""

    def names(self, scope: Scope) -> Sequence[str]:
        """The folders of this workspace."""
        ...

    def on_disk(self, scope: Scope, folder: str) -> Path | None:
        """Where it lies, for a program that reads it by itself; None: not on a disk of this machine."""
        ...

    def list(self, scope: Scope, folder: str, glob: str = "**") -> Iterator[Entry]:
        """The regular files whose path fits, in the order of the paths. `*` stands for part of a name, `**` for any
        folders; links are never followed."""
        ...

    def stat(self, scope: Scope, folder: str, path: str) -> Entry | None: ...

    def read(self, scope: Scope, folder: str, path: str) -> Iterator[bytes]:
        """Its content in blocks of at most 4 MiB, all of one version. Raises FileNotFoundError."""
        ...

    def write(self, scope: Scope, folder: str, path: str, blocks: Iterable[bytes], only_new: bool = False) -> bool:
        """Write whole; with `only_new`, False and no change if it exists. If `blocks` raises, nothing has changed."""
        ...

    def delete(self, scope: Scope, folder: str, path: str) -> None:
        """Nothing happens if it is not there."""
        ...

    def move(self, scope: Scope, folder: str, path: str, to: str, only_new: bool = False) -> bool:
        """Within the folder. Raises FileNotFoundError."""
        ...

    def sweep(self, scope: Scope) -> int:
        """Remove what writers that were killed left unfinished, of this workspace's folders; how many. A file that
        somebody may still write is left alone: held, or touched within a day."""
        ...
