"""Reads iCalendar files in a process of their own, with little memory and little time (RFC 5545)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from threading import BoundedSemaphore
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from shared.domain.calendar import Busy
from shared.ports import CalendarUnavailable

BYTES = 5_000_000
"""Of all files of one question."""
_AT_ONCE = 2


class Occurrence(NamedTuple):
    """What takes time, with what only those may see whose it is."""

    busy: Busy
    uid: str
    title: str


class ChildCalendarFiles:
    """`shared.ports.CalendarFiles`; days and times without a zone are those of `zone`. What takes more than `seconds`
    of work is given up."""

    def __init__(self, zone: ZoneInfo, seconds: int = 20) -> None:
        self._zone, self._seconds = zone, seconds
        self._turn = BoundedSemaphore(_AT_ONCE)

    def busy(self, files: Sequence[bytes], start: datetime, end: datetime) -> list[Busy]:
        return [each.busy for each in self.occurrences(files, start, end)]

    def occurrences(self, files: Sequence[bytes], start: datetime, end: datetime) -> list[Occurrence]:
        """As `busy`, with the id and the title of each."""
        if sum(map(len, files)) > BYTES:
            raise CalendarUnavailable(f"it is larger than {BYTES // 1_000_000} MB")
        if not files:
            return []
        asked = {
            "zone": self._zone.key,
            "start": start.astimezone(UTC).isoformat(),
            "end": end.astimezone(UTC).isoformat(),
            "files": [each.decode("latin-1") for each in files],
        }
        with self._turn:
            found = _understood(self._ask(json.dumps(asked).encode()))
        return sorted(found, key=lambda each: each.busy)

    def _ask(self, question: bytes) -> bytes:
        try:
            done = subprocess.run(
                [sys.executable, "-s", "-B", "-m", "shared.adapters.calendars._child", str(self._seconds)],
                input=question,
                capture_output=True,
                timeout=self._seconds * 6,  # of the wall clock, on a machine that is busy
                env={"PYTHONPATH": os.pathsep.join(os.path.abspath(each) for each in sys.path), "LC_ALL": "C.UTF-8"},
                check=True,
            )
        except (subprocess.TimeoutExpired, subprocess.CalledProcessError):
            raise CalendarUnavailable("it takes too long or too much memory to be read") from None
        return done.stdout


def _understood(said: bytes) -> list[Occurrence]:
    try:
        answer: dict[str, Any] = json.loads(said)
    except ValueError:
        raise CalendarUnavailable("it takes too long or too much memory to be read") from None
    if "refused" in answer:
        raise CalendarUnavailable(f"it {answer['refused']}")
    return [_occurrence(*each) for each in answer["busy"]]


def _occurrence(start: str, end: str, whole: bool, uid: str, title: str) -> Occurrence:
    why: Any = "blackout" if whole else "busy"
    return Occurrence(Busy(datetime.fromisoformat(start), datetime.fromisoformat(end), why), uid, title)
