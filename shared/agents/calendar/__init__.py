"""When nothing leaves: what the workspace's calendar and the other calendars that it keeps to say (S2.7).

`feeds` the other calendars · `free` what a campaign's window has left."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import chain
from zoneinfo import ZoneInfo

import uuid_utils

from shared.agents.calendar import feeds
from shared.agents.calendar.feeds import refresh as refresh
from shared.domain.calendar import ENTRY_ID, Busy, Entry, Taken
from shared.domain.calendar_feed import CalendarView, stretch
from shared.domain.campaign import Window
from shared.domain.faults import Conflict, FieldError, Missing, Rejected, Unavailable
from shared.domain.scope import Scope
from shared.ports import Calendar, CalendarUnavailable, Ports

MOST_DAYS = 400
"""So much of a calendar is shown at a time."""


def taken(ports: Ports, scope: Scope, start: datetime, end: datetime) -> Taken:
    """All that is taken of [start, end). Raises CalendarUnavailable: then nothing may leave."""
    if ports.calendar is None:
        return Taken()
    return Taken(chain(ports.calendar.busy(scope, start, end), feeds.busy(ports, scope, start, end)))


def ahead(ports: Ports, scope: Scope, window: Window, start: datetime) -> Taken:
    """All that is taken of a window that begins at `start`, and of the night after it. Raises CalendarUnavailable."""
    return taken(ports, scope, start, start + timedelta(days=window.days + 2))


def leaves_nothing(taken: Taken, window: Window, start: datetime, timezone: str) -> str | None:
    """Why a window that begins at `start` has no free moment at all; None: it has."""
    end = start + timedelta(days=window.days)
    met = taken.whole(start, end)
    if met is None:
        return None
    free = taken.free_from(start).astimezone(ZoneInfo(timezone))
    kind = "has blackout days" if met.why == "blackout" else "is busy"
    return f"the calendar {kind} for the whole window; it is free again from {free:%Y-%m-%d %H:%M} on ({timezone})"


def sentence(fault: CalendarUnavailable) -> str:
    """For people."""
    return f"the calendar cannot be used just now: {fault}"


def view(ports: Ports, scope: Scope, start: datetime | None, end: datetime | None) -> CalendarView:
    """Stretch by stretch, from now on for a year if nothing else is asked. Raises Rejected."""
    start = start or ports.clock.now().replace(minute=0, second=0, microsecond=0)
    for field, moment in (("start", start), ("end", end or start)):
        if moment.tzinfo is None or not 2000 <= moment.year < 2200:
            raise Rejected(FieldError(field, "must be a moment with a UTC offset, of a year from 2000 to 2199"))
    end = end or start + timedelta(days=366)
    if not start < end <= start + timedelta(days=MOST_DAYS):
        raise Rejected(FieldError("end", f"must be after start, by {MOST_DAYS} days at most"))
    start, end = start.astimezone(UTC), end.astimezone(UTC)
    found, trouble = _looked(ports, scope, start, end)
    return CalendarView(
        start=start,
        end=end,
        timezone=ports.timezone,
        stretches=[stretch(each) for each in found],
        feeds=feeds.listing(ports, scope),
        trouble=trouble,
    )


def enter(ports: Ports, scope: Scope, by: str, entry: Entry) -> str:
    """Write a new entry; its id. Raises Unavailable."""
    id = uuid_utils.uuid7().hex
    try:
        _calendar(ports).put(scope, id, entry)
    except CalendarUnavailable as fault:
        raise Unavailable(sentence(fault)) from None
    _note(ports, scope, by, "calendar-entry", id)
    return id


def remove(ports: Ports, scope: Scope, by: str, id: str) -> None:
    """Take an entry out. Raises Missing, Unavailable."""
    try:
        if not (ENTRY_ID.fullmatch(id) and _calendar(ports).remove(scope, id)):
            raise Missing("calendar entry", id[:64])
    except CalendarUnavailable as fault:
        raise Unavailable(sentence(fault)) from None
    _note(ports, scope, by, "calendar-entry-removed", id)


def _looked(ports: Ports, scope: Scope, start: datetime, end: datetime) -> tuple[list[Busy], str | None]:
    if ports.calendar is None:
        return [], None
    try:
        own = ports.calendar.busy(scope, start, end)
        return sorted(chain(own, feeds.busy(ports, scope, start, end))), None
    except CalendarUnavailable as fault:
        return [], sentence(fault)


def _calendar(ports: Ports) -> Calendar:
    if ports.calendar is None:
        raise Conflict("calendar", "there is no calendar here")
    return ports.calendar


def _note(ports: Ports, scope: Scope, by: str, what: str, id: str) -> None:
    ports.journal.append(scope, "policy", ports.clock.now(), by, what, {"id": id})
