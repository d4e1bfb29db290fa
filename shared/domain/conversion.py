"""Orders that followed a campaign: rows as shops send them, as they are kept, and to what message one is attributed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from shared.domain.engagement import Engagement
from shared.domain.money import UNIT, Currency
from shared.domain.texts import Line

CLICKED = timedelta(days=30)
"""So long before an order a click may lie that it is attributed to (decision 0045)."""
DELIVERED = timedelta(days=7)
"""So long a message that arrived and in which nobody clicked."""
MOST_ROWS = 5_000
"""Rows of one request."""
EARLIEST, LATEST = 1970, 2999
"""Years of an order: at the ends of the calendar there is no day before, and none in another zone."""

What = Literal["order", "refund", "correction"]
Basis = Literal["click", "delivered", "none"]
Why = Literal["nobody_named", "unknown_person", "unknown_click", "no_message"]
WHY: dict[Why, str] = {
    "nobody_named": "the row names no click, contact or e-mail address",
    "unknown_person": "nobody in the address book is meant",
    "unknown_click": "its click token was not signed here",
    "no_message": "no click in the 30 days before, and no message in the 7 days before",
}
"""Why an order is attributed to no message, in words."""
_Value = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^-?[0-9]{1,9}(\.[0-9]{1,6})?$")]
_Id = Annotated[Line, Field(max_length=100)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ConversionRow(_Strict):
    """One row of a shop. `value` is a decimal number as text, no binary fraction; of a refund it is what went back.

    Whoever bought is meant by the first that is known here: the token of their click, their contact, their address."""

    order_id: _Id
    what: What = "order"
    reference: _Id | None = None
    """Of a refund or correction: its own number, so that sending it again counts it once."""
    value: _Value
    currency: Currency
    occurred_at: datetime
    """Without a UTC offset: in the home's time zone."""
    click: Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)] | None = None
    contact: Line | None = None
    email: Line | None = None

    @model_validator(mode="after")
    def _whole(self) -> ConversionRow:
        if (self.what == "order") != (self.reference is None):
            raise ValueError("reference: a refund or correction needs one of its own, an order has none")
        if self.what != "correction" and self.value.startswith("-"):
            raise ValueError("value: must not be negative; money that went back is a row of its own (what: refund)")
        if self.what != "order" and not self.micros:
            raise ValueError("value: must not be 0")
        if not EARLIEST <= self.occurred_at.year <= LATEST:
            raise ValueError(f"occurred_at: its year must be from {EARLIEST} to {LATEST}")
        return self

    @property
    def micros(self) -> int:
        """What it adds, in millionths: less than nothing for a refund."""
        return int(Decimal(self.value) * UNIT) * (-1 if self.what == "refund" else 1)


class ConversionRequest(_Strict):
    """One row or many."""

    rows: Annotated[list[ConversionRow], Field(min_length=1, max_length=MOST_ROWS)]


class Attribution(NamedTuple):
    """To which message an order is attributed, when that was touched, and how sure that is: a click says more than that
    a message had arrived. `why`: of `none`."""

    basis: Basis
    campaign: str | None = None
    key: str | None = None
    at: datetime | None = None
    why: Why | None = None


class Conversion(_Strict):
    """One row as it is kept. `micros` are what it adds. Erased: order, reference, contact, person and key are gone, the
    sum and its campaign stay."""

    id: str
    what: What
    order: str | None
    reference: str | None
    micros: int
    currency: Currency
    occurred_at: datetime
    recorded_at: datetime
    by: str
    contact: str | None = None
    person: str | None = None
    basis: Basis
    why: Why | None = None
    campaign: str | None = None
    key: str | None = None
    variant: str | None = None
    touched_at: datetime | None = None

    def same(self, row: ConversionRow, at: datetime) -> bool:
        """Is this what the row says? One whose person was erased says no more than its sum."""
        told = self.what, self.micros, self.currency
        return told == (row.what, row.micros, row.currency) and self.occurred_at == at


class RowFault(_Strict):
    """A row that was not taken, by its number (the first is 1) or line, and why."""

    row: int
    field: str
    reason: str


class Value(_Strict):
    """A sum of one currency, as a decimal number; `rows` went into it."""

    currency: str
    value: str
    rows: int


class Taken(_Strict):
    """What became of the rows: each is recorded, unchanged (it was here already) or refused. The parts by what they are
    attributed to are of those recorded, and add up to `total`, currency by currency."""

    dry_run: bool
    received: int
    recorded: int
    unchanged: int
    refused: int
    total: list[Value]
    clicked: list[Value]
    delivered: list[Value]
    unattributed: list[Value]
    errors: list[RowFault]


class Touch(NamedTuple):
    """A message of a person, and when they clicked in it or it arrived."""

    at: datetime
    campaign: str
    key: str


def clicked_at(found: Engagement, by: datetime) -> datetime | None:
    """When a person clicked last, as far as is known, but not after `by`: the last click if none was a machine's, else
    the first of a person."""
    times = [found.first_human_at, found.last_at if found.human and not found.machine else None]
    return max((each for each in times if each and each <= by), default=None)


def attributed(clicks: Iterable[Touch], arrivals: Iterable[Touch], at: datetime) -> Attribution:
    """The last click of the 30 days before, else the last message that arrived in the 7 days before, else none."""
    ways: tuple[tuple[Basis, Iterable[Touch], timedelta], ...] = (
        ("click", clicks, CLICKED),
        ("delivered", arrivals, DELIVERED),
    )
    for basis, touches, window in ways:
        last = max((each for each in touches if at - window <= each.at <= at), default=None)
        if last:
            return Attribution(basis, last.campaign, last.key, last.at)
    return Attribution("none", why="no_message")


def anonymous(body: dict[str, Any]) -> dict[str, Any]:
    """A row as it is kept, without whose it was and without the shop's own numbers."""
    return {**body, **dict.fromkeys(("order", "reference", "contact", "person", "key"))}
