"""Every calendar says when the sender is busy, wherever it is kept, and tells nobody what others' appointments are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from shared.adapters._sqlite.database import Database
from shared.adapters.calendars.caldav import CaldavCalendar
from shared.adapters.calendars.ics import ChildCalendarFiles
from shared.adapters.calendars.kept import KeptCalendar
from shared.adapters.clock.host import HostClock
from shared.adapters.documents.sqlite import SqliteDocuments
from shared.domain.calendar import Busy, Entry
from shared.domain.scope import Scope
from shared.ports import Calendar, CalendarUnavailable
from tests.servers.caldav_server import PASSWORD, Server, caldav_server

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2027, 1, 1, tzinfo=UTC)
MAIN, OTHER = Scope("local", "main"), Scope("local", "other")
FILES = ChildCalendarFiles(BERLIN)


def at(month: int, day: int, hour: int = 0) -> datetime:
    return datetime(2027, month, day, hour, tzinfo=UTC)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with caldav_server(tmp_path_factory.mktemp("caldav")) as running:
        yield running


@pytest.fixture(params=["kept", "caldav", "caldav shared"])
def calendar(request: pytest.FixtureRequest, tmp_path: Path, server: Server) -> Iterator[Calendar]:
    name = f"{request.node.name.partition('[')[0]}-{request.param.replace(' ', '-')}"
    if request.param == "kept":
        database = Database(tmp_path / "baton.db")
        yield KeptCalendar(SqliteDocuments(database, clock=HostClock(None), replica="local"), BERLIN)
        database.close()
    elif request.param == "caldav":
        for each in (MAIN, OTHER):
            server.make(f"{name}-{each.workspace}")
        yield caldav(server, f"{name}-{{workspace}}")
    else:
        server.make(name)
        yield caldav(server, name)


def caldav(server: Server, name: str, now: Callable[[], datetime] = lambda: NOW) -> CaldavCalendar:
    return CaldavCalendar(server.url + name, FILES, now)


def test_an_empty_calendar_takes_no_time(calendar: Calendar) -> None:
    assert calendar.busy(MAIN, at(1, 1), at(12, 1)) == []


def test_days_are_days_of_the_zone_also_where_the_clock_changes(calendar: Calendar) -> None:
    """28 March 2027 has 23 hours in Berlin."""
    entry = Entry(
        title="Praxis zu; bitte, nicht stören\\ ✓ " * 3, first_day=date(2027, 3, 27), last_day=date(2027, 3, 28)
    )
    calendar.put(MAIN, "closed", entry)
    busy = Busy(at(3, 26, 23), at(3, 28, 22), "blackout", "closed", entry.title)
    assert calendar.busy(MAIN, at(3, 28, 21), at(3, 30)) == [busy]
    assert calendar.busy(MAIN, at(3, 28, 22), at(3, 30)) == []
    assert calendar.busy(MAIN, at(3, 1), at(3, 26, 23)) == []


def test_an_entry_replaces_one_of_its_id_and_is_taken_out_once(calendar: Calendar) -> None:
    calendar.put(MAIN, "a", Entry(start=at(3, 2, 9), end=at(3, 2, 10)))
    calendar.put(MAIN, "a", Entry(start=at(3, 3, 9), end=at(3, 3, 10), title="moved"))
    calendar.put(MAIN, "b", Entry(start=at(3, 1, 9), end=at(3, 1, 10)))
    found = calendar.busy(MAIN, at(3, 1), at(3, 5))
    assert [(each.start, each.entry, each.title) for each in found] == [
        (at(3, 1, 9), "b", ""),
        (at(3, 3, 9), "a", "moved"),
    ]
    assert [calendar.remove(MAIN, "a"), calendar.remove(MAIN, "a")] == [True, False]
    assert [each.entry for each in calendar.busy(MAIN, at(3, 1), at(3, 5))] == ["b"]


def test_one_workspace_neither_removes_nor_names_what_another_has(calendar: Calendar) -> None:
    calendar.put(OTHER, "a", Entry(start=at(3, 2, 9), end=at(3, 2, 10), title="with the bank"))
    assert calendar.remove(MAIN, "a") is False
    assert "with the bank" not in repr(calendar.busy(MAIN, at(3, 1), at(3, 5)))
    assert [each.title for each in calendar.busy(OTHER, at(3, 1), at(3, 5))] == ["with the bank"]


def test_an_id_that_could_lead_elsewhere_is_refused(calendar: Calendar) -> None:
    for id in ("", "../a", "a b", "A", "a" * 65, "a\n"):
        with pytest.raises(ValueError, match="entry id"):
            calendar.put(MAIN, id, Entry(start=at(3, 2, 9), end=at(3, 2, 10)))


def ics(*lines: str) -> bytes:
    event = ["BEGIN:VEVENT", "UID:x", "DTSTAMP:20270101T000000Z", "SUMMARY:private", *lines, "END:VEVENT"]
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", *event, "END:VCALENDAR", ""]).encode()


WEEKLY = ics(
    "DTSTART;TZID=Europe/Berlin:20270322T100000",
    "DURATION:PT1H",
    "RRULE:FREQ=WEEKLY",
    "EXDATE;TZID=Europe/Berlin:20270405T100000",
)


def test_what_others_put_on_the_server_counts_by_its_times_alone(server: Server) -> None:
    server.make("others")
    server.put("others", "x", WEEKLY)
    server.put("others", "y", ics("DTSTART;VALUE=DATE:20270324").replace(b"UID:x", b"UID:y"))
    server.put(
        "others",
        "z",
        ics("DTSTART:20270325T090000Z", "DURATION:PT1H", "TRANSP:TRANSPARENT").replace(b"UID:x", b"UID:z"),
    )
    assert caldav(server, "others").busy(MAIN, at(3, 20), at(4, 13)) == [
        Busy(at(3, 22, 9), at(3, 22, 10), "busy"),
        Busy(at(3, 23, 23), at(3, 24, 23), "blackout"),
        Busy(at(3, 29, 8), at(3, 29, 9), "busy"),  # ten o'clock in summer time
        Busy(at(4, 12, 8), at(4, 12, 9), "busy"),
    ]


def test_what_was_read_counts_for_a_minute_and_what_baton_writes_at_once(server: Server) -> None:
    server.make("kept")
    now = [NOW]
    calendar = caldav(server, "kept", lambda: now[0])
    assert calendar.busy(MAIN, at(3, 20), at(4, 13)) == []
    server.put("kept", "x", WEEKLY)
    assert calendar.busy(MAIN, at(3, 20), at(4, 13)) == []
    now[0] += timedelta(minutes=1)
    assert len(calendar.busy(MAIN, at(3, 20), at(4, 13))) == 3
    calendar.put(MAIN, "a", Entry(first_day=date(2027, 4, 1)))
    assert len(calendar.busy(MAIN, at(3, 20), at(4, 13))) == 4


def test_a_server_that_refuses_is_down_or_has_no_such_calendar_leaves_nothing_free(server: Server) -> None:
    for url in (
        server.url.replace(":s3cret", ":wrong") + "others",
        server.url + "nowhere",
        "http://127.0.0.1:9/calendar",
    ):
        calendar = CaldavCalendar(url, FILES, lambda: NOW)
        with pytest.raises(CalendarUnavailable) as fault:
            calendar.busy(MAIN, at(3, 1), at(3, 2))
        with pytest.raises(CalendarUnavailable):
            calendar.put(MAIN, "a", Entry(first_day=date(2027, 4, 1)))
        assert PASSWORD not in str(fault.value)


def test_a_server_that_could_not_be_asked_is_left_alone_for_half_a_minute(server: Server) -> None:
    now = [NOW]
    calendar = caldav(server, "later", lambda: now[0])
    with pytest.raises(CalendarUnavailable, match="404"):
        calendar.busy(MAIN, at(3, 1), at(3, 2))
    server.make("later")
    with pytest.raises(CalendarUnavailable, match="404"):
        calendar.busy(MAIN, at(3, 5), at(3, 6))
    now[0] += timedelta(seconds=30)
    assert calendar.busy(MAIN, at(3, 5), at(3, 6)) == []


@pytest.mark.parametrize(
    ("file", "why"),
    [
        (b"", "is no iCalendar file"),
        (b"<html>sign in</html>", "is no iCalendar file"),
        (b"\x00\xff" * 1000, "is no iCalendar file"),
        (ics("DTSTART:20270301T090000Z", "DURATION:PT1M", "RRULE:FREQ=SEC\r\n ONDLY"), "every second"),
        (ics("DTSTART:yesterday"), "DTSTART cannot be understood"),
        (ics("DTSTART:20270301T090000Z", "DURATION:PT1H", "RRULE:FREQ=OFTEN"), "cannot be"),
        (ics("DTEND:20270301T100000Z"), "does not say when it begins"),
        (b"X" * 5_000_001, "larger than 5 MB"),
    ],
    ids=["nothing", "a page", "noise", "every second", "no date", "no rule", "no begin", "huge"],
)
def test_a_hostile_file_is_refused_with_the_reason(file: bytes, why: str) -> None:
    with pytest.raises(CalendarUnavailable, match=why):
        FILES.busy([file], at(3, 1), at(3, 20))


def test_a_rule_that_never_comes_true_is_given_up() -> None:
    """There is no 31 February, and nobody says so before the year 9999."""
    rules = ["RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=31"] * 1
    bomb = ics("DTSTART:00010101T090000Z", "DURATION:PT1H", *rules, "RDATE:20270301T090000Z")
    many = bomb.replace(b"END:VCALENDAR", b"".join(_event(bomb, n) for n in range(200)) + b"END:VCALENDAR")
    with pytest.raises(CalendarUnavailable, match="takes too long"):
        ChildCalendarFiles(BERLIN, seconds=1).busy([many], at(3, 1), at(12, 1))


def _event(file: bytes, n: int) -> bytes:
    event = file[file.index(b"BEGIN:VEVENT") : file.index(b"END:VCALENDAR")]
    return event.replace(b"UID:x", f"UID:x{n}".encode())


def test_a_file_says_when_it_is_busy_in_any_zone() -> None:
    floating = ics("DTSTART:20270601T090000", "DTEND:20270601T100000")
    cancelled = ics("DTSTART:20270601T090000", "DTEND:20270601T100000", "STATUS:CANCELLED")
    moved = WEEKLY.replace(
        b"END:VCALENDAR",
        b"BEGIN:VEVENT\r\nUID:x\r\nDTSTAMP:20270101T000000Z\r\nRECURRENCE-ID;TZID=Europe/Berlin:20270329T100000\r\n"
        b"DTSTART;TZID=America/New_York:20270330T100000\r\nDURATION:PT2H\r\nEND:VEVENT\r\nEND:VCALENDAR",
    )
    assert FILES.busy([floating, cancelled], at(5, 1), at(7, 1)) == [Busy(at(6, 1, 7), at(6, 1, 8), "busy")]
    assert FILES.busy([moved], at(3, 20), at(4, 2)) == [
        Busy(at(3, 22, 9), at(3, 22, 10), "busy"),
        Busy(at(3, 30, 14), at(3, 30, 16), "busy"),
    ]
