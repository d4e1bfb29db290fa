"""When somebody may be written to: sending hours, the law's quiet hours and holidays on their own clock (rule C9).

Where a person lives decides; what is not known is not guessed: with several possible zones only the hours that all of
them allow count."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from shared.domain.calendar import Taken
from shared.domain.caps import Wait
from shared.domain.slots import opening

Hours = tuple[int, int]
_STEPS = 200
"""As often is a moment moved on before it is said that there is none; a year of Sundays and holidays takes fewer."""

LEAVES_WITHIN = timedelta(seconds=5)
"""A message that may leave now leaves within so long: nothing of it falls into what begins then."""

LEGAL_HOURS: Mapping[str, Mapping[str, Hours]] = {"sms": {"": (8, 21), "US": (8, 20), "FR": (8, 20)}}
"""Channel -> country ("" for all others) -> the hours in which advertising may arrive. 47 CFR 64.1200(c) says 8 to 21
in the United States; several of its states say 20, and a contact does not name its state."""
CLOSED_DAYS: Mapping[str, frozenset[str]] = {"sms": frozenset({"FR"})}
"""Channel -> countries where Sundays and public holidays are closed to advertising."""


class Clock(NamedTuple):
    """What is known of one person's time. `zones`: theirs, or all that they may live in; none if nothing is known."""

    zones: Sequence[ZoneInfo]
    country: str | None


class Rules(NamedTuple):
    """What holds for one message to one person. `quiet`: hours that bind over this channel, whoever sends; `taken`:
    what the sender's calendar says."""

    planned_zone: ZoneInfo
    sending: Hours
    quiet: Sequence[Hours]
    clock: Clock
    closed: Callable[[date], bool] | None
    taken: Taken = Taken()


class Opening(NamedTuple):
    """The first moment that everything allows, what forbids the present one, and whether that is soon enough."""

    code: str
    at: datetime
    fits: bool


def legal_hours(channel: str, country: str | None) -> Hours | None:
    """The law's own hours for advertising over this channel; None where it has none. Unknown country: the strictest."""
    rows = LEGAL_HOURS.get(channel)
    if rows is None:
        return None
    if country is None:
        return max(first for first, _ in rows.values()), min(last for _, last in rows.values())
    return rows.get(country, rows[""])


def closed_by_law(channel: str, country: str | None) -> bool:
    """Are Sundays and holidays closed by law over this channel, or may they be for all that is known?"""
    countries = CLOSED_DAYS.get(channel, frozenset())
    return country in countries or (country is None and bool(countries))


def next_opening(moment: datetime, rules: Rules, waits: Sequence[Wait], end: datetime) -> Opening | None:
    """None if `moment` is allowed. Sending hours alone may lead past `end`: who is late waits for the next morning;
    whatever else forbids every moment before `end` leaves none that fits."""
    codes: list[str] = []
    at = moment
    while (obstacle := _obstacle(at, rules, waits)) and len(codes) < _STEPS:
        codes.append(obstacle.code)
        at = obstacle.at
        if at >= end and obstacle.code != "closed_hours":
            break
    if not codes:
        return None
    binding = next((code for code in codes if code != "closed_hours"), None)
    fits = binding is None or (at < end and len(codes) < _STEPS)
    return Opening(codes[0] if fits or binding is None else binding, at, fits)


def _obstacle(at: datetime, rules: Rules, waits: Sequence[Wait]) -> Wait | None:
    """The first thing that forbids this moment, and when that thing next allows one."""
    for wait in waits:
        if wait.at > at:
            return wait
    if busy := rules.taken.over(at, at + LEAVES_WITHIN):
        return Wait(busy.why, busy.end)
    zones = rules.clock.zones or (rules.planned_zone,)
    for where in zones if rules.closed else ():
        day = at.astimezone(where).date()
        if rules.closed and rules.closed(day):
            return Wait("holiday", _midnight(day + timedelta(days=1), where))
    for hours in rules.quiet:
        for where in zones:
            if (opens := opening(at, where, hours)) > at:
                return Wait("quiet_hours", opens)
    opens = opening(at, rules.planned_zone, rules.sending)
    return Wait("closed_hours", opens) if opens > at else None


def _midnight(day: date, where: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), where).astimezone(UTC)
