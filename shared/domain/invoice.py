"""Invoices and credit notes: what one says, where it stands, and what may still happen to it.

A number is given once, in one write with the invoice that gets it. What has one is never edited: a credit note takes it
back, another invoice comes in its place."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, computed_field, model_validator

from shared.domain.billing import Billing, Trader
from shared.domain.document import Language
from shared.domain.line_items import MOST_LINES, Amount, Line, Totals, totals
from shared.domain.money import Currency
from shared.domain.texts import Line as OneLine
from shared.domain.texts import Plain, Text

Id = Annotated[str, StringConstraints(pattern=r"^[0-9a-z][0-9a-z-]{0,199}$")]
Status = Literal["draft", "issued", "sent", "cancelled"]
Standing = Literal["draft", "issued", "sent", "partly_paid", "paid", "overpaid", "overdue", "cancelled", "credit_note"]
Waits = Literal["", "approval", "unknown", "refunded", "refused"]
"""For what word of a person: a draft of agreed dates to leave; whether a mail left of which nobody knows; whether what
was given back is owed again; what becomes of a reminder that was refused as often as it is tried."""
REFUSED = ("failed", "held")
MOST_TRIES = 3
"""By itself; after that a person sends it again."""
Lines = Annotated[list[Line], Field(min_length=1, max_length=MOST_LINES)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class InvoiceRequest(_Strict):
    """The body of POST /api/v1/invoices, and of PUT of a draft. What is not said is as the terms have it."""

    buyer: Trader
    lines: Lines
    supply_from: date
    supply_to: date | None = None
    """The day, or the days, of supply."""
    currency: Currency | None = None
    language: Language | None = None
    payment_days: Annotated[int, Field(ge=0, le=365)] | None = None
    note: Text | None = None
    deal: Annotated[str, StringConstraints(max_length=80), Plain] = ""
    purpose: Annotated[str, StringConstraints(max_length=200), Plain] = ""

    @model_validator(mode="after")
    def _in_order(self) -> InvoiceRequest:
        if self.supply_to and self.supply_to < self.supply_from:
            raise ValueError("supply_to: must not be before supply_from")
        return self


class CancelRequest(_Strict):
    """The body of POST /api/v1/invoices/{id}/cancel. `replace`: a draft with the same lines comes in its place."""

    why: OneLine
    replace: bool = False


class MailDecision(_Strict):
    """The body of POST /api/v1/invoices/{id}/unknown: its mail is treated as sent, or sent again and may come twice.
    Of a reminder that was refused: it was told by other means, or is tried again."""

    decision: Literal["sent", "again"]


class Reminder(_Strict):
    """One stage of dunning that was reached; `mail` None: a later one was due as well, so this one did not leave; told:
    it was refused, and a person told it by other means."""

    stage: int
    title: str
    at: datetime
    mail: str | None = None
    tries: int = 0
    """How many of its mails were refused before this one."""


class Invoice(_Strict):
    """The document."""

    id: Id
    kind: Literal["invoice", "credit_note"] = "invoice"
    status: Status = "draft"
    number: str = ""
    buyer: Trader
    lines: Lines
    currency: Currency
    supply_from: date
    supply_to: date | None = None
    language: Language
    payment_days: int
    note: str | None = None
    deal: str = ""
    contract: str = ""
    plan: str = ""
    """Whose agreed dates made it; empty: a person did."""
    purpose: str = ""
    created_at: datetime
    created_by: str
    issued_on: date | None = None
    due_on: date | None = None
    terms: Billing | None = None
    """Those of the day it was issued."""
    mail: str | None = None
    """The ledger's state of the mail it left by."""
    sending: bool = False
    """It is to leave by mail and has not left: nobody is reminded of it before it has."""
    tries: int = 0
    """How many of its mails were refused before this one."""
    sent_at: datetime | None = None
    simulated: bool = False
    """Mail did not leave this machine: no server for the world is set up."""
    cancels: str = ""
    cancelled_by: str = ""
    replaces: str = ""
    why: str = ""
    payments: dict[str, Amount] = Field(default_factory=dict)
    """What was counted, by payment: each once."""
    refunded: bool = False
    """Money of it went back, and nobody has said that it is owed again."""
    reminders: list[Reminder] = Field(default_factory=list)
    next_at: datetime | None = None
    """When there is something to do that no person begins."""
    pay_url: str | None = None
    pay_reference: str | None = None
    """Where it is paid by card, if the books offer that."""
    pay_declined: str = ""
    """Why the books offer no page to pay this one on."""

    @computed_field  # type: ignore[prop-decorator]
    @property
    def waits(self) -> Waits:
        """For which word of a person; empty: for none. Stored, so that all that wait are found."""
        if self.status == "draft":
            return "approval" if self.plan else ""
        if "unknown" in self.mails and (self.kind == "credit_note" or self.open > 0):
            return "unknown"
        if self.refunded and self.open > 0:
            return "refunded"
        return "refused" if self.refused and self.refused.tries >= MOST_TRIES - 1 and self.open > 0 else ""

    @model_validator(mode="before")
    @classmethod
    def _computed(cls, given: Any) -> Any:
        return {name: each for name, each in given.items() if name != "waits"} if isinstance(given, dict) else given

    @property
    def refused(self) -> Reminder | None:
        """The last reminder, if nobody has it because its mail was refused: before it no other leaves."""
        last = self.reminders[-1] if self.reminders else None
        return last if last and last.mail in REFUSED else None

    @property
    def mails(self) -> list[str | None]:
        """The ledger's states of all mails about it."""
        return [self.mail, *(each.mail for each in self.reminders)]

    @property
    def digest(self) -> str:
        """Of what a person sees who decides about it."""
        return sha256(self.model_dump_json(exclude={"next_at"}).encode()).hexdigest()

    @property
    def totals(self) -> Totals:
        return totals(self.lines, self.currency)

    @property
    def paid(self) -> Decimal:
        return sum(self.payments.values(), Decimal(0))

    @property
    def open(self) -> Decimal:
        """What is still asked for; less than 0: too much came. Drafts and what was cancelled ask for nothing."""
        asked = self.kind == "invoice" and self.status in ("issued", "sent")
        return (self.totals.gross if asked else Decimal(0)) - self.paid

    def standing(self, today: date) -> Standing:
        """In one word, on that day."""
        if self.kind == "credit_note":
            return "credit_note"
        if self.status in ("draft", "cancelled"):
            return self.status
        if self.open <= 0:
            return "paid" if self.open == 0 else "overpaid"
        if self.due_on and today > self.due_on:
            return "overdue"
        return "partly_paid" if self.paid else self.status


class InvoiceShown(BaseModel):
    """An invoice with its sums, as of today."""

    model_config = ConfigDict(extra="forbid")

    invoice: Invoice
    standing: Standing
    totals: Totals
    paid: Decimal
    open: Decimal
    link: str | None = None
    """The page on which the client reads and pays it."""


class Series(_Strict):
    """Which number comes next: kept beside the invoices, so that both change in one write."""

    next: int = 1


def series_id(series: str, year: int) -> str:
    """Of its document, which is no invoice: it has no status."""
    return f"series~{series}~{year}"


def number_of(series: str, year: int, n: int) -> str:
    """INV-2027-0001."""
    return f"{series}-{year}-{n:04}"


def successor_id(id: str) -> str:
    """Of the draft that comes in the place of the invoice of this id: always as long, however often that happens."""
    return sha256(f"{id}|again".encode()).hexdigest()[:32]


def credited(lines: list[Line]) -> list[Line]:
    """The same lines, given back."""
    return [line.model_copy(update={"quantity": -line.quantity}) for line in lines]
