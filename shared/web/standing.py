"""Where a campaign stands: one sentence, and numbers that add up to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import NamedTuple

from shared.domain.campaign import Campaign
from shared.domain.certificate import Certificate
from shared.domain.figures import people
from shared.domain.revenue import Revenue
from shared.web.words import amount, countdown, moment, money, span


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


def of_tally(tally: Mapping[str, int], twice: int = 0) -> Standing:
    """As the ledger's own sums say it: cheap, to be looked at every few seconds. They cannot tell who got it twice:
    `twice` as last recounted."""
    get = tally.get
    return Standing(
        twice=twice,
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


def foreseen(gets: int, people: int) -> list[Part]:
    """The parts of the bar before anything has left."""
    return [Part("get it", gets, "sent", None), Part("held", people - gets, "held", None)]


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


class Headline(NamedTuple):
    """The first sentence of the page; `mark` is the one thing in it that catches the eye."""

    before: str
    mark: str = ""
    after: str = ""

    def __str__(self) -> str:
        return self.before + self.mark + self.after


def headline(
    campaign: Campaign,
    standing: Standing,
    gets: int | None,
    zone: tzinfo,
    now: datetime,
    approver: bool = True,
    brought: str = "",
) -> Headline:
    """`gets`: how many would get it now, if somebody forecast that; `approver`: its reader may approve; `brought`: what
    orders brought in, if anything."""
    name = f"“{campaign.name}”"
    match campaign.status:
        case "generating":
            return Headline(f"{name} is being written{' again, with your changes' if campaign.change_wish else ''}.")
        case "awaiting_approval":
            waits = f"It waits for {'your ' if approver else ''}approval."
            return Headline(f"{_before(campaign, gets, zone)} {waits}")
        case "holding":
            return _held(campaign, gets, zone, now)
        case "scheduled" | "sending" if campaign.status_reason:
            return Headline(f"{_so_far(campaign, standing)}; {standing.remaining:,} to come, {campaign.status_reason}.")
        case "scheduled":
            return _held(campaign, gets, zone, now)
        case "sending":
            return Headline(_leaving(campaign, standing, zone))
        case "paused":
            return Headline(f"Paused. {_so_far(campaign, standing)}; {standing.remaining:,} wait until you resume.")
        case "missed":
            waiting = people(standing.remaining if campaign.shards else campaign.audience)
            return Headline(f"The time of {name} passed before it could be sent. Shall it still go to {waiting}?")
        case "analyzing" | "completed":
            return Headline(_after(name, standing) + " " * bool(brought), brought)
        case "cancelled":
            return Headline(f"{name} was cancelled. {_so_far(campaign, standing)}.")
        case "failed":
            return Headline(f"{name} failed: {campaign.status_reason or 'no reason was recorded'}.")


def held_for(campaign: Campaign, now: datetime) -> str | None:
    """How long nothing leaves yet; None if something may."""
    if campaign.status == "holding" and campaign.holding_until:
        return countdown(campaign.holding_until - now)
    if campaign.status == "scheduled" and campaign.first_due and campaign.first_due > now:
        return countdown(campaign.first_due - now)
    return None


def brought_in(revenue: Revenue | None) -> str:
    """11 orders, €1,310. Nothing: nothing."""
    if revenue is None or not revenue.total:
        return ""
    sums = " and ".join(amount(each.value, each.currency) for each in revenue.total)
    return f"{revenue.orders:,} order{'' if revenue.orders == 1 else 's'}, {sums}."


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


def _before(campaign: Campaign, gets: int | None, zone: tzinfo) -> str:
    who = people(campaign.audience) if gets is None else f"{gets:,} of {people(campaign.audience)}"
    return f"{who} get “{campaign.name}”, {window(campaign, zone)}{_cost(campaign.max_cost_micros)}."


def _cost(micros: int | None) -> str:
    if micros is None:
        return ""
    return f", for at most {money(micros)}" if micros else ", at no cost"


def _held(campaign: Campaign, gets: int | None, zone: tzinfo, now: datetime) -> Headline:
    left, told = held_for(campaign, now), _before(campaign, gets, zone)
    return Headline("Nothing leaves for ", left, f". Then {told}") if left else Headline(told)


def _so_far(campaign: Campaign, standing: Standing) -> str:
    return f"{standing.sent:,} of {people(standing.planned)} got “{campaign.name}”"


def _leaving(campaign: Campaign, standing: Standing, zone: tzinfo) -> str:
    until = moment(campaign.last_due, zone) if campaign.last_due else "the window closes"
    failed = f"{standing.failed:,} failed, " if standing.failed else ""
    return (
        f"{_so_far(campaign, standing)}; {standing.held:,} held, {failed}{standing.unknown:,} unknown, "
        f"{standing.remaining:,} to come until {until}."
    )


def _after(name: str, standing: Standing) -> str:
    once, twice = standing.sent - standing.twice, standing.twice
    return (
        f"{once:,} of {people(standing.planned)} got {name} once, {twice or 'nobody'} twice; "
        f"{standing.failed:,} failed, {standing.unknown:,} unknown."
    )
