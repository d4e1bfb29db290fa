"""When it leaves: how many in each hour, day by day, as bars whose numbers can be read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime, tzinfo
from typing import NamedTuple

from shared.domain.forecast import Slot
from shared.domain.report import Hour

_OPEN = 3
"""So many days are shown hour by hour at once; of more, each opens."""
_NUMBERED = 12
"""So many bars stand beside each other with their numbers above them."""


class Bar(NamedTuple):
    """One hour of a day: `percent` of the fullest hour."""

    hour: int
    n: int
    percent: int


class Day(NamedTuple):
    """One day with all of its hours from the first to the last in which anything is due."""

    day: date
    n: int
    bars: Sequence[Bar]

    @property
    def numbered(self) -> bool:
        return len(self.bars) <= _NUMBERED


class When(NamedTuple):
    """`planned`: how many are due; `sent`: how many have left. They add up over the days to `n`."""

    what: str
    n: int
    days: Sequence[Day]

    @property
    def open(self) -> bool:
        return len(self.days) <= _OPEN


def due(slots: Iterable[Slot], what: str, zone: tzinfo) -> When | None:
    """Of slots, by the hours of this zone; None if there are none."""
    return _when(what, ((each.at, each.count) for each in slots), zone)


def left(hours: Iterable[Hour], zone: tzinfo) -> When | None:
    """Of a report's hours."""
    return _when("sent", ((each.at, each.sent) for each in hours), zone)


def _when(what: str, counts: Iterable[tuple[datetime, int]], zone: tzinfo) -> When | None:
    found: Counter[tuple[date, int]] = Counter()
    for at, n in counts:
        if n:
            there = at.astimezone(zone)
            found[there.date(), there.hour] += n
    if not found:
        return None
    most = max(found.values())
    days = [_day(day, {hour: n for (of, hour), n in found.items() if of == day}, most) for day, _ in sorted(found)]
    return When(what, found.total(), list({each.day: each for each in days}.values()))


def _day(day: date, hours: dict[int, int], most: int) -> Day:
    between = range(min(hours), max(hours) + 1)
    bars = [Bar(hour, hours.get(hour, 0), -(-100 * hours.get(hour, 0) // most)) for hour in between]
    return Day(day, sum(hours.values()), bars)
