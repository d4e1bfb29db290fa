"""Append-only, hash-chained facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from shared.domain.scope import Scope


@dataclass(frozen=True)
class Fact:
    """One line of a stream: what happened (a code), ids and salted digests only, never personal data."""

    seq: int
    at: datetime
    what: str
    by: str
    data: Mapping[str, Any]
    hash: str


class Journal(Protocol):
    """Append-only, hash-chained facts; one chain per (scope, stream)."""

    def append(self, scope: Scope, stream: str, at: datetime, by: str, what: str, data: Mapping[str, Any]) -> Fact: ...

    def read(self, scope: Scope, stream: str, after: int = 0, limit: int = 1000) -> list[Fact]: ...

    def verify(self, scope: Scope, stream: str) -> int:
        """Recompute the chain; returns how many facts hold. Raises ValueError naming the first that does not, be it
        changed, missing, or cut off at the end."""
        ...
