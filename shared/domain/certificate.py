"""The proof of a campaign: who was planned, and what became of each, recounted from the ledger."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict, model_validator


class Certificate(BaseModel):
    """Every planned recipient is in exactly one part, so the parts add up to `planned`.

    `sent_once` = one recorded acceptance; `sent_twice` = acceptances of two attempts; `unknown` = nobody can say yet;
    `remaining` = not yet begun, or on the wire right now. A bounce after acceptance moves a row to failed.
    `assumed` of those sent were unknown until a person decided to treat them as sent; `sent_again` of all left a second
    time by such a decision, so they may have arrived twice although one acceptance is on record."""

    model_config = ConfigDict(extra="forbid")

    campaign: str
    name: str
    planned: int
    sent_once: int
    sent_twice: int
    failed: int
    held: dict[str, int]
    unknown: int
    remaining: int
    recounted_at: datetime
    assumed: int = 0
    sent_again: int = 0

    @model_validator(mode="after")
    def _adds_up(self) -> Certificate:
        parts = self.sent_once + self.sent_twice + self.failed + sum(self.held.values()) + self.unknown + self.remaining
        if parts != self.planned:
            raise ValueError(f"the parts add up to {parts}, not to the {self.planned} planned")
        return self

    def sentence(self) -> str:
        """The one line that people read first."""
        return (
            f"{self.sent_once:,} sent once, {self.sent_twice:,} twice, {self.failed:,} failed, "
            f"{self.unknown:,} unknown, {sum(self.held.values()):,} held, {self.remaining:,} remaining "
            f"of {self.planned:,} planned"
            + (f"; {self.assumed:,} of those sent are not proved but treated as sent" if self.assumed else "")
            + (f"; {self.sent_again:,} sent again by decision may have arrived twice" if self.sent_again else "")
        )


class Explanation(BaseModel):
    """Why one person did, did not or does not yet get a message: a paragraph to paste, and what it rests on."""

    model_config = ConfigDict(extra="forbid")

    campaign: str
    name: str
    """The campaign's."""
    contact: str
    state: str
    sentence: str
    evidence: dict[str, object]


class Explanations(BaseModel):
    """What each campaign, newest first, did about an address, after who that is and what holds for them now."""

    model_config = ConfigDict(extra="forbid")

    about: str
    items: list[Explanation]
    cursor: str | None = None
