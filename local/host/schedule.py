"""When a timer trigger is due: NCRONTAB expressions and .NET time spans, in UTC as on Azure."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol

from cronsim import CronSim, CronSimError

_TIME_SPAN = re.compile(r"(?:(?P<days>\d+)\.)?(?P<hours>\d\d?):(?P<minutes>\d\d?):(?P<seconds>\d\d?)")
_SETTING = re.compile(r"%([^%]+)%")


class Schedule(Protocol):
    def after(self, moment: datetime) -> datetime:
        """The first occurrence strictly after `moment`, both UTC."""


def parse_schedule(text: str, setting: Callable[[str], str | None]) -> Schedule:
    """Read `0 */5 * * * *`, `00:05:00` or `%NAME%` (looked up with `setting`). Raises ValueError saying why not."""
    text = _SETTING.sub(lambda match: _look_up(match[1], setting), text).strip()
    return _Every(time_span(text)) if _TIME_SPAN.fullmatch(text) else _Cron(text)


def time_span(text: str) -> timedelta:
    """A .NET time span: `[days.]hh:mm:ss`, more than zero. Raises ValueError saying why not."""
    span = _TIME_SPAN.fullmatch(text)
    if span is None:
        raise ValueError(f"{text!r} is not a time span such as 00:05:00")
    parts = {unit: int(count or 0) for unit, count in span.groupdict().items()}
    if parts["hours"] > 23 or parts["minutes"] > 59 or parts["seconds"] > 59:
        raise ValueError(
            f"{text!r} is not a time span: hours go to 23, minutes and seconds to 59 (a day is 1.00:00:00)"
        )
    if not any(parts.values()):
        raise ValueError("a time span of zero never ends")
    return timedelta(**parts)


def _look_up(name: str, setting: Callable[[str], str | None]) -> str:
    value = setting(name)
    if value is None:
        raise ValueError(f"the app setting {name} of the schedule %{name}% is not set")
    return value


class _Every:
    """A fixed interval; it starts to count when the host does, as on Azure."""

    def __init__(self, interval: timedelta) -> None:
        self._interval = interval

    def after(self, moment: datetime) -> datetime:
        return moment + self._interval


class _Cron:
    """An NCRONTAB expression: six fields beginning with the second, or five beginning with the minute."""

    def __init__(self, text: str) -> None:
        self._text = text
        try:
            self._occurrences = self._from(datetime(2000, 1, 1, tzinfo=UTC))
            next(self._occurrences)
        except CronSimError as error:
            raise ValueError(f"{text!r} is not an NCRONTAB expression: {error}") from error
        except StopIteration as error:
            raise ValueError(f"{text!r} names a date that never comes") from error

    def after(self, moment: datetime) -> datetime:
        # Mostly the moment is the last occurrence: then the text need not be read again.
        if moment != self._occurrences.dt:
            self._occurrences = self._from(moment)
        return next(self._occurrences)

    def _from(self, moment: datetime) -> CronSim:
        occurrences = CronSim(self._text, moment)
        # NCRONTAB needs the day of month and the day of week to match; cron is content with one of them.
        occurrences.day_and = True
        return occurrences
