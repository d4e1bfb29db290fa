"""What the caller sees of campaigns, questions and texts: as they are, or, without being a reader, as a client does."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from shared.access.call import Call

Noun = TypeVar("Noun")


def as_seen(call: Call, found: Noun, view: Callable[[Noun], Noun]) -> Noun:
    """One of `shared.domain.client_view`, for whom it is made."""
    return found if "reader" in call.permissions else view(found)
