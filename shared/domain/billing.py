"""How a workspace bills: who sells, where money goes, how long a client has, and what happens when nothing comes."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, EmailStr, Field, StringConstraints, model_validator

from shared.domain.document import Language
from shared.domain.iban import iban_of
from shared.domain.money import EURO, Currency
from shared.domain.texts import Line, Plain, Text

BILLING = "terms"
"""The document's id: a workspace has one."""
Country = Annotated[str, StringConstraints(pattern="^[A-Z]{2}$")]
Address = Annotated[str, StringConstraints(strip_whitespace=True, min_length=5, max_length=300), Plain]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Trader(_Strict):
    """One side of an invoice or contract, as the law asks it to be named: `address` in lines, without the country."""

    name: Line
    address: Address
    country: Country
    vat_id: Line | None = None
    tax_number: Line | None = None
    """Of the tax office at home, where there is no VAT id."""
    email: EmailStr | None = None


class Stage(_Strict):
    """One reminder: so many days after an invoice was due. `text` stands in the mail."""

    after_days: Annotated[int, Field(ge=1, le=365)]
    title: Line
    text: Text


def _stages() -> list[Stage]:
    return [
        Stage(after_days=7, title="Reminder", text="Perhaps it was overlooked: we have not received your payment yet."),
        Stage(after_days=21, title="Second reminder", text="Your payment is still missing. Please pay within a week."),
        Stage(after_days=35, title="Final reminder", text="This is our last reminder before we hand the matter on."),
    ]


class Billing(_Strict):
    """The document, and the body of PUT /api/v1/billing. A change holds for invoices that are issued later."""

    seller: Trader
    account_holder: Line
    iban: Annotated[Line, AfterValidator(iban_of)]
    bic: Annotated[str, StringConstraints(pattern="^[A-Z0-9]{8}([A-Z0-9]{3})?$")] | None = None
    bank: Line
    series: Annotated[str, StringConstraints(pattern="^[A-Z0-9]{1,8}$")] = "INV"
    """Begins each number: INV-2027-0001. Invoices and credit notes share it, without a gap."""
    currency: Currency = EURO
    payment_days: Annotated[int, Field(ge=0, le=365)] = 14
    language: Language = "en"
    note: Text | None = None
    """Stands on every invoice that asks for no VAT: why."""
    leaves: Literal["on_approval", "by_itself"] = "on_approval"
    """Invoices that are made on their agreed dates wait for a person, or leave on that day."""
    dunning: Annotated[list[Stage], Field(max_length=6)] = Field(default_factory=_stages)
    """In their order, each once; an empty list: nobody is reminded."""

    @model_validator(mode="after")
    def _known(self) -> Billing:
        if not (self.seller.vat_id or self.seller.tax_number):
            raise ValueError("seller: an invoice names the seller's vat_id or tax_number (Directive 2006/112/EC, 226)")
        days = [stage.after_days for stage in self.dunning]
        if days != sorted(set(days)):
            raise ValueError("dunning: each stage comes later than the one before")
        return self
