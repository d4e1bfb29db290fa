"""What came back of what a domain sent, and when that is too much (rule C12).

The limits for a pause are under those at which mailbox providers act (Gmail: 0.3 % complaints)."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

from pydantic import BaseModel, ConfigDict

OVER = timedelta(days=7)
"""Counted is what left within so long, and what came back of it."""
COMPLAINTS, COMPLAINTS_STOP = 0.001, 0.002
BOUNCES, BOUNCES_STOP = 0.02, 0.05
COMPLAINTS_LEAST, BOUNCES_LEAST = 3, 5
"""Fewer are chance: they stop nobody."""


class Health(BaseModel):
    """`sent` messages were handed over; `refused` are bounces for the sender's sake (5.7.x), which count as the hard
    ones do. good; watch: over the first limit; stop: over the second. `why` says what is over which limit."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    state: Literal["good", "watch", "stop"]
    sent: int
    hard_bounces: int
    refused: int
    complaints: int
    why: str | None = None

    @property
    def returned(self) -> int:
        """How many came back in any way."""
        return self.hard_bounces + self.refused + self.complaints


def judge(sent: int, hard_bounces: int, complaints: int, refused: int = 0) -> Health:
    """The health of a domain by what left in the last seven days and came back. Negative counts are none."""
    counts = {"sent": max(0, sent), "hard_bounces": max(0, hard_bounces), "complaints": max(0, complaints)}
    bounced = counts["hard_bounces"] + max(0, refused)
    complained = _over(counts["complaints"], counts["sent"], COMPLAINTS, COMPLAINTS_STOP, COMPLAINTS_LEAST)
    undelivered = _over(bounced, counts["sent"], BOUNCES, BOUNCES_STOP, BOUNCES_LEAST)
    said = [
        _said(level, count, counts["sent"], what)
        for level, count, what in ((complained, counts["complaints"], "complaints"), (undelivered, bounced, "bounces"))
        if level
    ]
    state: Literal["good", "watch", "stop"] = ("good", "watch", "stop")[max(complained, undelivered)]
    return Health(state=state, refused=max(0, refused), why="; ".join(said) or None, **counts)


def _over(count: int, sent: int, first: float, second: float, least: int) -> int:
    """0, 1 or 2 limits are reached; more that came back than was counted as sent is over any."""
    if count < least:
        return 0
    return (count >= first * sent) + (count >= second * sent)


def _said(level: int, count: int, sent: int, what: str) -> str:
    first, second = (COMPLAINTS, COMPLAINTS_STOP) if what == "complaints" else (BOUNCES, BOUNCES_STOP)
    limit = second if level == 2 else first
    return f"{count:,} {what} of {sent:,} messages in 7 days; the limit is {limit:.1%}"
