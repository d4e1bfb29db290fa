"""A calendar on a CalDAV server (RFC 4791), through three requests: REPORT, PUT, DELETE."""

from __future__ import annotations

import asyncio
from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from threading import Lock
from urllib.parse import quote, unquote, urlsplit, urlunsplit

from shared.adapters._http.wire import Answer, Limits, Lost, NotSent, Request, Wire
from shared.adapters.calendars.ics import ChildCalendarFiles, Occurrence
from shared.domain.calendar import ENTRY_ID, Busy, Entry
from shared.domain.scope import Scope
from shared.ports import CalendarUnavailable

_LIMITS = Limits(connect=10.0, whole=30.0, answer=8_000_000)
_KEPT = timedelta(minutes=1)
"""So long what was read counts: a sender asks every few seconds. What Baton itself writes is seen at once."""
_DOWN = timedelta(seconds=30)
"""So long a server that could not be asked is not asked again: each page and each sender would wait for it in turn."""
_OURS = "@baton"
_DAV = "{urn:ietf:params:xml:ns:caldav}calendar-data"
_QUERY = """<?xml version="1.0" encoding="utf-8"?>
<C:calendar-query xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav">
<D:prop><C:calendar-data/></D:prop>
<C:filter><C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT">
<C:time-range start="{start}" end="{end}"/>
</C:comp-filter></C:comp-filter></C:filter>
</C:calendar-query>"""


_Asked = tuple[Scope, datetime, datetime]


class CaldavCalendar:
    """`shared.ports.Calendar`. `url` is that of one calendar, with name and password in it; `{tenant}` and
    `{workspace}` in its path stand for those of a scope. Where they are not, all workspaces share the calendar, and
    each sees only times of what the others put there."""

    def __init__(self, url: str, files: ChildCalendarFiles, now: Callable[[], datetime]) -> None:
        self._url, self._files, self._now = url, files, now
        self._kept: dict[_Asked, tuple[datetime, list[Busy]]] = {}
        self._down: tuple[datetime, str] | None = None
        self._lock, self._reading = Lock(), Lock()

    def busy(self, scope: Scope, start: datetime, end: datetime) -> list[Busy]:
        # Whole days to whole days, so that a sender who asks again and again asks the same.
        first, last = start.astimezone(UTC).date(), end.astimezone(UTC).date() + timedelta(days=1)
        asked = scope, _midnight(first), _midnight(last)
        found = self._known(asked)
        if found is None:
            with self._reading:  # whoever waited here finds what the one before was told
                found = self._known(asked)
                if found is None:
                    found = self._read_once(asked)
        return [each for each in found if each.end > start and each.start < end]

    def put(self, scope: Scope, id: str, entry: Entry) -> None:
        if not ENTRY_ID.fullmatch(id):
            raise ValueError(f"entry id {id!r} must be small letters, digits and hyphens, at most 64")
        uid = _uid(scope, id)
        headers = {"Content-Type": "text/calendar; charset=utf-8"}
        answer = self._ask("PUT", scope, f"{quote(uid, safe='')}.ics", headers, _event(uid, entry, self._now()))
        self._forget()
        if answer.status not in (200, 201, 204):
            raise CalendarUnavailable(f"its server answered {answer.status} to an entry")

    def remove(self, scope: Scope, id: str) -> bool:
        answer = self._ask("DELETE", scope, f"{quote(_uid(scope, id), safe='')}.ics", {}, b"")
        self._forget()
        if answer.status in (404, 410):
            return False
        if answer.status not in (200, 204):
            raise CalendarUnavailable(f"its server answered {answer.status} to a deletion")
        return True

    def _known(self, asked: _Asked) -> list[Busy] | None:
        """What was read lately. Raises CalendarUnavailable if the server could not be asked just now."""
        now = self._now()
        with self._lock:
            if self._down and self._down[0] <= now < self._down[0] + _DOWN:
                raise CalendarUnavailable(self._down[1])
            at, found = self._kept.get(asked, (None, []))
        return found if at is not None and at <= now < at + _KEPT else None

    def _read_once(self, asked: _Asked) -> list[Busy]:
        try:
            found = self._read(*asked)
        except CalendarUnavailable as fault:
            with self._lock:
                self._down = self._now(), str(fault)
            raise
        with self._lock:
            self._kept = {key: kept for key, kept in self._kept.items() if kept[0] + _KEPT > self._now()}
            self._kept[asked] = self._now(), found
        return found

    def _read(self, scope: Scope, start: datetime, end: datetime) -> list[Busy]:
        query = _QUERY.format(start=f"{start:%Y%m%dT%H%M%SZ}", end=f"{end:%Y%m%dT%H%M%SZ}")
        headers = {"Content-Type": "application/xml; charset=utf-8", "Depth": "1"}
        answer = self._ask("REPORT", scope, "", headers, query.encode())
        if answer.status != 207:
            raise CalendarUnavailable(f"its server answered {answer.status}")
        if not answer.whole:
            raise CalendarUnavailable("its server's answer is too long, or was cut short")
        found = self._files.occurrences(_calendars(answer.body), start, end)
        return [_seen(scope, each) for each in found]

    def _ask(self, method: str, scope: Scope, name: str, headers: dict[str, str], body: bytes) -> Answer:
        url, authorization = _place(self._url, scope)
        request = Request(method, url + name, {**headers, **authorization}, body)
        try:
            return asyncio.run(_exchange(request))
        except (NotSent, Lost) as fault:
            raise CalendarUnavailable(f"its server cannot be asked: {fault}") from None

    def _forget(self) -> None:
        with self._lock:
            self._kept.clear()
            self._down = None


