"""Somebody without a login is asked to approve a campaign: by a signed link that ends."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from shared.domain.campaign import mailbox

Address = Annotated[str, AfterValidator(mailbox), Field(json_schema_extra={"format": "email"})]


class AskRequest(BaseModel):
    """The body of POST /api/v1/campaigns/{id}/asked: who is asked, for how many days, and who then, if they are silent.
    Half-way they are reminded once."""

    model_config = ConfigDict(extra="forbid")

    to: Address
    days: Annotated[int, Field(ge=1, le=30)] = 3
    then: Address | None = None


class Asked(BaseModel):
    """The document. `to` and `then` are encrypted at rest; the link is signed from it and kept nowhere."""

    model_config = ConfigDict(extra="forbid")

    id: str
    campaign: str
    version: int
    digest: str
    to: str
    then: str | None
    days: int
    asked_at: datetime
    asked_by: str
    ends_at: datetime
    reminded_at: datetime | None = None
    escalated_at: datetime | None = None
    revoked_at: datetime | None = None
    decision: Literal["approve", "reject", "changes"] | None = None
    open: bool = True
    """Something may still become of it by itself: a reminder, another who is asked."""

    def holds(self, now: datetime) -> bool:
        """Does its link still lead anywhere?"""
        return self.revoked_at is None and now < self.ends_at

    @property
    def remind_at(self) -> datetime:
        return self.asked_at + (self.ends_at - self.asked_at) / 2


class AskedShown(BaseModel):
    """What is shown of it to who asked."""

    id: str
    to: str
    then: str | None
    asked_at: datetime
    ends_at: datetime
    state: Literal["waiting", "approved", "rejected", "changes wanted", "ended", "taken back", "not needed any more"]
    reminded: bool
    mail: str | None = None
    """What became of the mail that asks, as its row in the ledger says; null where it was not looked up."""
