"""A workspace's calendar: when the sender is busy, and what Baton itself puts there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from shared.domain.calendar import Busy, Entry
from shared.domain.scope import Scope


class CalendarUnavailable(Exception):
    """It cannot be read or written just now, or what it holds cannot be understood; the message says why, fit to follow
    "because". Nothing leaves on a calendar that nobody could look into."""


class Calendar(Protocol):
    """Whole days are days of the zone that the adapter was made with (BATON_TIMEZONE)."""

    def busy(self, scope: Scope, start: datetime, end: datetime) -> list[Busy]:
        """What takes time of [start, end), in order of its start, each occurrence of what repeats; whole stretches, not
        cut at the edges. What was cancelled, or is marked as free, takes none. Raises CalendarUnavailable."""
        ...

    def put(self, scope: Scope, id: str, entry: Entry) -> None:
        """Write an entry of Baton's own, in the place of one with this id (`ENTRY_ID`). Raises CalendarUnavailable."""
        ...

    def remove(self, scope: Scope, id: str) -> bool:
        """Whether there was an entry of Baton's own with this id. Raises CalendarUnavailable."""
        ...


class CalendarFiles(Protocol):
    """Reads iCalendar files (RFC 5545), which nobody trusts."""

    def busy(self, files: Sequence[bytes], start: datetime, end: datetime) -> list[Busy]:
        """As `Calendar.busy`, of what these files hold. Raises CalendarUnavailable for what is no such file, or takes
        too long or too much memory to be read."""
        ...
