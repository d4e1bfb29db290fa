"""The process that reads iCalendar files: the question as JSON on stdin, what takes time as JSON on stdout. It limits
itself before it looks at the first file: a rule of one line can repeat for ever. Started by `ics`, never by hand."""

from __future__ import annotations

import json
import re
import resource
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events

MEMORY = 700_000_000
OUTPUT = 20_000_000
OCCURRENCES = 20_000
_DECIDING = {"DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID", "TRANSP", "STATUS"}
_TOO_OFTEN = re.compile(rb"FREQ=(SECONDLY|MINUTELY)", re.IGNORECASE)

Found = tuple[str, str, bool, str, str]


class _Refused(Exception):
    """Why, fit to follow "because it"."""


def main(seconds: int) -> None:
    """Answer one question: `{"busy": [[start, end, whole days, uid, title], …]}` or `{"refused": why}`."""
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, OUTPUT),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))
    asked = json.load(sys.stdin)
    try:
        found = list(islice(_all(asked), OCCURRENCES + 1))
        if len(found) > OCCURRENCES:
            raise _Refused(f"holds more than {OCCURRENCES:,} appointments of that time")
        said: dict[str, Any] = {"busy": found}
    except _Refused as refused:
        said = {"refused": str(refused)}
    except MemoryError:
        said = {"refused": f"needs more than {MEMORY // 1_000_000} MB to be read"}
    except RecursionError:
        said = {"refused": "is nested too deeply"}
    except Exception as fault:  # of two libraries that promise nothing about what they raise
        said = {"refused": f"is no calendar that can be read: {_line(fault)}"}
    sys.stdout.write(json.dumps(said))


def _all(asked: dict[str, Any]) -> Iterator[Found]:
    zone = ZoneInfo(asked["zone"])
    start, end = (datetime.fromisoformat(asked[edge]) for edge in ("start", "end"))
    for text in asked["files"]:
        yield from _of_file(text.encode("latin-1"), zone, start, end)


def _of_file(data: bytes, zone: ZoneInfo, start: datetime, end: datetime) -> Iterator[Found]:
    if _TOO_OFTEN.search(data.replace(b"\r\n ", b"").replace(b"\n ", b"")):
        raise _Refused("repeats something every minute or every second")
    if b"BEGIN:VCALENDAR" not in data.upper():
        raise _Refused("is no iCalendar file")
    for calendar in icalendar.Calendar.from_ical(data, multiple=True):
        for event in calendar.walk("VEVENT"):
            _check(event)
        # Floating times and whole days are asked for with a day of leeway, and told apart below.
        day = timedelta(days=1)
        for event in recurring_ical_events.of(calendar).between(start - day, end + day):
            found = _span(event, zone)
            if found and found[0] < end and found[1] > start and found[0] < found[1]:
                whole = not isinstance(event.start, datetime)
                yield found[0].isoformat(), found[1].isoformat(), whole, str(event.get("UID", "")), _title(event)


def _check(event: icalendar.Event) -> None:
    """What decides when it is must have been understood: else it would be overlooked."""
    for name, fault in event.errors:
        if name is None or name.upper() in _DECIDING:
            raise _Refused(f"has an appointment whose {name or 'line'} cannot be understood: {_line(fault)}")
    if "DTSTART" not in event:
        raise _Refused("has an appointment that does not say when it begins")


def _span(event: icalendar.Event, zone: ZoneInfo) -> tuple[datetime, datetime] | None:
    """None: it takes no time of anybody."""
    if str(event.get("STATUS", "")).upper() == "CANCELLED" or str(event.get("TRANSP", "")).upper() == "TRANSPARENT":
        return None
    return _moment(event.start, zone), _moment(event.end, zone)


def _moment(given: date | datetime, zone: ZoneInfo) -> datetime:
    if not isinstance(given, datetime):
        given = datetime.combine(given, time())
    return (given if given.tzinfo else given.replace(tzinfo=zone)).astimezone(UTC)


def _title(event: icalendar.Event) -> str:
    return str(event.get("SUMMARY", ""))[:200]


def _line(fault: object) -> str:
    return " ".join(str(fault).split())[:200]


if __name__ == "__main__":
    main(int(sys.argv[1]))
