"""A link by which a client reads the report of a campaign: it ends by itself, and can be taken back."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class ShareRequest(BaseModel):
    """The body of POST …/share: for how many days."""

    model_config = ConfigDict(extra="forbid")

    days: Annotated[int, Field(ge=1, le=90)] = 14


class Share(BaseModel):
    """The document. The link is signed from it, so that it is not kept."""

    model_config = ConfigDict(extra="forbid")

    id: str
    campaign: str
    created_at: datetime
    created_by: str
    expires_at: datetime
    revoked_at: datetime | None = None

    def holds(self, now: datetime) -> bool:
        """Does it still lead anywhere?"""
        return self.revoked_at is None and now < self.expires_at


class Shared(Share):
    """A share with its link, for those who may hand it on; None if it leads nowhere any more."""

    url: str | None
