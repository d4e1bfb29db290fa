"""The money page as it is shown: words for its figures, and its months as bars that can be compared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple
from urllib.parse import urlencode

from shared.domain.takings import Chosen, Part, What
from shared.render.invoice_words import money_text

NAMES: Mapping[What, str] = {
    "quoted": "Quoted",
    "quoted_monthly": "Quoted, each month",
    "signed": "Signed",
    "signed_monthly": "Signed, each month",
    "invoiced": "Invoiced",
    "paid": "Paid",
    "open": "Open",
    "overdue": "Overdue",
    "cost": "Known costs",
}
DRAWN: tuple[tuple[What, str], ...] = (
    ("quoted", "--soft"),
    ("signed", "--held"),
    ("invoiced", "--unknown"),
    ("paid", "--sent"),
)
"""What is drawn of each month, and in which colour of the style sheet."""
_MONTHS = 12
_HEIGHT, _BAR, _GAP = 150, 14, 26


class Bar(NamedTuple):
    """One rectangle; `label` says its month, what it is and how much."""

    x: int
    y: float
    height: float
    colour: str
    label: str


class Tick(NamedTuple):
    """The name of a month, in the middle of its bars."""

    x: int
    text: str


class Chart(NamedTuple):
    """The last months in one currency, oldest first; `zero` is where the line of nothing lies."""

    currency: str
    width: int
    height: int
    zero: float
    most: str
    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]


def charts(months: Sequence[Part]) -> list[Chart]:
    """One for each currency in which anything was sold or came in."""
    found: dict[str, list[Part]] = {}
    for each in reversed(months):
        if any(each.sums[what] for what, _ in DRAWN):
            found.setdefault(each.currency, []).append(each)
    return [_chart(currency, parts[-_MONTHS:]) for currency, parts in sorted(found.items())]


def opened(**chosen: str | None) -> str:
    """The address of the documents that a figure is the sum of."""
    return f"/money/entries?{urlencode({name: said for name, said in chosen.items() if said})}"


def sentence(chosen: Chosen) -> str:
    """What is listed: Paid by Praxis Weber in 2027-03."""
    named = [NAMES[chosen.what] if chosen.what else "All figures"]
    named += [f"for {chosen.client}"] if chosen.client else []
    named += [f"in {chosen.month}"] if chosen.month else []
    return " ".join(named)


def _chart(currency: str, parts: Sequence[Part]) -> Chart:
    sums = [float(part.sums[what]) for part in parts for what, _ in DRAWN]
    most, least = max(*sums, 0.0), min(*sums, 0.0)
    scale = _HEIGHT / (most - least or 1)
    wide = len(DRAWN) * _BAR + _GAP
    ticks = tuple(Tick(n * wide + (wide - _GAP) // 2, part.name) for n, part in enumerate(parts))
    top = money_text(max(part.sums[what] for part in parts for what, _ in DRAWN), currency, "en")
    bars = tuple(_bars(parts, wide, most * scale, scale))
    return Chart(currency, len(parts) * wide, _HEIGHT, round(most * scale, 1), top, bars, ticks)


def _bars(parts: Sequence[Part], wide: int, zero: float, scale: float) -> Iterator[Bar]:
    for n, part in enumerate(parts):
        for k, (what, colour) in enumerate(DRAWN):
            tall = float(part.sums[what]) * scale
            label = f"{part.name}, {NAMES[what].lower()}: {money_text(part.sums[what], part.currency, 'en')}"
            yield Bar(n * wide + k * _BAR, round(zero - max(tall, 0), 1), round(abs(tall), 1), colour, label)
