"""Drafts, manifests, reports, inputs and outputs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Protocol

from shared.domain.scope import Scope


class Files(Protocol):
    """Bytes by path (`a/b/c.ext`) inside a scope. A file is whole or absent, also after a kill."""

    def put(self, scope: Scope, path: str, data: bytes, only_new: bool = False) -> bool:
        """Write whole; with `only_new`, False and no change if it exists."""
        ...

    def put_blocks(self, scope: Scope, path: str, blocks: Iterable[bytes], only_new: bool = False) -> bool:
        """As `put`, for more than memory should hold: the file appears, whole, after the last block (each at most
        100 MB). If `blocks` raises, so does this, and nothing has changed."""
        ...

    def get(self, scope: Scope, path: str, start: int = 0, length: int | None = None) -> bytes:
        """Raises FileNotFoundError."""
        ...

    def size(self, scope: Scope, path: str) -> int | None: ...

    def list(self, scope: Scope, prefix: str) -> Iterator[str]: ...

    def delete(self, scope: Scope, path: str) -> None: ...

    def link(self, scope: Scope, path: str, until: datetime) -> str | None:
        """An address that gives the file, as a download, to whoever has it until then; None: this home has none, and
        the bytes are to be handed on. Raises FileNotFoundError."""
        ...
