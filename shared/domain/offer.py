"""What a workspace sells, as data with versions (S3.1): packages, add-ons and retainers, what they cost, how complexity
and discounts change that, and below which price nothing is sold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from shared.domain.line_items import Billing
from shared.domain.money import Currency
from shared.domain.texts import Line, Plain, Text

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
Price = Annotated[Decimal, Field(ge=0, le=10_000_000, decimal_places=3)]
Quantity = Annotated[Decimal, Field(gt=0, le=1_000_000, decimal_places=3)]
Percent = Annotated[Decimal, Field(ge=0, le=100, decimal_places=2)]
Language = Literal["en", "de"]
Word = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40), Plain]
Day = date
"""A field may be called date, too."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Item(_Strict):
    """A package: what is sold by the unit. `price` and `floor` are net for one unit, in the offer's currency."""

    id: Slug
    name: Line
    text: Text
    includes: Annotated[list[Line], Field(max_length=30)] = Field(default_factory=list)
    billing: Billing = "once"
    """`monthly` is a retainer: one unit is a month's."""
    unit: Word = "package"
    price: Price | None = None
    """Null: it has none just now, and cannot be sold."""
    floor: Price
    """The lowest price that may ever be sent; multiplied by complexity and rate as the price is."""
    least: Quantity = Decimal(1)
    most: Quantity | None = None
    hours: Annotated[Decimal, Field(ge=0, le=10_000, decimal_places=2)] = Decimal(0)
    """Work for one unit; of a retainer, in a month."""
    vat_rate: Percent | None = None
    """The offer's, if none is named."""

    @model_validator(mode="after")
    def _sound(self) -> Item:
        if self.price is not None and self.price < self.floor:
            raise ValueError(f"price {self.price} must not be below floor {self.floor}")
        if self.most is not None and self.most < self.least:
            raise ValueError(f"most {self.most} must not be below least {self.least}")
        return self


class AddOn(Item):
    """What is sold only with a package: with one of `goes_with`, or with any if none is named."""

    goes_with: Annotated[list[Slug], Field(max_length=50)] = Field(default_factory=list)


class Complexity(_Strict):
    """How much more, or less, a unit takes than usual."""

    id: Slug
    name: Line
    factor: Annotated[Decimal, Field(ge=Decimal("0.1"), le=10, decimal_places=2)]


class Reduction(_Strict):
    """So many percent less, and why."""

    name: Line
    percent: Annotated[Decimal, Field(gt=0, le=100, decimal_places=2)]


class Trade(Reduction):
    """What may be given for something in return, such as payment in advance: the room of a negotiation."""

    id: Slug
    in_return: Line


class Rate(_Strict):
    """Units of another currency for one of the offer's, as somebody looked it up on a day."""

    rate: Annotated[Decimal, Field(gt=0, le=1_000_000, decimal_places=6)]
    date: Day
    source: Line


class OfferTerms(_Strict):
    """The body of PUT /api/v1/offers/{id}: one version of an offer."""

    name: Line
    text: Text
    currency: Currency = "EUR"
    vat_rate: Percent
    vat_note: Line | None = None
    """Why no VAT is asked for, where the rate is 0."""
    packages: Annotated[list[Item], Field(min_length=1, max_length=50)]
    addons: Annotated[list[AddOn], Field(max_length=100)] = Field(default_factory=list)
    complexities: Annotated[list[Complexity], Field(max_length=20)] = Field(default_factory=list)
    discounts: Annotated[list[Reduction], Field(max_length=20)] = Field(default_factory=list)
    trades: Annotated[list[Trade], Field(max_length=20)] = Field(default_factory=list)
    rates: Annotated[dict[Currency, Rate], Field(max_length=30)] = Field(default_factory=dict)
    own_floor: Price = Decimal(0)
    """The lowest net price for one unit of a line that is not of this offer."""
    smallest: Price = Decimal(0)
    """The lowest net sum of an engagement: all that is paid once, and one month."""
    hours_a_month: Annotated[Decimal, Field(ge=0, le=100_000, decimal_places=2)] | None = None
    """Capacity: what can be worked for this offer in a month."""
    terms: Annotated[str, StringConstraints(strip_whitespace=True, max_length=5000), Plain] = ""
    """Of payment and delivery: where a proposal begins."""

    @model_validator(mode="after")
    def _fits(self) -> OfferTerms:
        for field, ids in self._ids():
            if twice := next((each for each in ids if ids.count(each) > 1), None):
                raise ValueError(f"{field}: {twice} is there twice")
        packages = {each.id for each in self.packages}
        for each in self.addons:
            if unknown := set(each.goes_with) - packages:
                raise ValueError(f"addons: {each.id} goes with {min(unknown)}, which is no package")
        if self.currency in self.rates:
            raise ValueError(f"rates: {self.currency} is the offer's own currency")
        if self.vat_note is None and 0 in {self.vat_rate, *(each.vat_rate for each in self.items.values())}:
            raise ValueError("vat_note must say why no VAT is asked for where vat_rate is 0")
        return self

    def _ids(self) -> Iterator[tuple[str, list[str]]]:
        yield "packages and addons", [each.id for each in (*self.packages, *self.addons)]
        yield "complexities", [each.id for each in self.complexities]
        yield "trades", [each.id for each in self.trades]

    @property
    def items(self) -> Mapping[str, Item]:
        """Packages and add-ons by their id."""
        return {each.id: each for each in (*self.packages, *self.addons)}


class OfferVersion(_Strict):
    """One version, in the list of all. `digest` is the seal of its terms, which are kept under it."""

    version: int
    digest: str
    at: datetime
    by: str


class Offer(_Strict):
    """The document: which versions there are. The newest one is what is sold."""

    id: str
    name: str
    version: int
    versions: list[OfferVersion]
    created_at: datetime


class OfferShown(Offer):
    """An offer with the terms of one of its versions."""

    shown: int
    terms: OfferTerms
