"""Money: whole millionths of a currency's unit. There are no fractions of them, and no sums over two currencies."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from functools import total_ordering
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from shared.domain.faults import Conflict

UNIT = 1_000_000
EURO = "EUR"
MOST = 10**15
"""A thousand million units: what fits into every home's whole numbers."""

Currency = Annotated[str, StringConstraints(pattern="^[A-Z]{3}$")]
_SIGNS = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥"}
_SPELLED = re.compile(r"([A-Z]{3}|[€$£¥])? ?([0-9][0-9,]*(?:\.[0-9]{1,6})?) ?([A-Z]{3})?")


class MixedCurrencies(Conflict):
    """Two currencies where one is needed; both are named."""

    def __init__(self, one: str, other: str) -> None:
        super().__init__("currency", f"{one} and {other} cannot be counted together; give a price or a rate in {one}")
        self.one, self.other = one, other


@total_ordering
class Money(BaseModel):
    """`micros` millionths of `currency` (ISO 4217). Sums, differences and comparisons raise MixedCurrencies."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    micros: Annotated[int, Field(strict=True, ge=-MOST, le=MOST)]
    currency: Currency = EURO

    def __add__(self, other: Money) -> Money:
        return Money(micros=self.micros + self._same(other), currency=self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(micros=self.micros - self._same(other), currency=self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.micros < self._same(other)

    def __str__(self) -> str:
        return spelled(self.micros, self.currency)

    @property
    def plain(self) -> str:
        """25.00 EUR, as `read_money` reads it, to the last millionth."""
        units, rest = divmod(abs(self.micros), UNIT)
        digits = f"{rest:06}"
        return f"{'-' * (self.micros < 0)}{units}.{digits[:2]}{digits[2:].rstrip('0')} {self.currency}"

    def _same(self, other: Money) -> int:
        if self.currency != other.currency:
            raise MixedCurrencies(self.currency, other.currency)
        return other.micros


def spelled(micros: int, currency: str = EURO) -> str:
    """€1.24; €0.0004 keeps what cents would lose; 12.00 CHF."""
    units, rest = divmod(abs(micros), UNIT)
    digits = f"{rest:06}"
    shown = digits.rstrip("0") if 0 < abs(micros) < UNIT // 100 else f"{(rest + 5_000) // 10_000:02}"
    if shown == "100":
        units, shown = units + 1, "00"
    number = f"{units:,}.{shown}"
    minus, sign = "-" if micros < 0 else "", _SIGNS.get(currency)
    return f"{minus}{sign}{number}" if sign else f"{minus}{number} {currency}"


def read_money(text: str) -> Money:
    """What a person writes: 25, 25.50 EUR, €25, USD 3.000001. Raises ValueError."""
    found = _SPELLED.fullmatch(text.strip())
    if not found or (found[1] and found[3]):
        raise ValueError(f"{text!r} is not an amount such as 25.00 EUR")
    signs = {sign: currency for currency, sign in _SIGNS.items()}
    named = found[3] or signs.get(found[1], found[1]) or EURO
    try:
        micros = Decimal(found[2].replace(",", "")) * UNIT
    except InvalidOperation:
        raise ValueError(f"{text!r} is not an amount such as 25.00 EUR") from None
    if micros > MOST:
        raise ValueError(f"{text!r} is more than can be counted")
    return Money(micros=int(micros), currency=named)
