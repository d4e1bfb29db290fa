"""Where one person is in a journey: a row with the moment at which it is looked at next (design 2)."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from shared.domain.event import Moment, stamp

LANES = 64
"""Shards of a journey and of each of its mails: who is in which follows from their id alone."""
MOST_PASSED = 300
LEFT = "left"

What = Literal[
    "entered", "sent", "held", "failed", "unknown", "waits", "yes", "no", "tagged", "untagged", "passed_over", "left"
]


class Passed(BaseModel):
    """One thing that happened on the way: at which step, and why."""

    model_config = ConfigDict(extra="forbid")

    at: Annotated[str, Field(json_schema_extra={"format": "date-time"})]
    """As it is stored: a way is read and written far more often than anybody asks when."""
    step: str
    what: What
    why: str = ""

    @property
    def moment(self) -> datetime:
        """When it was."""
        return datetime.fromisoformat(self.at)


class Position(BaseModel):
    """One person's. `step` is what comes next; None: they have left. `stands` is where a drawing counts them: the step
    at which they wait or are, or `left.<why>`."""

    model_config = ConfigDict(extra="forbid")

    journey: str
    lane: str
    contact: str
    person: str
    entry: int = 1
    """How often they have come in."""
    entered_at: Moment
    step: str | None
    stands: str
    next_at: Moment | None
    """None: never again by itself."""
    had: dict[str, str] = Field(default_factory=dict)
    """The mails that they had this time: name -> the campaign that it left by. None comes twice, whatever changes."""
    had_keys: dict[str, str] = Field(default_factory=dict)
    """Those mails' effect keys: reactions to a mail stay its own, whatever address they have later."""
    path: list[Passed] = Field(default_factory=list)
    """Of this time and those before, oldest first."""

    def note(self, at: datetime, step: str, what: What, why: str = "") -> None:
        """Something happened."""
        self.path = [*self.path, Passed(at=stamp(at), step=step, what=what, why=why)][-MOST_PASSED:]

    def leave(self, at: datetime, step: str, why: str) -> None:
        """They are out of it."""
        self.note(at, step, "left", why)
        self.step, self.next_at, self.stands = None, None, f"{LEFT}.{why}"

    def waits_at(self, step: str) -> bool:
        """They have come to this step, and wait there."""
        return bool(self.path) and self.path[-1].what == "waits" and self.path[-1].step == step

    def left_at(self) -> datetime | None:
        """When they left, if they have."""
        return self.path[-1].moment if self.next_at is None and self.path else None


def lane_of(contact: str) -> int:
    """The lane of a person, 0 to LANES - 1."""
    return hashlib.sha256(contact.encode()).digest()[0] % LANES


def lane_name(journey: str, lane: int) -> str:
    """As positions are looked for."""
    return f"{journey}.{lane:02}"


def position_id(journey: str, contact: str) -> str:
    """The document of one person in one journey."""
    return f"{journey}.{contact}"


def tally_id(journey: str) -> str:
    """The document that counts, written with each batch of positions."""
    return f"{journey}~tally"


def shard_of(contact: str, entry: int, rounds: int) -> int:
    """The shard of a mail of theirs in the ledger: each time through a journey has shards of its own."""
    return lane_of(contact) * rounds + entry - 1
