"""Below which price nothing is sent, whatever way it came about."""

from __future__ import annotations

from collections.abc import Iterator

from shared.domain.derivation import amount
from shared.domain.faults import FieldError
from shared.domain.offer import OfferTerms
from shared.domain.pricing import Priced, in_currency


def below_floor(offer: OfferTerms, found: Priced, at: str = "lines") -> Iterator[FieldError]:
    """What costs less than it may: one unit of a line, or all of it. `found` was priced by this offer."""
    for n, each in enumerate(found.lines):
        if each.line.unit_net < each.floor:
            offered, floor = amount(each.line.unit_net), amount(each.floor)
            reason = (
                f"{each.line.title!r} would cost {offered} {found.currency} per {each.unit}, below its floor of {floor}"
            )
            yield FieldError(f"{at}[{n}].price", reason)
    least = in_currency(offer, found.currency, offer.smallest)
    if found.engagement < least:
        reason = f"{amount(found.engagement)} {found.currency} is below the smallest engagement of {amount(least)}"
        yield FieldError(at, reason)
