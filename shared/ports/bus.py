"""Events and handoffs on their way to other systems, and what nobody could take."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from shared.domain.scope import Scope


@dataclass(frozen=True)
class BusMessage:
    """What is told: `subject` is a code, `body` JSON with ids and codes, never personal data.

    `id` is the receivers' key of idempotency: a message may come more than once, always with the same id. Those of one
    `session` arrive in the order in which they were sent. Before `at` nobody gets it; None: at once.
    `trace` is the W3C traceparent of whoever sends it, "": nobody traces."""

    id: str
    subject: str
    body: Mapping[str, Any]
    session: str | None = None
    at: datetime | None = None
    trace: str = ""


@dataclass(frozen=True)
class DeadLetter:
    """A message that was given up, with its number among the dead letters and the reason."""

    number: int
    message: BusMessage
    reason: str
    description: str


class Bus(Protocol):
    """Queues and topics; a receiving end is a queue's name or `topic/subscriptions/name`."""

    def send(self, scope: Scope, to: str, messages: Sequence[BusMessage]) -> None:
        """Hand messages to a queue or topic, all or none. Afterwards they are on the disk there. Raises ValueError when
        they cannot be taken: too much at once, or without a session where one is needed."""
        ...

    def dead_letters(self, scope: Scope, source: str, after: int = 0, limit: int = 100) -> list[DeadLetter]:
        """The scope's dead letters of a receiving end with a number above `after`, oldest first; they stay there.
        Raises Missing if there is no such queue or subscription."""
        ...

    def replay(self, scope: Scope, source: str, numbers: Collection[int]) -> list[int]:
        """Send dead letters again, under the ids that they had; returns the numbers of those that were there. Whoever
        is killed in the middle may do it again: nothing is lost, receivers tell by the id what they had already.
        Raises Missing if there is no such queue or subscription."""
        ...
