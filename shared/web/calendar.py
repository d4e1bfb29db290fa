"""The calendar as its page shows it, and its form as the API takes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from shared.domain.calendar_feed import Stretch
from shared.web.fields import filled, local_time

LABELS: Mapping[str, str] = {
    "first_day": "First day",
    "last_day": "Last day",
    "start": "From",
    "end": "Until",
    "title": "What it is",
    "name": "Name",
    "url": "Address",
    "file": "File",
    "entry": "Entry",
    "calendar": "Calendar",
}
"""Field of the API -> what the page calls it."""


class Row(NamedTuple):
    """One stretch: when in words, what it is, the id if it can be taken out here."""

    when: str
    what: str
    entry: str


def listed(stretches: Sequence[Stretch], zone: ZoneInfo) -> list[Row]:
    """In order."""
    return [Row(spoken(each.start, each.end, each.why, zone), _what(each), each.entry) for each in stretches]


def spoken(start: datetime, end: datetime, why: str, zone: ZoneInfo) -> str:
    """Thu 4 Mar 2027 · Thu 4 to Fri 5 Mar · Thu 4 Mar, 09:00 to 10:00."""
    first, last = start.astimezone(zone), end.astimezone(zone)
    if why == "blackout":
        end_day = (last - timedelta(minutes=1)).date()
        one = f"{first:%a %-d %b %Y}"
        return one if end_day == first.date() else f"{one} to {end_day:%a %-d %b %Y}"
    until = f"{last:%H:%M}" if last.date() == first.date() else f"{last:%a %-d %b %H:%M}"
    return f"{first:%a %-d %b %Y, %H:%M} to {until}"


def entry_of_form(form: Mapping[str, str], zone: ZoneInfo) -> dict[str, Any]:
    """As the API takes it; times are times of `zone`."""
    said = filled(form)
    days = {name: said[name] for name in ("title", "first_day", "last_day") if name in said}
    return days | {name: local_time(said[name], zone) for name in ("start", "end") if name in said}


def _what(each: Stretch) -> str:
    kind = "Blackout" if each.why == "blackout" else "Busy"
    return f"{kind}: {each.title}" if each.title else kind
