"""A message of which it is not known whether it left: what was asked, what was answered, what a person decided."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from shared.domain.figures import people

Decision = Literal["sent", "again"]

ASSUMED = "treated as sent"
AGAIN = "sent again"
"""How the ledger's `detail` of a decided row begins: the certificate is recounted from the rows alone."""

MARKS: dict[Decision, str] = {"sent": ASSUMED, "again": AGAIN}


class Asked(BaseModel):
    """One question put to somebody who could know, last at `at`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    whom: str
    at: datetime
    answer: str


class Inquiry(BaseModel):
    """Document id: `inquiry_id`. `decision` is about `attempt`; the author is the signed-in principal."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    campaign: str
    key: str
    attempt: int
    asked: tuple[Asked, ...] = ()
    decision: Decision | None = None
    decided_by: str | None = None
    decided_at: datetime | None = None


def inquiry_id(campaign: str, key: str) -> str:
    """The document id of what was asked about one message."""
    return f"{campaign}-{key}"


class UnknownMessage(BaseModel):
    """One row of the list that a person decides about. `contact` is gone from the address book if `email` is null."""

    key: str
    contact: str
    email: str | None
    name: str | None
    attempt: int
    handed_over_at: datetime | None
    unknown_since: datetime | None
    why: str
    asked: list[Asked]


class UnknownDecision(BaseModel):
    """The body of POST …/unknown: for these messages or for all that are unknown now.

    `sent` (recommended): nobody gets it twice, who missed it missed it. `again`: it may arrive twice."""

    model_config = ConfigDict(extra="forbid")

    decision: Decision
    keys: Annotated[list[Annotated[str, Field(max_length=64)]], Field(min_length=1, max_length=1000)] | None = None
    all: Literal[True] | None = None

    @model_validator(mode="after")
    def _one_of(self) -> UnknownDecision:
        if (self.keys is None) == (self.all is None):
            raise ValueError('give one of keys: ["…"] or all: true')
        return self


class Decided(BaseModel):
    """What a decision came to, in messages."""

    campaign: str
    decision: Decision
    decided: int
    still_unknown: int
    sentence: str


def decided(campaign: str, decision: Decision, n: int, left: int) -> Decided:
    """The counts and their sentence."""
    what = "treated as sent" if decision == "sent" else "sent again; they may arrive twice"
    sentence = f"Messages to {people(n)} are {what}." if n else "Nothing was left to decide."
    if left:
        sentence += f" {left:,} are still unknown."
    return Decided(campaign=campaign, decision=decision, decided=n, still_unknown=left, sentence=sentence)


def mark_of(detail: str | None) -> Decision | None:
    """What a person decided about a row, by its detail; None if nobody had to."""
    return next((each for each, mark in MARKS.items() if detail and detail.startswith(f"{mark} by ")), None)
