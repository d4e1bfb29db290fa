"""Times, money and counts as the commands say them."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any


def program() -> str:
    """What to type here to run `baton`."""
    return f"{min(sys.executable, os.path.relpath(sys.executable), key=len)} -m local.cli"


def moment(at: str | None, zone: str = " UTC") -> str | None:
    """An ISO time as Tue 2 Mar 08:00 UTC."""
    return f"{datetime.fromisoformat(at).astimezone(UTC):%a %-d %b %H:%M}{zone}" if at else None


def money(micros: int) -> str:
    """Millionths of a euro as €1.24; €0.0004 keeps what cents would lose."""
    euros = micros / 1_000_000
    return f"€{euros:,.4f}" if 0 < micros < 10_000 else f"€{euros:,.2f}"


def window(asked: Mapping[str, Any]) -> str:
    """2 days from Tue 2 Mar 08:00 UTC, 9 to 18 h on each one's own clock. Without a start: from the approval."""
    first, last = asked["hours"]
    days = f"{asked['days']} day{'' if asked['days'] == 1 else 's'}"
    begin = moment(asked["start"]) or "the approval"
    return f"{days} from {begin}, {first} to {last} h on each one's own clock"


def parts(counts: Mapping[str, int]) -> str:
    """holdout 51, no consent 49: the greatest first."""
    ordered = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    return ", ".join(f"{name.replace('_', ' ')} {count:,}" for name, count in ordered)
