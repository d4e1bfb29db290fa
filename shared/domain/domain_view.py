"""A sender's domain as people see it."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict

from shared.domain.health import Health
from shared.domain.sender_domain import Checked


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Ramp(_Strict):
    """`day`: the how manieth day of sending today is. `ahead`: how many messages a day allows, if the domain sends on
    every day until then; None is no limit."""

    day: int
    sent_today: int
    most_today: int | None
    ahead: dict[date, int | None]


class DomainView(_Strict):
    """not_applicable: nothing leaves this machine; unready: DNS is not in order; paused: too much came back."""

    domain: str
    state: Literal["not_applicable", "ready", "unready", "paused"]
    why: str | None = None
    checked: Checked | None = None
    ramp: Ramp | None = None
    health: Health | None = None
