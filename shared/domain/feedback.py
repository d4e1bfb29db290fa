"""What came back about messages, one document for each piece of news: ids and codes, never an address or its words."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

CameIn = Literal[
    "delivered",
    "delayed",
    "bounced",
    "complained",
    "replied",
    "auto_replied",
    "seen",
    "taken",
    "undelivered",
    "stopped",
]
"""seen: the provider counted an opening or a click. taken, undelivered: of text messages. stopped: a "no" by text."""


class Feedback(BaseModel):
    """The document. `status` is what the server or provider said, such as 5.1.1; `key` is empty for a stop by text."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    what: CameIn
    at: datetime
    contact: str | None
    person: str | None
    campaign: str = ""
    shard: int = 0
    key: str = ""
    attempt: int = 0
    status: str = ""

    @property
    def id(self) -> str:
        """The same news of the same attempt is one document, however often it comes."""
        parts = (self.what, self.campaign, self.key, str(self.attempt), "" if self.key else self.person or "")
        return hashlib.sha256("|".join(parts).encode()).hexdigest()[:32]


class FeedbackItem(BaseModel):
    """One piece of news and what it came to: how the message stands now, and why the person gets nothing more."""

    what: CameIn
    at: datetime
    status: str
    campaign: str | None
    campaign_name: str | None
    contact: str | None
    message: str | None
    suppressed: str | None
