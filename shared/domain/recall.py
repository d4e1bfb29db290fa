"""Taking a campaign back, and putting right what was wrong in it."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

from shared.domain.campaign import Status, Window
from shared.domain.figures import people
from shared.domain.texts import Line, Plain, Text


class RecallRequest(BaseModel):
    """The body of POST …/recall. With a `comment`, what was held is written again as it wishes, for a new approval."""

    model_config = ConfigDict(extra="forbid")

    comment: Annotated[str, StringConstraints(max_length=2000), Plain] | None = None


class CorrectionRequest(BaseModel):
    """The body of POST …/correction: what those who got the campaign should know now."""

    model_config = ConfigDict(extra="forbid")

    what: Text
    name: Line | None = None
    window: Window | None = None


class Recalled(BaseModel):
    """What a recall came to, in people. `leaving` were being handed over at that moment: the certificate will tell."""

    campaign: str
    status: Status
    stopped: int
    left: int
    leaving: int
    sentence: str
    correction: str | None
    """Where to write a correction to those who got it; None if nobody did."""


def recalled(campaign: str, status: Status, stopped: int, left: int, leaving: int) -> Recalled:
    """The counts and their sentence."""
    sentence = f"{stopped:,} stopped, {left:,} had left"
    sentence += f", {leaving:,} were just leaving." if leaving else "."
    got = left + leaving
    if got:
        sentence += f" A correction can be written to the {people(got)} who got it."
    path = f"/api/v1/campaigns/{campaign}/correction" if got else None
    return Recalled(
        campaign=campaign,
        status=status,
        stopped=stopped,
        left=left,
        leaving=leaving,
        sentence=sentence,
        correction=path,
    )
