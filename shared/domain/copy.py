"""Using a campaign again: the same words, a new window, and which of its people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict

from shared.domain.campaign import CampaignRequest, Who, Window
from shared.domain.figures import people
from shared.domain.forecast import Forecast
from shared.domain.money import spelled
from shared.domain.policy import Cap
from shared.domain.texts import Line

Audience = Literal["same", Who]


class CopyRequest(BaseModel):
    """The body of POST …/copy. Without a window: as many days and the same hours, from the approval on."""

    model_config = ConfigDict(extra="forbid")

    name: Line | None = None
    window: Window | None = None
    audience: Audience = "same"


class Trial(BaseModel):
    """What the copy would be, in a sentence and in numbers. Nothing was made or sent."""

    model_config = ConfigDict(extra="forbid")

    sentence: str
    request: CampaignRequest
    people: int
    gets: int
    held: dict[str, int]
    cost_micros: int


def trial(request: CampaignRequest, ahead: Forecast, caps: Sequence[Cap]) -> Trial:
    """311 people · at most €0.93 · 7 held (cap 2/week) · nothing sent."""
    parts = [people(ahead.gets), f"at most {spelled(ahead.cost_micros)}", *_held(ahead.held, caps), "nothing sent"]
    return Trial(
        sentence=" · ".join(parts),
        request=request,
        people=ahead.people,
        gets=ahead.gets,
        held=ahead.held,
        cost_micros=ahead.cost_micros,
    )


def _held(held: Mapping[str, int], caps: Sequence[Cap]) -> list[str]:
    if not held:
        return []
    names = {code: _caps(caps) if code == "capped" else code.replace("_", " ") for code in held}
    why = [f"{names[code]} {n:,}" if len(held) > 1 else names[code] for code, n in held.items()]
    return [f"{sum(held.values()):,} held ({', '.join(why)})"]


def _caps(caps: Sequence[Cap]) -> str:
    days = {1: "day", 7: "week", 30: "month"}
    return " and ".join(f"cap {each.most}/{days.get(each.days, f'{each.days} days')}" for each in caps) or "capped"
