"""What an activity answers: done, later or refused. Faults are raised, never returned (design 4.7)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any


@dataclass(frozen=True)
class Done:
    """The step is finished; `data` holds ids and small decisions only (design 4.5)."""

    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Later:
    """Nothing is wrong, but it cannot be now: ask again at `at` (aware UTC); `why` is a short code."""

    at: datetime
    why: str


@dataclass(frozen=True)
class Refused:
    """The step will never succeed as asked: the field and the reason, fit for a person to read."""

    field: str
    reason: str


Outcome = Done | Later | Refused


def to_wire(outcome: Outcome) -> dict[str, Any]:
    """The JSON form that crosses the activity boundary."""
    match outcome:
        case Done(data):
            return {"outcome": "done", "data": data}
        case Later(at, why):
            return {"outcome": "later", "at": at.astimezone(UTC).isoformat(), "why": why}
        case Refused(name, reason):
            return {"outcome": "refused", "field": name, "reason": reason}


def from_wire(wire: dict[str, Any]) -> Outcome:
    """The inverse of `to_wire`. Raises KeyError or ValueError on anything else."""
    match wire["outcome"]:
        case "done":
            return Done(wire["data"])
        case "later":
            return Later(datetime.fromisoformat(wire["at"]), wire["why"])
        case "refused":
            return Refused(wire["field"], wire["reason"])
        case other:
            raise ValueError(f"outcome {other!r} must be done, later or refused")
