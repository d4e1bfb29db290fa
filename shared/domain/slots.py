"""When a message is due: 15-minute slots on the recipient's own clock (design 4.4)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

SLOT = timedelta(minutes=15)


@cache
def zone(name: str) -> ZoneInfo | None:
    """The time zone of that IANA name, None if there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def opening(moment: datetime, where: ZoneInfo, hours: tuple[int, int]) -> datetime:
    """The first instant from `moment` on at which the local clock is in [first hour, last hour). Aware UTC."""
    local = moment.astimezone(where)
    if hours[0] <= local.hour < hours[1]:
        return moment.astimezone(UTC)
    day = local.date() + timedelta(days=local.hour >= hours[1])
    return datetime(day.year, day.month, day.day, hours[0], tzinfo=where).astimezone(UTC)


def slot_start(moment: datetime) -> datetime:
    """The quarter of an hour that `moment` falls into."""
    moment = moment.astimezone(UTC)
    return moment - timedelta(minutes=moment.minute % 15, seconds=moment.second, microseconds=moment.microsecond)


def first_slot(start: datetime, day: int, where: ZoneInfo, hours: tuple[int, int]) -> datetime:
    """The slot of a recipient whose turn is on day `day` (0 = the first) of a window that begins at `start`."""
    if day == 0:
        return slot_start(opening(start, where, hours))
    local = start.astimezone(where).date() + timedelta(days=day)
    midnight = datetime(local.year, local.month, local.day, tzinfo=where)
    return slot_start(opening(max(midnight, start), where, hours))
