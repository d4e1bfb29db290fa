"""Where the calendar is: on a CalDAV server, or kept by Baton itself."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from shared.adapters.calendars.caldav import CaldavCalendar
from shared.adapters.calendars.ics import ChildCalendarFiles
from shared.adapters.calendars.kept import KeptCalendar
from shared.ports import Calendar, Documents
from shared.wiring.home import Home


def files(home: Home) -> ChildCalendarFiles:
    return ChildCalendarFiles(ZoneInfo(home.settings.timezone))


def calendar(home: Home, documents: Documents, read: ChildCalendarFiles) -> Calendar:
    url = home.settings.calendar_url
    if url is None:
        return KeptCalendar(documents, ZoneInfo(home.settings.timezone))
    return CaldavCalendar(url, read, home.clock.now)
