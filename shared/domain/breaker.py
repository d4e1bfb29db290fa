"""The switch that stops a sender's domain (rule C12)."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict


class Breaker(BaseModel):
    """The document. It opens by itself; a person closes it, and then what left before no longer counts.

    `since` is when it was closed, `sent_before` how many messages had left that day by then."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    open: bool
    why: str | None = None
    at: datetime | None = None
    by: str | None = None
    since: datetime | None = None
    sent_before: int = 0
