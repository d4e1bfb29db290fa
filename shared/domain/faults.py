"""Errors that a caller can mend. Each names the field and the reason (design 4.11)."""

from __future__ import annotations

from math import ceil
from typing import NamedTuple


class FieldError(NamedTuple):
    """One wrong thing: the dotted path of the field and why it is refused, in plain words."""

    field: str
    reason: str


class Rejected(Exception):
    """The input is wrong in one or more fields; nothing was changed. HTTP 400."""

    def __init__(self, *errors: FieldError) -> None:
        super().__init__("; ".join(f"{field}: {reason}" for field, reason in errors))
        self.errors = errors


class Missing(Exception):
    """There is no such thing in this scope. HTTP 404."""

    def __init__(self, kind: str, key: str) -> None:
        super().__init__(f"there is no {kind} {key!r}")
        self.error = FieldError(kind, f"there is no {kind} {key!r}")


class Conflict(Exception):
    """The request does not fit the present state; nothing was changed. HTTP 409.

    `difference` says what is otherwise now, as field -> [what was sent, what holds]."""

    def __init__(self, field: str, reason: str, difference: dict[str, list[object]] | None = None) -> None:
        super().__init__(f"{field}: {reason}")
        self.error = FieldError(field, reason)
        self.difference = difference or {}


class Misconfigured(Exception):
    """A setting cannot be used, so nothing works until whoever runs Baton mends it. HTTP 503.

    The reason never repeats the value: it may be a secret."""

    def __init__(self, setting: str, reason: str) -> None:
        super().__init__(f"{setting} {reason}")
        self.error = FieldError(setting, reason)


class Unavailable(Exception):
    """What Baton needs for it does not answer just now, or not clearly; asking again later is right. HTTP 503."""

    def __init__(self, what: str = "", again_after: float = 0) -> None:
        super().__init__(what)
        self.again_after = max(5, ceil(again_after))
        """Seconds; what the service itself wishes, if that is more than five."""
