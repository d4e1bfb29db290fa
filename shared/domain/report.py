"""The report of a campaign: what went out, what came back, and how sure that is."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from shared.domain.certificate import Certificate
from shared.domain.revenue import Revenue
from shared.domain.statistics import Proportion, wilson


class _Frozen(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Rate(_Frozen):
    """`count` of `of` people; the true rate lies between `low` and `high` with 95 % confidence (Wilson)."""

    count: int
    of: int
    value: float
    low: float
    high: float

    @property
    def proportion(self) -> Proportion:
        return Proportion(self.count, self.of)


class Funnel(_Frozen):
    """People at each stage. A click proves an opening, so clicked <= opened <= sent always holds.

    `opened_by_machines`, `clicked_by_machines`: where only machines did; never counted as people. `bounced` are those
    of the failed whose message was taken and came back."""

    planned: int
    held: dict[str, int]
    failed: int
    unknown: int
    remaining: int
    sent: int
    opened: int
    opened_by_machines: int
    clicked: int
    clicked_by_machines: int
    unsubscribed: int
    bounced: int = 0
    complained: int = 0
    replied: int = 0


class Slice(_Frozen):
    """The reactions of one variant, or of the people who share a country, role or tag."""

    name: str
    sent: int
    opened: Rate
    clicked: Rate
    unsubscribed: Rate


class Hour(_Frozen):
    """One hour of the sender's clock, with what happened first in it: messages accepted, people's first reactions."""

    at: datetime
    sent: int
    opened: int
    clicked: int


class Finding(_Frozen):
    """What one rule says. Below its floor `enough` is False and the text says how much is missing.

    `n` is the size of the sample that the rule looked at; `advice` is what to do about it, if anything."""

    rule: str
    n: int
    floor: int
    enough: bool
    text: str
    advice: str | None = None


class Report(_Frozen):
    """Live at any time; `final` once the observation is closed. `hours` are in `timezone`, without empty hours.

    `simulated`: some of it came from simulated people, which every view must say."""

    campaign: str
    name: str
    made_at: datetime
    final: bool
    timezone: str
    simulated: bool
    sentences: tuple[str, str, str]
    certificate: Certificate
    funnel: Funnel
    opened: Rate
    clicked: Rate
    unsubscribed: Rate
    variants: list[Slice]
    segments: dict[str, list[Slice]]
    hours: list[Hour]
    findings: list[Finding]
    cost_micros: int | None = None
    """What its messages have cost, in millionths of a euro, as receipts say; None where nobody added it up yet."""
    revenue: Revenue | None = None
    """What orders brought in until now, also after the report is final, beside what it cost."""


def rate(count: int, of: int) -> Rate:
    """A rate with its interval."""
    found = Proportion(count, of)
    low, high = wilson(found)
    return Rate(count=count, of=of, value=found.value, low=low, high=high)
