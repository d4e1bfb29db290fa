"""What can go wrong with a request on purpose."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field


class Refused(Exception):
    """The request is answered with this status and reason; nothing was changed."""

    def __init__(self, status: int, reason: str, substatus: int | None = None) -> None:
        super().__init__(reason)
        self.status, self.reason, self.substatus = status, reason, substatus


@dataclass(frozen=True)
class Fault:
    """`status` is answered, or (None) the connection is reset; `applied`: after the request was done all the same."""

    status: int | None = None
    applied: bool = False
    headers: dict[str, str] = field(default_factory=dict)


Trouble = Callable[[str], Fault | None]
"""Asked once a request, with read, query, batch or changes; None lets it pass."""


def scripted(operation: str, *faults: Fault | None) -> Trouble:
    """The next requests of that operation fail in this order; then all is well."""
    left, lock = list(faults), threading.Lock()

    def trouble(asked: str) -> Fault | None:
        with lock:
            return left.pop(0) if asked == operation and left else None

    return trouble
