"""What this machine keeps of messages that left, and of rows that were deleted: erasure asks for both."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from shared.domain.scope import Scope


class Copies(Protocol):
    """Whole messages that are kept here although they left, by effect key."""

    def kept(self, scope: Scope, keys: Sequence[str]) -> list[str]:
        """Of which of these there is a copy."""
        ...

    def forget(self, scope: Scope, keys: Sequence[str]) -> int:
        """Remove the copies; returns how many there were."""
        ...
