"""schedule: ask for the approval of what was written, then give every recipient a slot and a position."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from shared.agents import calendar
from shared.agents.campaigns import manifest
from shared.agents.campaigns.control import cancel, follow
from shared.agents.channels import channel_of, stand_still
from shared.agents.records import change, load
from shared.agents.schedule import approval
from shared.agents.schedule.forecast import prepare
from shared.agents.schedule.planning import distribution, planned
from shared.domain.approval import Approval
from shared.domain.calendar import Busy, Taken
from shared.domain.campaign import ENDED, Campaign
from shared.domain.names import Verb
from shared.domain.outcome import Done, Later, Outcome
from shared.domain.scope import Scope
from shared.domain.slots import slot_start
from shared.ports import CalendarUnavailable, Ports


def run(ports: Ports, order: dict[str, Any]) -> Outcome:
    """One step towards a plan. Done: {next: end | generate} or {distributions}; with `distribution`: {shards}."""
    scope, id = Scope(*order["scope"]), order["campaign"]
    if "distribution" in order:
        return Done({"shards": distribution(ports, scope, id, order["distribution"])})
    campaign = load(ports, scope, id)
    if campaign.status in ENDED:
        return _ended(ports, scope, campaign)
    asked = approval.standing(ports, scope, campaign)
    gone = channel_of(ports, campaign).refusal()
    if asked is None or campaign.digest != asked.digest:
        if gone:
            return _unreachable(ports, scope, campaign, campaign.created_at, gone)
        asked = approval.ask(ports, scope, campaign)
    if campaign.part_wish or (asked.decision is None and campaign.recheck):
        return Done({"next": Verb.GENERATE})
    if asked.decision is None:
        prepare(ports, scope, load(ports, scope, id))
    return _answer(ports, scope, asked)


def _answer(ports: Ports, scope: Scope, asked: Approval) -> Outcome:
    now = ports.clock.now()
    if asked.decision is None:
        return _wait_for_a_person(ports, scope, asked, now)
    campaign = follow(ports, scope, asked)
    if campaign.status in ENDED:
        return _ended(ports, scope, campaign)
    if campaign.paused:
        return Later(now + timedelta(hours=6), "paused")
    if asked.decision == "changes" or campaign.change_wish is not None or campaign.part_wish is not None:
        return Done({"next": Verb.GENERATE})
    if campaign.status == "holding" and campaign.holding_until and now < campaign.holding_until:
        return Later(campaign.holding_until, "holding")
    if _slept_past(campaign, asked, now):
        return _missed(ports, scope, campaign, now)
    if campaign.status in ("awaiting_approval", "holding"):
        change(ports, scope, campaign.id, _released)
        return _answer(ports, scope, asked)  # It may have been recalled in between; after this it cannot.
    if campaign.journey:
        return Done({"next": "end"})  # Its journey sends it, person by person.
    if gone := channel_of(ports, campaign).refusal():
        return _unreachable(ports, scope, campaign, asked.at or asked.asked_at, gone)
    return _planned(ports, scope, campaign, asked)


def _unreachable(ports: Ports, scope: Scope, campaign: Campaign, since: datetime, why: str) -> Outcome:
    """Neither price nor pace is known without the channel, and nothing could leave. It is looked for less and less
    often."""
    stand_still(ports, scope, campaign.id, "schedule", why, {})
    now = ports.clock.now()
    return Later(now + min(max(now - since, timedelta(minutes=1)), timedelta(minutes=30)), "unreachable")


def _released(found: Campaign) -> None:
    found.proceed("awaiting_approval", "scheduled")
    found.proceed("holding", "scheduled")


def _wait_for_a_person(ports: Ports, scope: Scope, asked: Approval, now: datetime) -> Outcome:
    if asked.until and now >= asked.until:
        cancel(ports, scope, asked.subject, "nobody decided in time")
        return Done({"next": "end"})
    # Twice as long each time: the doorbell may get lost just after the question, hardly ever days later.
    patience = min(max(now - asked.asked_at, timedelta(minutes=1)), timedelta(hours=12))
    return Later(min(now + patience, asked.until or now + patience), "approval")


def _slept_past(campaign: Campaign, asked: Approval, now: datetime) -> bool:
    """The window was over before the plan could be made, also if that was tried all the time, and nobody said go on
    since."""
    window, went_on = campaign.request.window, campaign.went_on_at
    if window.start is None and campaign.journey:
        return False
    days = timedelta(days=window.days)
    end = (window.start or _start(campaign, asked)) + days
    return (went_on + days if went_on and went_on >= end else end) <= now


def _start(campaign: Campaign, asked: Approval) -> datetime:
    """When its window begins. A person may let it begin later; standing still does not."""
    starts = (campaign.request.window.start, asked.at, campaign.holding_until, campaign.went_on_at)
    return max(start for start in starts if start)


def _missed(
    ports: Ports, scope: Scope, campaign: Campaign, now: datetime, why: str = "its window ended before it was planned"
) -> Outcome:
    def ask_a_person(found: Campaign) -> None:
        for before in ("awaiting_approval", "holding", "scheduled"):
            found.proceed(before, "missed")
        if found.status == "missed":
            found.status_reason = why

    change(ports, scope, campaign.id, ask_a_person)
    return Later(now + timedelta(hours=6), "missed")


def _planned(ports: Ports, scope: Scope, campaign: Campaign, asked: Approval) -> Outcome:
    start, now = _start(campaign, asked), ports.clock.now()
    if campaign.cancelled or ports.files.size(scope, manifest.path_of(campaign.id)) is not None:
        return Done({"distributions": planned(ports, scope, campaign, asked, start, Taken())})
    try:
        taken = _left(campaign, start, calendar.ahead(ports, scope, campaign.request.window, start))
    except CalendarUnavailable as fault:
        stand_still(ports, scope, campaign.id, "schedule", calendar.sentence(fault), {})
        return Later(now + timedelta(minutes=1), "calendar")
    if why := calendar.leaves_nothing(taken, campaign.request.window, start, ports.timezone):
        return _missed(ports, scope, campaign, now, why)
    return Done({"distributions": planned(ports, scope, campaign, asked, start, taken)})


def _left(campaign: Campaign, start: datetime, taken: Taken) -> Taken:
    """With the time in which it stood still before it could be planned: nobody gets a slot in it."""
    tried = slot_start(campaign.resumed_at) if campaign.resumed_at else start
    return Taken([*taken, Busy(start, tried, "busy")]) if tried > start else taken


def _ended(ports: Ports, scope: Scope, campaign: Campaign) -> Outcome:
    """Cancelled while it was planned (or killed before that was told): what has a row is held as all others are, so
    the plan is completed first."""
    asked = approval.standing(ports, scope, campaign)
    if campaign.cancelled and asked and ports.files.size(scope, manifest.path_of(campaign.id)) is not None:
        return _planned(ports, scope, campaign, asked)
    return Done({"next": "end"})
