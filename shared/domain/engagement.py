"""What came back from one recipient of one message: opened, clicked, unsubscribed, complained, answered."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

What = Literal["open", "click", "unsubscribe", "complaint", "reply"]


class Engagement(BaseModel):
    """First, last and how often, by people and by machines apart (peers mix them). The IP address is never kept.

    Document id: `<campaign>-<key>-<what>`."""

    model_config = ConfigDict(extra="forbid")

    campaign: str
    key: str
    person: str
    what: What
    human: int = 0
    machine: int = 0
    first_at: datetime
    first_human_at: datetime | None = None
    last_at: datetime
    machine_reason: str | None = None
    target: int | None = None
    simulated: bool = False
    """True if any of it came from simulated people; shown wherever it is counted."""


def engagement_id(campaign: str, key: str, what: What) -> str:
    """The document id of one recipient's reactions of one kind."""
    return f"{campaign}-{key}-{what}"
