"""Double opt-in: an address that somebody signed up gets one mail that asks its owner; only their confirmation is
consent (rule G1)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from shared.domain.campaign import Sender
from shared.domain.texts import Line, Text

EVERY = timedelta(days=7)
"""So often, at most, is one address asked."""
LASTS = timedelta(days=7)
"""So long does a link work."""


class OptInRequest(BaseModel):
    """What a person is asked, and by whom."""

    model_config = ConfigDict(extra="forbid")

    sender: Sender
    wording: Text
    """The exact words that they confirm, such as: Praxis may send me offers by e-mail."""
    form: Line | None = None
    """Where the address was signed up: the form's address, or the file that holds the paper."""
    language: Literal["en", "de"] = "en"


OptInState = Literal["asked", "sent", "unknown", "failed", "held", "confirmed"]
"""asked: the mail is to leave; sent: it has; unknown: nobody can tell whether it has, so it is not sent again; failed,
held: it has not; confirmed: they said yes."""


class OptIn(BaseModel):
    """The document, one for each contact. `reason` says why it stands as it does, if that is not what is hoped for."""

    model_config = ConfigDict(extra="forbid")

    contact: str
    person: str
    request: OptInRequest
    by: str
    asking: str
    """The request that asked them, 32 hexadecimal digits: one flow carries all that it asked."""
    state: OptInState = "asked"
    reason: str | None = None
    tries: int = Field(default=1, ge=1)
    """How often they were asked; each has a link and a ledger row of its own."""
    asked_at: datetime
    until: datetime
    """When the link of the last mail ends."""
    confirmed_at: datetime | None = None

    @property
    def again_at(self) -> datetime:
        """From when on they may be asked once more."""
        return self.asked_at + EVERY


class ListedOptIn(OptIn):
    """As it is shown: with the address, unless they are gone."""

    email: str | None = None


class Asked(BaseModel):
    """What came of asking a page of those who are to be asked; `cursor` is null on the last."""

    asked: int
    skipped: int
    """Asked less than a week ago, or not to be written to."""
    cursor: str | None = None


_PREFIX = "opt-in-"


def opt_in_campaign(contact: str) -> str:
    """Under which name the ledger has these mails; a link's `shard` is the try."""
    return f"{_PREFIX}{contact}"


def asked_contact(campaign: str) -> str | None:
    """The contact, if the ledger has a confirmation mail under this name."""
    return campaign.removeprefix(_PREFIX) if campaign.startswith(_PREFIX) else None
