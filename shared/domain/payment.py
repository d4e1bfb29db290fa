"""Money that came: each payment once by its id, counted for one invoice or waiting for a person, never lost."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from shared.domain.line_items import Amount, minor_digits, rounded
from shared.domain.money import Currency
from shared.domain.texts import Plain

Source = Literal["manual", "bank", "stripe", "notice"]
State = Literal["taken", "counted", "unknown_invoice", "wrong_currency", "not_payable", "contradicts", "returned"]
STATES: dict[State, str] = {
    "taken": "is being counted",
    "counted": "counted",
    "unknown_invoice": "names no invoice that is here",
    "wrong_currency": "is in another currency than the invoice",
    "not_payable": "is for an invoice that is a draft, cancelled, or a credit note",
    "contradicts": "was reported before with another sum or currency, which counts",
    "returned": "was given back",
}
WAITING: tuple[State, ...] = ("unknown_invoice", "wrong_currency", "not_payable", "contradicts")
"""A person says what becomes of these."""
Short = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200), Plain]
_Reference = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), Plain]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Sum(_Strict):
    amount: Annotated[Amount, Field(gt=0)]
    currency: Currency

    @model_validator(mode="after")
    def _in_coins(self) -> Self:
        if self.amount.scaleb(minor_digits(self.currency)) % 1:
            raise ValueError(f"amount: {self.amount} is finer than the smallest coin of {self.currency}")
        return self


class Refund(_Strict):
    """Money that went back. Its states follow one another and never go back: under way, done, failed after all."""

    id: _Reference
    amount: Annotated[Amount, Field(gt=0)]
    state: Literal["under_way", "done", "failed"]

    def after(self, before: Refund | None) -> Refund:
        """What holds, in whatever order it was told."""
        order = ("under_way", "done", "failed")
        return before if before and order.index(before.state) > order.index(self.state) else self


class Received(_Sum):
    """What somebody says has come. `reference` is their own name for it: the same reference is the same payment.
    `invoice` is an id or a number, or any text that holds a number."""

    source: Source
    reference: _Reference
    at: datetime
    invoice: Short = ""
    payer: Short = ""
    workspace: Short = ""
    """Whose invoice it is for, where the notice itself says so; empty: of the workspace that was told."""
    refunds: tuple[Refund, ...] = ()
    """What of it went back, as far as that is told."""


class PaymentRequest(_Sum):
    """The body of POST /api/v1/payments: what a person saw on the account."""

    reference: _Reference
    at: datetime | None = None
    invoice: Short = ""
    payer: Short = ""


class AssignRequest(_Strict):
    """The body of POST /api/v1/payments/{id}/assign: which invoice it is for. `counts_as`: so much of the invoice's
    currency, for one that came in another; it is what the bank made of it."""

    invoice: Annotated[str, StringConstraints(min_length=1, max_length=80)]
    counts_as: Annotated[Amount, Field(gt=0)] | None = None


class RefundRequest(_Strict):
    """The body of POST /api/v1/payments/{id}/refund: so much of it was given back in all, by hand; 0: nothing."""

    amount: Annotated[Amount, Field(ge=0)]


class Payment(_Strict):
    """The document."""

    id: str
    source: Source
    reference: str
    amount: Amount
    currency: Currency
    at: datetime
    taken_at: datetime
    named: str = ""
    """What it says it is for."""
    payer: str = ""
    invoice: str = ""
    """For which it counts."""
    state: State = "taken"
    counts_as: Amount | None = None
    """In the currency of the invoice, if it came in another."""
    refunds: dict[str, Refund] = Field(default_factory=dict)

    @property
    def refunded(self) -> Decimal:
        """What of it has gone back, in its own currency."""
        return sum((each.amount for each in self.refunds.values() if each.state == "done"), Decimal(0))

    def left(self, currency: str) -> Decimal:
        """What counts for an invoice in that currency, where it counts."""
        if self.counts_as is None:
            return self.amount - self.refunded
        return rounded(self.counts_as * (self.amount - self.refunded) / self.amount, currency)


def payment_id(received: Received) -> str:
    """The same payment has the same id, however often and by whichever machine it is told."""
    return f"{received.source}-{sha256(received.reference.encode()).hexdigest()[:24]}"


def contradiction_id(received: Received) -> str:
    """Of a report that says something else of a payment that is on record."""
    said = f"{received.amount.normalize():f}|{received.currency}"
    return f"{payment_id(received)}-{sha256(said.encode()).hexdigest()[:8]}"
