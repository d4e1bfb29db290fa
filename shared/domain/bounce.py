"""What an undelivered message says about its person and about our domain (rule B1), and what is kept of it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal

from pydantic import BaseModel, ConfigDict

Trouble = Literal["hard", "policy", "soft", "complaint"]

SOFT_MOST = 3
"""So many soft bounces …"""
SOFT_WITHIN = timedelta(days=30)
"""… of messages that left within this time, and the address counts as dead."""
_STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_NO_SUCH_MAILBOX = ("5.1.1", "5.1.10")


class Return(BaseModel):
    """One message that came back, or that its reader complained about: a fact for the domain's health, too.

    Document id: `<campaign>-<key>-<attempt>-<trouble>`, so whatever repeats or reorders the news, it is there once."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    campaign: str
    key: str
    attempt: int
    person: str
    domain: str
    """The sender's: policy bounces and complaints are about it, not about the person."""
    trouble: Trouble
    status: str
    left_at: datetime
    at: datetime

    @property
    def id(self) -> str:
        return f"{self.campaign}-{self.key}-{self.attempt}-{self.trouble}"


def status_of(text: str) -> str | None:
    """The first enhanced status code (RFC 3463) in a text; None if there is none."""
    found = _STATUS.search(text[:2000])
    return ".".join(found.groups()) if found else None


def trouble_of(status: str) -> Trouble:
    """hard: there is no such mailbox; policy: they refuse us, not the person; soft: everything else, be it for now or
    for good (a full mailbox, a message that expired in a queue)."""
    if status in _NO_SUCH_MAILBOX:
        return "hard"
    return "policy" if status.startswith("5.7.") else "soft"


def too_often(left: Iterable[datetime]) -> bool:
    """Did SOFT_MOST messages that left within SOFT_WITHIN bounce softly? By when they left, which no report can move,
    so the order in which reports come does not matter."""
    times = sorted(left)
    return any(later - first <= SOFT_WITHIN for first, later in zip(times, times[SOFT_MOST - 1 :], strict=False))
