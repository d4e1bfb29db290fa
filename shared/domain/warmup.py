"""How much a new domain may send a day: providers distrust a name that they do not know and that sends much at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

RAMP = (
    50, 100, 200, 400, 700, 1_000, 1_500, 2_000, 3_000, 4_000, 5_000, 7_000, 10_000, 14_000, 20_000, 28_000, 40_000,
    55_000, 75_000, 100_000, 140_000, 200_000, 280_000, 400_000,
)  # fmt: skip
"""Messages on the first, second, … day on which the domain sends; afterwards there is no limit. Doubled at first, then
by about two fifths a day, as mailbox providers ask (start low, raise slowly, with those who engage most)."""
FORGOTTEN = timedelta(days=30)
"""A domain that has not sent for longer begins again."""


def day_of_ramp(sent: Mapping[date, int], today: date) -> int:
    """The how manieth day of sending today is, 1 for the first; `sent` says how many messages left on which day."""
    days = sorted((day for day, count in sent.items() if count > 0 and day < today), reverse=True)
    counted, before = 0, today
    for day in days:
        if before - day > FORGOTTEN:
            break
        counted, before = counted + 1, day
    return counted + 1


def most_on(day: int) -> int | None:
    """How many messages may leave on the nth day of sending; None: as many as there are."""
    return RAMP[day - 1] if 1 <= day <= len(RAMP) else None if day > len(RAMP) else RAMP[0]


def room(day: int, days: int, taken: int) -> int | None:
    """How many messages fit into so many days from the nth on, of which `taken` have left today; None: no limit."""
    limits = [most_on(day + n) for n in range(days)]
    known = [limit for limit in limits if limit is not None]
    return max(0, sum(known) - taken) if len(known) == len(limits) else None
