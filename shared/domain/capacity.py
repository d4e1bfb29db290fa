"""How much work fits into a month, and whether a price holds more than is free of it."""

from __future__ import annotations

from decimal import Decimal

from pydantic import BaseModel

from shared.domain.pricing import Priced


class Capacity(BaseModel):
    """Hours of an offer: that can be worked in a month; that are `taken` by what clients accepted in the last 30 days,
    and by one month of each retainer that they ever accepted; that are free."""

    a_month: Decimal
    taken: Decimal
    free: Decimal


def hours_of(found: Priced) -> tuple[Decimal, Decimal]:
    """Work that is done once, and each month."""
    once, monthly = (
        sum((each.hours for each in found.lines if each.line.billing == billing), Decimal(0))
        for billing in ("once", "monthly")
    )
    return once, monthly


def fits(found: Priced, capacity: Capacity | None) -> str:
    """What it takes of a month, and by how much that is more than is free; empty where no hours are named."""
    once, monthly = hours_of(found)
    if capacity is None or not once + monthly:
        return ""
    said = f"{_hours(once)} of work once, {_hours(monthly)} each month; {_hours(capacity.free)} of {capacity.a_month} "
    more = once + monthly - capacity.free
    return f"{said}are free in the next 30 days" + (f": {_hours(more)} more than is free" if more > 0 else "")


def exceeds(found: Priced, capacity: Capacity | None) -> bool:
    """Does its first month take more than is free?"""
    return capacity is not None and sum(hours_of(found)) > capacity.free


def _hours(hours: Decimal) -> str:
    plain = f"{hours:f}"
    return f"{plain.rstrip('0').rstrip('.') if '.' in plain else plain} h"
