"""What is decided about people without a person, by what, and that a person looks at it again if they ask (GDPR Article
22(3); rule G9). Nothing of it infers what Article 9 protects: health, belief, origin and the like."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, StringConstraints

from shared.domain.privacy import Ordered, PrivacyRequest
from shared.domain.seal import digest
from shared.domain.texts import Plain, Text


class Automated(NamedTuple):
    """One thing that rules decide: from which facts, and what follows for the person."""

    name: str
    factors: str
    effect: str


AUTOMATED = (
    Automated(
        "Whether a message leaves for them (the gate)",
        "consent, objections, caps, hours and holidays of where they live, budget, whether they were told where their "
        "data come from; each verdict with its reason at the message",
        "they get one message, get it later, or do not get it",
    ),
    Automated(
        "That nothing is sent to their address any more",
        "a mailbox that does not exist, or three soft bounces in thirty days; what they said themselves: a STOP, an "
        "unsubscription, a complaint",
        "they get nothing; what a mail server said, a person can lift",
    ),
    Automated(
        "That a machine answers a message of theirs",
        "that a person wrote, no machine, and how many answers they got that day",
        "they get a short answer",
    ),
)
"""All of it. Nobody is scored: what scores people has to stand here with its factors before it does."""


class ReviewRequest(PrivacyRequest):
    """Who asks for a person to look, about which decision, and what they say of it themselves."""

    campaign: Annotated[str, StringConstraints(max_length=100), Plain] | None = None
    """That they got its message, or did not; without it: that nothing is sent to them any more."""
    view: Text | None = None
    """Their own point of view."""


class Review(Ordered):
    """The document. `decided` and `factors`: what was decided about them, as it stood when they asked."""

    model_config = ConfigDict(extra="forbid")

    campaign: str | None = None
    view: str | None = None
    decided: str
    factors: dict[str, Any]
    status: Literal["open", "upheld", "changed"] = "open"
    looked_by: str | None = None
    looked_at: datetime | None = None
    reason: str | None = None

    @property
    def digest(self) -> str:
        """Of what the question is about."""
        return digest(self.model_dump(mode="json", include={"id", "campaign", "decided", "factors", "view"}))


class Reviewed(BaseModel):
    """What a person answered."""

    model_config = ConfigDict(extra="forbid")

    status: Literal["upheld", "changed"]
    reason: Text
