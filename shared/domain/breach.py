"""The log of breaches of personal data, with the 72 hours in which the authority has to be told (GDPR Article 33; rule
G8)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from shared.domain.seal import digest
from shared.domain.texts import Text

HOURS = timedelta(hours=72)
Risk = Literal["unlikely", "likely", "high"]
"""To the rights and freedoms of the people: unlikely: the authority need not be told; high: they themselves must be."""


class BreachRequest(BaseModel):
    """What happened, as far as it is known (Article 33(3)). Name nobody in it."""

    model_config = ConfigDict(extra="forbid")

    what: Text
    data: Text
    """Which data of which people."""
    people: int | None = Field(default=None, ge=0, le=10_000_000_000)
    """How many, about; none: not known."""
    consequences: Text | None = None
    measures: Text | None = None
    risk: Risk = "likely"
    noticed_at: AwareDatetime | None = None
    """When it was noticed: the clock begins; now, if nothing stands here."""


class Breach(BaseModel):
    """The document. It is kept for good: authorities may ask for it (Article 33(5))."""

    model_config = ConfigDict(extra="forbid")

    id: str
    what: str
    data: str
    people: int | None = None
    consequences: str | None = None
    measures: str | None = None
    risk: Risk
    noticed_at: datetime
    due: datetime
    """Until when the authority has to be told."""
    recorded_at: datetime
    by: str
    status: Literal["open", "told", "not_needed"] = "open"
    """told: the authority was; not_needed: somebody decided that it need not be."""
    settled_by: str | None = None
    settled_at: datetime | None = None
    reason: str | None = None
    """The authority's number of the case, or why it need not be told; why late, if it was."""

    @property
    def digest(self) -> str:
        """Of what the question is about."""
        return digest(self.model_dump(mode="json", include={"id", "what", "data", "people", "risk", "due"}))
