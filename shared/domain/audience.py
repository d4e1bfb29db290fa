"""Who a campaign would reach, when, and for how much at most: asked while it is being written. Nothing is kept."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from shared.domain.campaign import Budget, Segment, Sender, Window
from shared.domain.figures import people
from shared.domain.forecast import Forecast
from shared.domain.money import spelled
from shared.domain.policy import GENERAL, Channel, Slug

LOOKED_AT = 2_000
"""So many people are looked at for a count while somebody types."""
EXAMPLES = 10
WEEK = 7


def _email_only() -> list[Channel]:
    return ["email"]


class AudienceRequest(BaseModel):
    """The body of POST /api/v1/audiences/preview: what of a campaign decides who gets it and when."""

    model_config = ConfigDict(extra="forbid")

    segment: Segment
    channels: Annotated[list[Channel], Field(min_length=1, max_length=1)] = Field(default_factory=_email_only)
    message: Literal["commercial", "transactional"] = "commercial"
    purpose: Slug = GENERAL
    topic: Slug | None = None
    sender: Sender | None = None
    window: Window = Field(default_factory=Window)
    holdout: Annotated[float, Field(ge=0, le=0.5)] = 0
    budget: Budget = Field(default_factory=Budget)
    everybody: bool = False
    """Look at everybody, which takes some seconds for 100,000; else at 2,000, and say how many there are about."""
    week: Annotated[int, Field(ge=0, le=8)] = 0
    """Which seven days of the window `hours` shows."""


class Example(BaseModel):
    """One of those who would get it."""

    contact: str
    name: str
    address: str
    place: str
    timezone: str | None


class Hour(BaseModel):
    """One hour on the calendar: how many of those who would get it may be written to when it begins, on their own
    clocks; `taken`: the sender's calendar leaves nothing, or not all, of it."""

    at: datetime
    people: int
    taken: Literal["free", "busy", "blackout"] = "free"


class AudiencePreview(BaseModel):
    """`forecast` as an approver will see it. `exact` False: its counts are estimated from `looked_at` people, of whom
    95 in 100 such estimates are no more than `margin` (0.05: 5 %) off; None: there are at least so many."""

    sentence: str
    forecast: Forecast
    exact: bool
    looked_at: int
    margin: float | None = None
    examples: list[Example]
    hours: list[Hour]
    """24 for each day shown, from midnight in the home's zone on."""


def sentence(found: Forecast, exact: bool, at_least: bool) -> str:
    """412 of 519 people would get it, for at most €1.24 in messages."""
    if not found.people:
        return "Nobody matches this."
    about = "" if exact else "at least " if at_least else "about "
    cost = spelled(found.cost_micros)
    return f"{about}{found.gets:,} of {people(found.people)} would get it, for at most {cost} in messages.".capitalize()
