"""When the sender is busy or closed: whole days and appointments, as moments in which nothing may leave (S2.7)."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Literal, NamedTuple
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, StringConstraints, field_validator, model_validator

from shared.domain.texts import Plain

Why = Literal["busy", "blackout"]
"""busy: an appointment, from one moment to another; blackout: a whole day, or several."""
ENTRY_ID = re.compile("[a-z0-9][a-z0-9-]{0,63}")
LONGEST = timedelta(days=366)
_YEARS = range(2000, 2200)


class Busy(NamedTuple):
    """A stretch of time that is taken, [start, end) in UTC. `entry` and `title` only of what Baton itself put there:
    what others' appointments are about is nobody's business here."""

    start: datetime
    end: datetime
    why: Why
    entry: str = ""
    title: str = ""


class Entry(BaseModel):
    """What Baton puts into a calendar: whole days, both included, or an appointment."""

    model_config = ConfigDict(extra="forbid")

    title: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200), Plain] = ""
    first_day: date | None = None
    last_day: date | None = None
    start: datetime | None = None
    end: datetime | None = None

    @field_validator("start", "end")
    @classmethod
    def _aware(cls, moment: datetime | None) -> datetime | None:
        if moment is None:
            return None
        if moment.tzinfo is None:
            raise ValueError("needs a UTC offset, for example 2027-03-01T08:00:00Z")
        if moment.year not in _YEARS:
            raise ValueError("must be a year from 2000 to 2199")
        return moment.astimezone(UTC)

    @field_validator("first_day", "last_day")
    @classmethod
    def _near(cls, day: date | None) -> date | None:
        if day is not None and day.year not in _YEARS:
            raise ValueError("must be a year from 2000 to 2199")
        return day

    @model_validator(mode="after")
    def _one_of(self) -> Entry:
        days, moments = (self.first_day, self.last_day), (self.start, self.end)
        if self.first_day and not self.last_day:
            self.last_day = self.first_day
            days = (self.first_day, self.last_day)
        if not (all(days) and not any(moments)) and not (all(moments) and not any(days)):
            raise ValueError("give first_day (and last_day, if it is another), or start and end")
        if self.first_day and self.last_day and self.last_day < self.first_day:
            raise ValueError("last_day must not be before first_day")
        if self.start and self.end and self.end <= self.start:
            raise ValueError("end must be after start")
        if self.span(ZoneInfo("UTC")).end - self.span(ZoneInfo("UTC")).start > LONGEST:
            raise ValueError(f"it may take {LONGEST.days} days at most")
        return self

    def span(self, zone: ZoneInfo, id: str = "") -> Busy:
        """When that is; days are days of `zone`."""
        if self.first_day and self.last_day:
            start, end = midnight(self.first_day, zone), midnight(self.last_day + timedelta(days=1), zone)
            return Busy(start, end, "blackout", id, self.title)
        assert self.start
        assert self.end
        return Busy(self.start, self.end, "busy", id, self.title)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """When a day begins there, in UTC."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


class Taken:
    """All that is taken, to be asked about moments. What overlaps is one stretch, a blackout if part of it is one."""

    def __init__(self, busy: Iterable[Busy] = ()) -> None:
        self._stretches = tuple(_merged(busy))
        self._starts = [each.start for each in self._stretches]

    def __iter__(self) -> Iterator[Busy]:
        return iter(self._stretches)

    def __bool__(self) -> bool:
        return bool(self._stretches)

    def over(self, start: datetime, end: datetime) -> Busy | None:
        """The first stretch that reaches into [start, end), which may be the moment `start` alone; None: it is free."""
        n = bisect_right(self._starts, start) - 1
        if n >= 0 and self._stretches[n].end > start:
            return self._stretches[n]
        following = n + 1
        if following < len(self._starts) and self._starts[following] < end:
            return self._stretches[following]
        return None

    def free_from(self, moment: datetime) -> datetime:
        """`moment`, or when the stretches that it lies in end."""
        while here := self.over(moment, moment):
            moment = here.end
        return moment

    def whole(self, start: datetime, end: datetime) -> Busy | None:
        """The first stretch of [start, end) if no moment in it is free."""
        return self.over(start, end) if self.free_from(start) >= end else None


def _merged(busy: Iterable[Busy]) -> Iterator[Busy]:
    last: Busy | None = None
    for each in sorted(busy, key=lambda found: (found.start, found.end)):
        if each.end <= each.start:
            continue
        if last is None or each.start >= last.end:
            if last:
                yield last
            last = Busy(each.start, each.end, each.why)
        else:
            why: Why = "blackout" if "blackout" in (last.why, each.why) else "busy"
            last = Busy(last.start, max(last.end, each.end), why)
    if last:
        yield last
