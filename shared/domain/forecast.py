"""Who would not get a campaign, and what may lawfully be done about it: for those who decide whether it goes out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict

from shared.domain.figures import people

MANY = 0.3
"""More than this share held leads the page and the answer: the audience is probably not the intended one."""
NAMES = 10

REPAIRS: Mapping[str, str] = {
    "pending": "Only they can confirm, by the link in the mail that asks them; ask again after a week at the earliest.",
    "no_consent": "If they agreed, import it with its source and date; if not, ask in person or by a sign-up form.",
    "withdrawn": "Nothing may be sent here; only they can agree anew, of their own accord.",
    "suppressed": "Nothing may be sent: an objection to advertising is absolute until they sign up again themselves.",
    "channel_off": "Use another channel that they have agreed to.",
    "topic_off": "Write to them about another topic that they have not declined.",
    "expired": "Ask for explicit consent at their next visit or purchase; a new purchase or inquiry starts a new term.",
    "wrong_purpose": "Name a purpose that they agreed to, or ask for this one by a form.",
    "wrong_basis": "Where they live explicit consent is needed: ask for it in person or by a sign-up form.",
    "no_notice": "Write by e-mail, whose layout tells them, have older mails written again, or tell them otherwise.",
    "notice_late": "Tell them by other means where their data were found, and record it; or erase what was found.",
    "holdout": "Nothing is wrong: set the holdout to 0 in the next campaign to write to everybody.",
    "over_budget": "Raise the limit in the next campaign.",
    "no_room": "Give the next campaign more days or longer hours.",
    "capped": "Give the campaign more days, or wait; the cap protects them from too many messages.",
    "collision": "Give the campaign more days or hours, so that it can keep its distance from the other one.",
    "zone_unknown": "Import their time zone or at least their country.",
    "quiet_hours": "Give the window hours that are allowed where they live.",
    "holiday": "Give the window a day that is no holiday where they live.",
    "busy": "Give the campaign more days or hours, or take the appointment out of the calendar.",
    "blackout": "Give the campaign another day, or take the blackout day out of the calendar.",
    "quota": "Give the campaign more days, or have the provider raise the quota.",
    "warming_up": "Give the campaign more days; a new domain must not send much at once.",
    "sender_unknown": "Send from one of the domains in the policy, or add this one if it is yours.",
    "no_postal_address": "Have it written again: every message must show the postal address.",
    "no_way_out": "Have it written again: every message must offer a way to opt out.",
    "no_disclosure": "Have it written again: every message must say who or what wrote it.",
    "promotion": "Take the advertising out, or declare the campaign commercial.",
    "erased": "Nothing may be sent: they had their data erased; only they can come back, of their own accord.",
    "gone": "Nothing is to be done: they were deleted or have another address now.",
    "no_number": "Ask them for their mobile number, with the country code, and import it again.",
    "unreadable": "Import these people again: what is on file about them is damaged.",
    "journey_changed": "Nothing is to be done: whoever comes to this mail gets its new words.",
    "left_journey": "Nothing is to be done: what took them out of the journey is what its plan says.",
    "not_approved": "Approve the present version.",
    "cancelled": "Start a new campaign.",
}
"""Reason code -> what may lawfully be done, in one sentence."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Somebody(_Strict):
    """One of those who would not get it."""

    contact: str
    name: str


class Group(_Strict):
    """Everybody whom one reason holds: how many, the first ten of them, and what may be done."""

    code: str
    reason: str
    count: int
    names: list[Somebody]
    repair: str


class Spread(_Strict):
    """How a limit a day spreads a campaign: at most so many on the first day, the last of them on `last` (UTC)."""

    code: str
    first_day: int
    last: date


class Slot(_Strict):
    """How many are due in the quarter of an hour that begins at `at`."""

    at: datetime
    count: int


class Forecast(_Strict):
    """`people` of the audience and the `gets` of them who would get it as things stand; the greatest group first."""

    warning: str | None = None
    """The first thing to read, if more than 30 % would not get it."""
    people: int
    gets: int
    groups: list[Group]
    cost_micros: int = 0
    """Millionths of a euro for those who would get it."""
    spread: Spread | None = None
    """If a limit a day spreads them over more days than it would otherwise take."""
    slots: list[Slot] = []
    """When the `gets` would leave if it began as soon as it can, and add up to them; none where a limit moves them."""
    made_at: datetime

    @property
    def held(self) -> dict[str, int]:
        """Reason code -> how many."""
        return {group.code: group.count for group in self.groups}


class Day(NamedTuple):
    """A day (UTC) on which at most `most` messages may leave, because of `code`; None: no limit."""

    day: date
    most: int | None
    code: str


class Paced(NamedTuple):
    """How many fit into the days, what holds the rest, and how they are spread (None: no day's limit is reached)."""

    fit: int
    code: str
    spread: Spread | None


def paced(gets: int, days: Sequence[Day], plan: int) -> Paced:
    """So many messages, planned evenly over the first `plan` days; what a day has no room for waits for the next."""
    fit, waiting, reached = 0, 0, [each for each in days if each.most is not None]
    binding, last = "", days[0].day
    for n, each in enumerate(days, 1):
        waiting += gets * min(n, plan) // plan - gets * min(n - 1, plan) // plan
        leaving = waiting if each.most is None else min(waiting, each.most)
        binding = each.code if leaving < waiting and not binding else binding
        fit, waiting, last = fit + leaving, waiting - leaving, each.day if leaving else last
    if not binding:
        return Paced(fit, "", None)
    first = min(reached[0].most or 0, gets)
    return Paced(fit, reached[-1].code, Spread(code=binding, first_day=first, last=last))


def warning(everybody: int, gets: int, groups: list[Group]) -> str | None:
    """What leads, if too many would not get it."""
    held = everybody - gets
    if not everybody or held <= MANY * everybody:
        return None
    first = groups[0]
    share = f"{held / everybody:.0%}"
    return (
        f"{held:,} of {people(everybody)} ({share}) would not get it, {first.count:,} of them because {first.reason}. "
        f"{first.repair}"
    )
