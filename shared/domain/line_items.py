"""What is agreed and what is billed, line by line, and its sums: decimal numbers only, rounded as EN 16931 does.

A line's net is quantity × unit price, rounded half up to the smallest coin of its currency. Tax is counted once for
each rate, on the sum of its lines (EN 16931, BR-CO-17), so that everybody who adds up what is printed gets the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from shared.domain.money import Currency
from shared.domain.texts import Line as OneLine

Billing = Literal["once", "monthly"]
MOST_LINES = 200
MOST_UNIT_NET = 10**10
_DIGITS = {
    **dict.fromkeys(("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG"), 0),
    **dict.fromkeys(("RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
    **dict.fromkeys(("CLF", "UYW"), 4),
}
"""Where the smallest coin is not a hundredth (ISO 4217)."""
_PLAIN = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,20})?")
_EXACT = Context(prec=60)
"""More digits than the longest product or sum has: nothing is rounded but where it is said."""


def _exact(given: Any) -> Any:
    if isinstance(given, bool | float):
        raise ValueError("must be a whole number or decimal text such as 12.50; a float has no exact cents")
    if isinstance(given, str) and not _PLAIN.fullmatch(given):
        raise ValueError("must be a decimal number such as 12.50")
    return Decimal(given) if isinstance(given, str | int) else given


_Exact = BeforeValidator(_exact)
Quantity = Annotated[Decimal, _Exact, Field(ge=-(10**7), le=10**7, decimal_places=4, allow_inf_nan=False)]
UnitPrice = Annotated[Decimal, _Exact, Field(ge=0, le=MOST_UNIT_NET, decimal_places=6, allow_inf_nan=False)]
Percent = Annotated[Decimal, _Exact, Field(ge=0, le=100, decimal_places=4, allow_inf_nan=False)]
Amount = Annotated[Decimal, _Exact, Field(ge=-(10**20), le=10**20, decimal_places=4, allow_inf_nan=False)]


class _Frozen(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Line(_Frozen):
    """So many units of something at a price without tax. `vat_rate` is in percent: 19 is 19 %. What is taken off or
    given back is a negative quantity; a unit price is never negative (EN 16931, BR-27)."""

    title: OneLine
    quantity: Quantity = Decimal(1)
    unit_net: UnitPrice
    vat_rate: Percent
    billing: Billing = "once"


class Vat(_Frozen):
    """The tax of one rate, on the net of all lines that have it."""

    rate: Decimal
    net: Decimal
    tax: Decimal


class Totals(_Frozen):
    """`net` is the sum of the lines, `tax` that of `vat` (one a rate, the lowest first), `gross` what is asked for."""

    currency: Currency
    net: Decimal
    vat: tuple[Vat, ...]
    tax: Decimal
    gross: Decimal


def minor_digits(currency: str) -> int:
    """Decimal places of the smallest coin (ISO 4217): JPY 0, EUR 2, KWD 3."""
    return _DIGITS.get(currency, 2)


def rounded(amount: Decimal, currency: str) -> Decimal:
    """To the smallest coin, half up: away from zero, so that a credit note mirrors its invoice."""
    return amount.quantize(Decimal(1).scaleb(-minor_digits(currency)), ROUND_HALF_UP, _EXACT)


def minor(amount: Decimal, currency: str) -> int:
    """How many of the smallest coin: 12.50 EUR is 1250. Raises ValueError for parts of a coin."""
    coins = amount.scaleb(minor_digits(currency), _EXACT)
    if coins != coins.to_integral_value():
        raise ValueError(f"{amount} is no whole number of the smallest coins of {currency}")
    return int(coins)


def of_minor(coins: int, currency: str) -> Decimal:
    """So many of the smallest coin as an amount: 1250 of EUR is 12.50."""
    return Decimal(coins).scaleb(-minor_digits(currency), _EXACT)


def line_net(line: Line, currency: str) -> Decimal:
    """What the line costs without tax."""
    return rounded(_EXACT.multiply(line.quantity, line.unit_net), currency)


def totals(lines: Iterable[Line], currency: str) -> Totals:
    """The sums of the lines; of no line: zeros."""
    nothing = rounded(Decimal(0), currency)
    nets: dict[Decimal, Decimal] = {}
    for line in lines:
        rate = line.vat_rate.normalize()
        nets[rate] = _EXACT.add(nets.get(rate, nothing), line_net(line, currency))
    vat = tuple(Vat(rate=rate, net=nets[rate], tax=_tax(nets[rate], rate, currency)) for rate in sorted(nets))
    net, tax = _sum((each.net for each in vat), nothing), _sum((each.tax for each in vat), nothing)
    return Totals(currency=currency, net=net, vat=vat, tax=tax, gross=_EXACT.add(net, tax))


def billed(lines: Sequence[Line], billing: Billing) -> list[Line]:
    """Only those that are billed once, or each month."""
    return [line for line in lines if line.billing == billing]


def _tax(net: Decimal, rate: Decimal, currency: str) -> Decimal:
    return rounded(_EXACT.multiply(net, rate).scaleb(-2, _EXACT), currency)


def _sum(amounts: Iterable[Decimal], start: Decimal) -> Decimal:
    for each in amounts:
        start = _EXACT.add(start, each)
    return start
