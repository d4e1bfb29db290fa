"""A fact that a person vouches for: named, dated, and only for a while."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Literal

from pydantic import BaseModel, ConfigDict, field_validator, model_validator

from shared.domain.texts import Line, Text

REPHRASE = "Say this differently, or leave it out: "
"""So begins the wish for it; what it quotes is nobody's word."""
HOLDS = timedelta(days=365)
"""How long a confirmation holds unless it says otherwise: what was true then need not be true for ever."""


class FactRequest(BaseModel):
    """The body of POST /api/v1/facts: "I confirm this"."""

    model_config = ConfigDict(extra="forbid")

    text: Text
    until: datetime | None = None
    """When it no longer holds; a year from now if nothing is said."""
    source: Line | None = None
    """Where it can be looked up: a document, an address, a person."""

    @field_validator("until")
    @classmethod
    def _aware(cls, until: datetime | None) -> datetime | None:
        if until is not None and until.tzinfo is None:
            raise ValueError("needs a UTC offset, for example 2027-03-01T00:00:00Z")
        return until


class ConfirmedFact(BaseModel):
    """The document. `by` vouches for it; a withdrawn one carries nothing any more."""

    model_config = ConfigDict(extra="forbid")

    id: str
    text: str
    by: str
    at: datetime
    until: datetime
    source: str | None = None
    withdrawn_at: datetime | None = None

    def holds(self, now: datetime) -> bool:
        return self.withdrawn_at is None and now < self.until


class ClaimRequest(BaseModel):
    """The body of POST …/claims: what a person answers to a sentence that no source carries.

    `confirm`: I vouch for it. `cite`: the passage `passage` of the knowledge base says it. `rephrase`: write it
    differently, with `comment` as the wish."""

    model_config = ConfigDict(extra="forbid")

    sentence: Text
    answer: Literal["confirm", "cite", "rephrase"]
    passage: Line | None = None
    until: datetime | None = None
    comment: Line | None = None

    @model_validator(mode="after")
    def _whole(self) -> ClaimRequest:
        if (self.answer == "cite") != (self.passage is not None):
            raise ValueError("passage names the passage that is cited; it is needed for cite and only there")
        return self


def fact_id(text: str) -> str:
    """The same words are the same fact."""
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()[:24]