async def _exchange(request: Request) -> Answer:
    wire = Wire(_LIMITS)
    try:
        return await wire.ask(request)
    finally:
        await wire.close()


def _place(url: str, scope: Scope) -> tuple[str, dict[str, str]]:
    """Where a workspace's calendar is, with a slash at its end, and who asks."""
    parts = urlsplit(url)
    path = parts.path.replace("{tenant}", quote(scope.tenant)).replace("{workspace}", quote(scope.workspace))
    host = parts.netloc.rpartition("@")[2]
    place = urlunsplit((parts.scheme, host, path.rstrip("/") + "/", "", ""))
    if parts.username is None:
        return place, {}
    said = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    return place, {"Authorization": f"Basic {b64encode(said.encode()).decode()}"}


def _calendars(body: bytes) -> list[bytes]:
    """Whatever the answer holds of calendars. No entity is followed, nothing is fetched."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError:
        raise CalendarUnavailable("its server's answer is no XML") from None
    return [each.text.encode() for each in root.iter(_DAV) if each.text]


def _seen(scope: Scope, found: Occurrence) -> Busy:
    """The title of what this workspace itself put there; of all else only when it is."""
    ours = _uid(scope, "")
    beginning, end = ours[: -len(_OURS)], found.uid.removesuffix(_OURS)
    if found.uid.endswith(_OURS) and end.startswith(beginning):
        return found.busy._replace(entry=end[len(beginning) :], title=found.title)
    return found.busy


def _uid(scope: Scope, id: str) -> str:
    return f"{scope.tenant}.{scope.workspace}.{id}{_OURS}"


def _event(uid: str, entry: Entry, now: datetime) -> bytes:
    if entry.first_day and entry.last_day:
        when = [f"DTSTART;VALUE=DATE:{_day(entry.first_day)}"]
        when.append(f"DTEND;VALUE=DATE:{_day(entry.last_day + timedelta(days=1))}")
    else:
        assert entry.start
        assert entry.end
        when = [f"DTSTART:{entry.start:%Y%m%dT%H%M%SZ}", f"DTEND:{entry.end:%Y%m%dT%H%M%SZ}"]
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Baton//Baton//EN", "BEGIN:VEVENT", f"UID:{uid}"]
    lines += [f"DTSTAMP:{now.astimezone(UTC):%Y%m%dT%H%M%SZ}", *when, f"SUMMARY:{_escaped(entry.title)}"]
    lines += ["TRANSP:OPAQUE", "END:VEVENT", "END:VCALENDAR", ""]
    return "\r\n".join(folded for line in lines for folded in _folded(line)).encode()


def _day(day: date) -> str:
    return f"{day:%Y%m%d}"


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _escaped(text: str) -> str:
    """RFC 5545, section 3.3.11."""
    for mark in ("\\", ";", ","):
        text = text.replace(mark, f"\\{mark}")
    return text.replace("\r\n", "\\n").replace("\n", "\\n").replace("\r", "\\n")


def _folded(line: str) -> list[str]:
    """At most 75 octets a line (RFC 5545, section 3.1): 18 characters of four octets, and a space."""
    return [line[:18], *(f" {line[n : n + 18]}" for n in range(18, len(line), 18))]
