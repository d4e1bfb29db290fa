"""Who a campaign would reach and when, as the form of a new campaign shows it."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from shared.domain.audience import WEEK, AudiencePreview, Hour
from shared.web.campaign_form import request_of_form

_ASKED = ("segment", "channels", "message", "purpose", "topic", "window", "holdout")
_TAKEN = {"busy": "busy", "blackout": "closed"}


class Cell(NamedTuple):
    """An hour of a day: what stands in it, how dark it is (0 to 4, or taken), and what it is called."""

    text: str
    shade: str
    label: str


class Week(NamedTuple):
    """Days across, hours down; `before` and `after`: the weeks that can be looked at next."""

    days: list[str]
    rows: list[tuple[str, list[Cell]]]
    before: int | None
    after: int | None


def asked_of_form(form: Mapping[str, str], zone: ZoneInfo) -> dict[str, Any]:
    """What the API is asked. Raises Rejected for a condition that is none."""
    said = request_of_form(form, zone)
    sender = {} if len(said["sender"]) < 3 else {"sender": said["sender"]}
    looked = {"everybody": "everybody" in form, "week": form.get("week") or 0}
    return {**{name: said[name] for name in _ASKED if name in said}, "budget": said["budget"], **sender, **looked}


def week_of(found: AudiencePreview, zone: ZoneInfo, week: int, days: int) -> Week | None:
    """None: there is nothing to show. Hours in which nobody may be written to on any day are left out at both ends."""
    by_day = [list(hours) for _, hours in groupby(found.hours, lambda hour: hour.at.astimezone(zone).date())]
    by_day = [hours for hours in by_day if len(hours) == 24]
    used = [n for n in range(24) if any(hours[n].people for hours in by_day)]
    if not used:
        return None
    most = max(found.forecast.gets, 1)
    rows = [(f"{n:02}", [_cell(hours[n], most, zone) for hours in by_day]) for n in range(min(used), max(used) + 1)]
    labels = [f"{hours[0].at.astimezone(zone):%a %-d}" for hours in by_day]
    return Week(labels, rows, week - 1 if week else None, week + 1 if (week + 1) * WEEK <= days else None)


def _cell(hour: Hour, most: int, zone: ZoneInfo) -> Cell:
    when = f"{hour.at.astimezone(zone):%a %H:%M}"
    if hour.taken != "free":
        return Cell(_TAKEN[hour.taken], hour.taken, f"{when}: nothing leaves, {_TAKEN[hour.taken]}")
    shade = 0 if not hour.people else min(4, 1 + int(4 * hour.people / most))
    return Cell(_short(hour.people), f"s{shade}", f"{when}: {hour.people:,} in their hours")


def _short(count: int) -> str:
    """7, 950, 1.2k, 75k."""
    if not count:
        return ""
    if count < 1000:
        return str(count)
    return f"{count / 1000:.1f}k" if count < 9950 else f"{count / 1000:.0f}k"
