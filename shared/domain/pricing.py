"""From what somebody chose of an offer to its price: list price × rate × complexity − discounts × quantity, with VAT.

What is printed is the computation: each step says what it was done with and what came out, so that whoever reads it
comes to the same cent by hand. Rounding is to the smallest coin: what a list price is multiplied with is rounded up
(and so is the floor), all else half up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import ROUND_CEILING, Context, Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from shared.domain.faults import FieldError, Rejected
from shared.domain.line_items import (
    MOST_UNIT_NET,
    Billing,
    Line,
    Totals,
    billed,
    line_net,
    minor_digits,
    rounded,
    totals,
)
from shared.domain.money import Currency
from shared.domain.offer import Item, OfferTerms, Percent, Price, Quantity, Reduction, Slug, Word
from shared.domain.texts import Line as OneLine

_EXACT = Context(prec=60)
Sign = Literal["", "rate", "factor", "less", "set", "quantity"]


class Chosen(BaseModel):
    """One line as somebody wants it: an item of the offer by its id, or one of their own, which then needs title,
    price, VAT and how it is billed. `price` takes the place of the computed one: net for one unit."""

    model_config = ConfigDict(extra="forbid")

    item: Slug | Literal[""] = ""
    title: OneLine | None = None
    quantity: Quantity = Decimal(1)
    unit: Word | None = None
    complexity: Slug | Literal[""] = ""
    price: Price | None = None
    discounts: Annotated[list[Reduction], Field(max_length=5)] = Field(default_factory=list)
    vat_rate: Percent | None = None
    billing: Billing | None = None


class PriceRequest(BaseModel):
    """The body of POST /api/v1/offers/{id}/price: what is chosen, in which currency, less what on every line."""

    model_config = ConfigDict(extra="forbid")

    lines: Annotated[list[Chosen], Field(min_length=1, max_length=100)]
    currency: Currency | None = None
    discounts: Annotated[list[Reduction], Field(max_length=5)] = Field(default_factory=list)


class Step(BaseModel):
    """One step on the way to a price: what is done with what came before, by how much, what comes out, and why."""

    sign: Sign
    by: Decimal
    result: Decimal
    currency: Currency
    why: str = ""


class PricedLine(BaseModel):
    """A line with its way there. `floor`: below this no unit of it is sold; `hours` of work for all of it."""

    line: Line
    unit: str
    net: Decimal
    steps: list[Step]
    floor: Decimal
    hours: Decimal
    item: str = ""


class Priced(BaseModel):
    """All lines, and their sums: what is paid once, and each month."""

    currency: Currency
    lines: list[PricedLine]
    once: Totals
    monthly: Totals

    @property
    def engagement(self) -> Decimal:
        """All that is paid once, and one month, without VAT."""
        return self.once.net + self.monthly.net


def priced(
    offer: OfferTerms, currency: str, chosen: Sequence[Chosen], discounts: Sequence[Reduction] = (), at: str = "lines"
) -> Priced:
    """What it costs. `discounts` are on every line, after its own; `at` is the path that errors begin with.

    Raises Rejected for what the offer does not have, for a package without a price, and for a currency without a rate;
    nothing is checked against the floor here (`shared.domain.floor`)."""
    _check_rate(offer, currency)
    wrong: list[FieldError] = []
    lines: list[PricedLine] = []
    for n, each in enumerate(chosen):
        try:
            lines.append(_Pricing(offer, currency, each, discounts, f"{at}[{n}]").line())
        except Rejected as error:
            wrong += error.errors
    if not wrong:
        wrong += _lonely(offer, chosen, at)
    if wrong:
        raise Rejected(*wrong)
    every = [each.line for each in lines]
    once, monthly = (totals(billed(every, each), currency) for each in ("once", "monthly"))
    return Priced(currency=currency, lines=lines, once=once, monthly=monthly)


def up(amount: Decimal, currency: str) -> Decimal:
    """To the smallest coin, up."""
    return amount.quantize(Decimal(1).scaleb(-minor_digits(currency)), ROUND_CEILING, _EXACT)


def in_currency(offer: OfferTerms, currency: str, amount: Decimal) -> Decimal:
    """An amount of the offer in another currency, rounded up. Raises Rejected if there is no rate."""
    _check_rate(offer, currency)
    if currency == offer.currency:
        return up(amount, currency)
    return up(_EXACT.multiply(amount, offer.rates[currency].rate), currency)


class _Pricing:
    """One line on its way."""

    def __init__(
        self, offer: OfferTerms, currency: str, chosen: Chosen, discounts: Sequence[Reduction], at: str
    ) -> None:
        self._offer, self._currency, self._chosen, self._at = offer, currency, chosen, at
        self._less = [*chosen.discounts, *discounts]
        self._item = self._found()

    def line(self) -> PricedLine:
        chosen, item = self._chosen, self._item
        steps = [*self._unit_steps()]
        if steps[-1].result > MOST_UNIT_NET:
            most = (
                f"{steps[-1].result:,} {self._currency} a unit is more than the {MOST_UNIT_NET:,} that a line can have"
            )
            raise Rejected(self._wrong("price" if chosen.price is not None else "item", most))
        unit = unit_of(chosen, item)
        made = Line(
            title=chosen.title or (item.name if item else ""),
            quantity=chosen.quantity,
            unit_net=steps[-1].result,
            vat_rate=self._vat_rate(),
            billing=chosen.billing or (item.billing if item else "once"),
        )
        net = line_net(made, self._currency)
        steps.append(self._step("quantity", chosen.quantity, net, unit))
        hours = _EXACT.multiply(item.hours, chosen.quantity) if item else Decimal(0)
        return PricedLine(
            line=made, unit=unit, net=net, steps=steps, floor=self._floor(), hours=hours, item=chosen.item
        )

    def _found(self) -> Item | None:
        chosen = self._chosen
        if chosen.item:
            return self._checked(self._offer.items.get(chosen.item))
        needed = ("title", "price", "billing")
        if lacking := [each for each in needed if getattr(chosen, each) is None]:
            raise Rejected(*(self._wrong(each, "is required of a line that is not of the offer") for each in lacking))
        return None

    def _checked(self, item: Item | None) -> Item:
        chosen = self._chosen
        if item is None:
            raise Rejected(self._wrong("item", f"the offer {self._offer.name!r} has no {chosen.item!r}"))
        if item.price is None:
            raise Rejected(
                self._wrong(
                    "item", f"{item.name!r} has no price in the offer any more: give it one there, or choose another"
                )
            )
        if chosen.quantity < item.least or (item.most is not None and chosen.quantity > item.most):
            upto = f" to {item.most}" if item.most is not None else " or more"
            raise Rejected(self._wrong("quantity", f"must be {item.least}{upto} {item.unit} of {item.name!r}"))
        if chosen.billing is not None and chosen.billing != item.billing:
            raise Rejected(self._wrong("billing", f"{item.name!r} is billed {item.billing}"))
        return item

    def _unit_steps(self) -> Iterator[Step]:
        price = Decimal(0)
        for step in self._list_steps(self._item.price) if self._item else ():
            price = step.result
            yield step
        if (own := self._chosen.price) is not None:
            price = self._coins(own)
            yield self._step("set", price, price, unit_of(self._chosen, self._item))
        for each in self._less:
            price = rounded(_EXACT.multiply(price, 100 - each.percent).scaleb(-2, _EXACT), self._currency)
            yield self._step("less", each.percent, price, each.name)

    def _list_steps(self, price: Decimal | None) -> Iterator[Step]:
        """List price, in the currency asked for, times complexity: rounded up, as the floor is."""
        assert self._item is not None
        assert price is not None, "checked"
        offer, item = self._offer, self._item
        start = up(price, offer.currency)
        yield Step(sign="", by=start, result=start, currency=offer.currency, why=f"{item.name}, {item.unit}")
        if self._currency != offer.currency:
            rate = offer.rates[self._currency]
            start = up(_EXACT.multiply(start, rate.rate), self._currency)
            yield self._step("rate", rate.rate, start, f"{rate.source}, {rate.date}")
        if self._chosen.complexity:
            found = next((each for each in offer.complexities if each.id == self._chosen.complexity), None)
            if found is None:
                raise Rejected(self._wrong("complexity", f"the offer has no {self._chosen.complexity!r}"))
            start = up(_EXACT.multiply(start, found.factor), self._currency)
            yield self._step("factor", found.factor, start, found.name)

    def _floor(self) -> Decimal:
        if self._item is None:
            return in_currency(self._offer, self._currency, self._offer.own_floor)
        return [*self._list_steps(self._item.floor)][-1].result

    def _vat_rate(self) -> Decimal:
        chosen, item, offer = self._chosen, self._item, self._offer
        own = chosen.vat_rate if chosen.vat_rate is not None else item.vat_rate if item else None
        rate = own if own is not None else offer.vat_rate
        if rate == 0 and offer.vat_note is None:
            raise Rejected(self._wrong("vat_rate", "is 0, and the offer does not say why no VAT is asked for"))
        return rate

    def _coins(self, price: Decimal) -> Decimal:
        if price != (whole := rounded(price, self._currency)):
            raise Rejected(self._wrong("price", f"{price} has parts of the smallest coin of {self._currency}"))
        return whole

    def _step(self, sign: Sign, by: Decimal, result: Decimal, why: str) -> Step:
        return Step(sign=sign, by=by, result=result, currency=self._currency, why=why)

    def _wrong(self, field: str, reason: str) -> FieldError:
        return FieldError(f"{self._at}.{field}", reason)


def unit_of(chosen: Chosen, item: Item | None) -> str:
    """What is counted."""
    return chosen.unit or (item.unit if item else "unit")


def _check_rate(offer: OfferTerms, currency: str) -> None:
    if currency != offer.currency and currency not in offer.rates:
        known = ", ".join([offer.currency, *sorted(offer.rates)])
        raise Rejected(FieldError("currency", f"the offer has no rate for {currency}; it has {known}"))


def _lonely(offer: OfferTerms, chosen: Sequence[Chosen], at: str) -> Iterator[FieldError]:
    """Add-ons without a package that they go with."""
    packages = {each.id for each in offer.packages} & {each.item for each in chosen}
    needs = {each.id: set(each.goes_with) or {package.id for package in offer.packages} for each in offer.addons}
    for n, each in enumerate(chosen):
        if each.item in needs and not needs[each.item] & packages:
            names = ", ".join(sorted(needs[each.item]))
            yield FieldError(f"{at}[{n}].item", f"{each.item!r} is sold only with {names}")
