"""Hybrid logical clock stamps: sortable as text, close to the wall clock, never backwards on one replica (design 3)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_COUNTS = 0x10000


def next_stamp(now: datetime, last: str | None) -> str:
    """The stamp after `last`: `2026-01-31T12:00:00.000000Z.0000`, of `now` if that is later, else one count on."""
    physical = _text(now)
    if last is None or last[:27] < physical:
        return f"{physical}.0000"
    count = int(last[28:], 16) + 1
    if count < _COUNTS:
        return f"{last[:27]}.{count:04x}"
    return f"{_text(datetime.fromisoformat(last[:27]) + timedelta(microseconds=1))}.0000"


def _text(at: datetime) -> str:
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"
