"""What a measure says in another unit: two weeks are 14 days, 16 Uhr is 4 Uhr, 7 pm to 8.30 pm are 90 minutes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from shared.domain.claims.measures import clock_minutes
from shared.domain.grounding import figures

_UNIT = re.compile(
    r"[\s-]?(?:(minuten?|minutes?)|(hours?|stunden?)|(days?|tage?n?)|(weeks?|wochen?)|(months?|monate?n?)"
    r"|(years?|jahre?n?))\b",
    re.IGNORECASE,
)
_UNITS = ("minutes", "hours", "days", "weeks", "months", "years")
_OTHER = {
    "minutes": [("hours", 60)],
    "hours": [("days", 24)],
    "days": [("weeks", 7)],
    "weeks": [],
    "months": [("years", 12)],
    "years": [],
}
"""The larger unit, and how many it holds."""
_LONGEST = 300
"""Minutes: what lasts longer is the time that a place is open, not how long something takes."""
_YEARLY = re.compile(r"\b(?:per|a|each|im|pro|je) (?:year|jahr)\b", re.IGNORECASE)
_AFTERNOON = re.compile(r"\b(1[3-9]|2[0-3])([:.]\d\d)?(?= Uhr| ?(?:-|–|bis) ?\d{1,2}(?:[:.]\d\d)? Uhr)(?: Uhr)?")
_AT = r"(\d{1,2}(?:[:.]\d\d)?)\s*(uhr|[ap]\.?m\.?|)"
_SPAN = re.compile(rf"\b{_AT}\s*(?:-|–|to|until|till|bis)\s*{_AT}(?!\w)", re.IGNORECASE)


def equivalents(text: str) -> Iterator[str]:
    """The text again for each duration that has another name, with that name; and how long a span of hours is."""
    for figure in figures(text):
        unit = _UNIT.match(text, figure.end - (text[figure.end - 1] in " -"))
        if unit and figure.number.isdigit():
            for name, number in _in_others(int(figure.number), _UNITS[int(unit.lastindex or 1) - 1]):
                yield f"{text[: figure.start]} {number} {name}{text[unit.end() :]}"
    if _YEARLY.search(text):
        yield _YEARLY.sub("12 months", text)
    for later in _AFTERNOON.finditer(text):
        yield f"{text[: later.start()]}{int(later[1]) - 12}{later[2] or ''} Uhr{text[later.end() :]}"
    for span in _SPAN.finditer(text):
        if minutes := _between(*span.groups()):
            yield f"{text[: span.end()]} ({minutes} minutes){text[span.end() :]}"


def _in_others(number: int, unit: str) -> Iterator[tuple[str, int]]:
    for larger, holds in _OTHER[unit]:
        if number and number % holds == 0:
            yield larger, number // holds
    for smaller, others in _OTHER.items():
        yield from ((smaller, number * holds) for larger, holds in others if larger == unit)


def _between(begins: str, half: str, ends: str, other: str) -> int:
    """Minutes between two times of day; 0 if these are none or lie far apart."""
    if not other:
        return 0
    minutes = clock_minutes(ends, other) - clock_minutes(begins, half or other)
    return minutes if 0 < minutes <= _LONGEST else 0
