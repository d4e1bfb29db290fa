"""How old a count may be before somebody who looks has it made again."""

from __future__ import annotations

from datetime import datetime, timedelta

_LEAST = timedelta(seconds=15)
_EACH = timedelta(milliseconds=5)
"""Some twenty times as long as one of them takes to be counted, so that counting takes up no more than a twentieth."""


def stale(made_at: datetime, size: int, now: datetime) -> bool:
    """Is a count of so many older than it is worth?"""
    return now - made_at > max(_LEAST, size * _EACH)
