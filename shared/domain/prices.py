"""What models cost: dated data. A price that is not listed is unknown (None), which is never 0."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from shared.domain.budget import Amount
from shared.domain.money import EURO, UNIT, Currency, MixedCurrencies, Money
from shared.domain.texts import Line

Micros = Annotated[int, Field(strict=True, ge=0, le=10**12)]
Model = Annotated[str, StringConstraints(strip_whitespace=True, to_lower=True, pattern="^[!-~]{1,100}$")]
Million = 1_000_000
FREE = Money(micros=0)
_SNAPSHOT = re.compile(r"-\d{4}-\d{2}-\d{2}$")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Price(_Strict):
    """What one model costs from `date` on, in millionths of `currency`: a million tokens read, a million written, an
    image. `source` says who names this price."""

    model: Model
    currency: Currency
    input: Micros
    output: Micros = 0
    image: Micros | None = None
    most_input: Annotated[int, Field(ge=1)] | None = None
    """Calls that read more than so many tokens cost something else, which is unknown."""
    source: Line
    date: date


class Rate(_Strict):
    """One unit of `of` is `micros` millionths of a unit of `to` from `date` on; `source` says who names this rate."""

    of: Currency
    to: Currency
    micros: Annotated[int, Field(strict=True, ge=1, le=10**12)]
    source: Line
    date: date


class PriceList(_Strict):
    """A workspace's own prices, which come before the built-in ones, and the currency that it counts in."""

    currency: Currency = EURO
    prices: Annotated[list[Price], Field(max_length=200)] = Field(default_factory=list)
    rates: Annotated[list[Rate], Field(max_length=50)] = Field(default_factory=list)


def price_of(model: str, on: date, *lists: Sequence[Price]) -> Price | None:
    """The newest price of a model on that day from the first list that has one; a dated snapshot of a model
    (`…-2026-03-01`) without a price of its own has the model's. None: unknown."""
    name = model.strip().lower()
    for listed in lists:
        for known in (name, _SNAPSHOT.sub("", name)):
            found = [price for price in listed if price.model == known and price.date <= on]
            if found:
                return max(found, key=lambda price: price.date)
    return None


def cost(price: Price | None, input_tokens: int, output_tokens: int, images: int = 0) -> Money | None:
    """Rounded up to a whole millionth. None if the price, or that of an image, is unknown."""
    if price is None or (images and price.image is None) or input_tokens > (price.most_input or input_tokens):
        return None
    tokens = -(-(input_tokens * price.input + output_tokens * price.output) // Million)
    return Money(micros=tokens + images * (price.image or 0), currency=price.currency)


def converted(money: Money, to: str, on: date, rates: Sequence[Rate]) -> Money:
    """The same in another currency, rounded up. Raises MixedCurrencies if no rate for them is known on that day."""
    if money.currency == to:
        return money
    found = [rate for rate in rates if (rate.of, rate.to) == (money.currency, to) and rate.date <= on]
    if not found:
        raise MixedCurrencies(to, money.currency)
    newest = max(found, key=lambda rate: rate.date)
    return Money(micros=-(-money.micros * newest.micros // UNIT), currency=to)


def amount(
    money: Money | None, input_tokens: int = 0, output_tokens: int = 0, *, local: bool = False, milliseconds: int = 0
) -> Amount:
    """One call of a model. What runs on this machine costs nothing that is billed."""
    return Amount(FREE if local else money, input_tokens + output_tokens, milliseconds=milliseconds, local=local)
