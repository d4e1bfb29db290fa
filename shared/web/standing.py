"""Where a campaign stands: one sentence, and numbers that add up to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import NamedTuple

from shared.domain.campaign import Campaign
from shared.domain.certificate import Certificate
from shared.domain.figures import people
from shared.web.words import moment, money, span


@dataclass(frozen=True)
class Standing:
    """Every planned recipient in exactly one part; `sent` includes the `twice` that must never be."""

    sent: int = 0
    twice: int = 0
    failed: int = 0
    unknown: int = 0
    held: int = 0
    remaining: int = 0

    @property
    def planned(self) -> int:
        return self.sent + self.failed + self.unknown + self.held + self.remaining


class Part(NamedTuple):
    """One part of the bar: `colour` is a name in the palette, `state` the recipients to list (None: all)."""

    label: str
    n: int
    colour: str
    state: str | None


def of_tally(tally: Mapping[str, int]) -> Standing:
    """As the ledger's own sums say it: cheap, to be looked at every few seconds."""
    get = tally.get
    return Standing(
        sent=get("accepted", 0) + get("delivered", 0),
        failed=get("failed", 0),
        unknown=get("unknown", 0) + get("submitted", 0),
        held=get("held", 0),
        remaining=get("planned", 0) + get("intent", 0),
    )


def of_certificate(proof: Certificate) -> Standing:
    """As recounted row by row."""
    return Standing(
        sent=proof.sent_once + proof.sent_twice,
        twice=proof.sent_twice,
        failed=proof.failed,
        unknown=proof.unknown,
        held=sum(proof.held.values()),
        remaining=proof.remaining,
    )


def parts(standing: Standing) -> list[Part]:
    """The parts of the bar, in order."""
    return [
        Part("sent once", standing.sent - standing.twice, "sent", "accepted"),
        Part("sent twice", standing.twice, "failed", None),
        Part("failed", standing.failed, "failed", "failed"),
        Part("unknown", standing.unknown, "unknown", "unknown"),
        Part("held", standing.held, "held", "held"),
        Part("remaining", standing.remaining, "rest", "planned"),
    ]


def headline(campaign: Campaign, standing: Standing, gets: int | None, zone: tzinfo, approver: bool = True) -> str:
    """The first sentence of the page. `gets`: how many would get it now, if somebody forecast that; `approver`: its
    reader may approve."""
    name = f"“{campaign.name}”"
    match campaign.status:
        case "generating":
            return f"{name} is being written{' again, with your changes' if campaign.change_wish else ''}."
        case "awaiting_approval":
            return f"{_before(campaign, gets, zone, 'would get')} It waits for {'your ' if approver else ''}approval."
        case "holding":
            return f"{_before(campaign, gets, zone, 'get')} Nothing leaves yet: it can still be recalled."
        case "scheduled" | "sending" if campaign.status_reason:
            return f"{_so_far(campaign, standing)}; {standing.remaining:,} to come, {campaign.status_reason}."
        case "scheduled":
            return _before(campaign, gets, zone, "get")
        case "sending":
            return f"{_so_far(campaign, standing)}; {standing.remaining:,} to come until {_until(campaign, zone)}."
        case "paused":
            return f"Paused. {_so_far(campaign, standing)}; {standing.remaining:,} wait until you resume."
        case "missed":
            waiting = people(standing.remaining if campaign.shards else campaign.audience)
            return f"The time of {name} passed before it could be sent. Shall it still go to {waiting}?"
        case "analyzing" | "completed":
            return _after(name, standing)
        case "cancelled":
            return f"{name} was cancelled. {_so_far(campaign, standing)}."
        case "failed":
            return f"{name} failed: {campaign.status_reason or 'no reason was recorded'}."


def window(campaign: Campaign, zone: tzinfo) -> str:
    """When it leaves: the plan if there is one, else the window that was asked for, each on the recipient's clock."""
    if campaign.first_due and campaign.last_due:
        return span(campaign.first_due, campaign.last_due, zone)
    asked = campaign.request.window
    start = (asked.start or campaign.created_at).astimezone(zone)
    opens = start.replace(hour=asked.hours[0] % 24, minute=0, second=0, microsecond=0)
    return span(max(start, opens), _closes(start + timedelta(days=asked.days - 1), asked.hours[1]), zone)


def _closes(day: datetime, hour: int) -> datetime:
    return day.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(hours=hour)


def _before(campaign: Campaign, gets: int | None, zone: tzinfo, verb: str) -> str:
    who = people(campaign.audience) if gets is None else f"{gets:,} of {people(campaign.audience)}"
    cost = f"for at most {money(campaign.max_cost_micros)}" if campaign.max_cost_micros else "at no cost"
    return f"{who} {verb} “{campaign.name}”, {window(campaign, zone)}, {cost}."


def _so_far(campaign: Campaign, standing: Standing) -> str:
    return f"{standing.sent:,} of {people(standing.planned)} got “{campaign.name}”"


def _until(campaign: Campaign, zone: tzinfo) -> str:
    return moment(campaign.last_due, zone) if campaign.last_due else "the window closes"


def _after(name: str, standing: Standing) -> str:
    once, twice = standing.sent - standing.twice, standing.twice
    return (
        f"{once:,} of {people(standing.planned)} got {name} once, {twice or 'nobody'} twice; "
        f"{standing.failed:,} failed, {standing.unknown:,} unknown."
    )
