"""Days and months as people write them, in English and German."""

from __future__ import annotations

import re
from calendar import monthrange
from contextlib import suppress
from datetime import date

_MONTHS = (
    ("january", "januar"), ("february", "februar"), ("march", "märz"), ("april",), ("may", "mai"), ("june", "juni"),
    ("july", "juli"), ("august",), ("september",), ("october", "oktober"), ("november",), ("december", "dezember"),
)  # fmt: skip
_NUMBER = {name: n for n, names in enumerate(_MONTHS, 1) for name in names}
_NAMES = "|".join(_NUMBER)
DATE = re.compile(
    rf"\b(?P<iso>\d{{4}}-\d\d-\d\d)\b|\b(?P<d>\d{{1,2}})\.(?P<m>\d{{1,2}})\.(?P<y>\d{{4}})?"
    rf"|\b(?P<named>{_NAMES}) (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<of>\d{{4}})\b"
    rf"|\b(?:(?P<day2>\d{{1,2}})(?:\.|st|nd|rd|th)? (?:of )?)?(?P<month>{_NAMES})\b(?: (?P<year>\d{{4}})\b)?",
    re.I,
)


def date_in(text: str) -> str:
    """The first date of a text: `2027-05-31`, or `2027-05` if it names no day; as it stands there, in lower case, if it
    names no year. "": there is none."""
    for found in DATE.finditer(text):
        if found[0] != "may":  # which is mostly no month
            return _written(found)
    return ""


def is_over(value: str, today: date) -> bool:
    """Has this day, or this whole month, passed? Without a year nobody can say."""
    with suppress(ValueError):
        year, month, *day = (int(part) for part in value.split("-"))
        return date(year, month, day[0] if day else monthrange(year, month)[1]) < today
    return False


def agree(one: str, other: str) -> bool:
    """Can both be meant? A month and a day in it can."""
    return one == other or one.startswith(f"{other}-") or other.startswith(f"{one}-")


def _written(found: re.Match[str]) -> str:
    part = found.groupdict()
    with suppress(ValueError):
        if part["iso"]:
            return date.fromisoformat(part["iso"]).isoformat()
        if part["y"]:
            return date(int(part["y"]), int(part["m"]), int(part["d"])).isoformat()
        if part["of"]:
            return date(int(part["of"]), _NUMBER[part["named"].casefold()], int(part["day"])).isoformat()
        if part["year"]:
            return _with_year(int(part["year"]), _NUMBER[part["month"].casefold()], part["day2"])
    return found[0].casefold()


def _with_year(year: int, month: int, day: str | None) -> str:
    return date(year, month, int(day)).isoformat() if day else f"{year:04}-{month:02}"
