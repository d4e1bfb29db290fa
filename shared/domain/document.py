"""Documents for business from templates and data: what each template needs. Nothing is left blank: whatever a document
shows is a required field, or it is not shown at all."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, EmailStr, Field, StringConstraints, field_validator, model_validator

from shared.domain.iban import iban_of
from shared.domain.texts import Line, Plain, Text

TemplateName = Literal["offer", "contract", "invoice"]
Language = Literal["en", "de"]
Day = date
"""A field may be called date, too."""
Currency = Annotated[str, StringConstraints(pattern="^[A-Z]{3}$")]
Price = Annotated[Decimal, Field(ge=0, le=10_000_000, decimal_places=2)]
Quantity = Annotated[Decimal, Field(gt=0, le=1_000_000, decimal_places=3)]
Percent = Annotated[Decimal, Field(ge=0, le=100, decimal_places=2)]
Paragraphs = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=5000), Plain]
Lines = Annotated[str, StringConstraints(strip_whitespace=True, min_length=5, max_length=300), Plain]
_CENT = Decimal("0.01")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Party(_Strict):
    """A person or company with the address that letters reach."""

    name: Line
    address: Lines
    email: EmailStr | None = None
    tax_id: Line | None = None


class Item(_Strict):
    """One position: so many units at a price without tax."""

    description: Text
    quantity: Quantity = Decimal(1)
    unit: Annotated[str, StringConstraints(strip_whitespace=True, max_length=20), Plain] = ""
    unit_price: Price

    @property
    def net(self) -> Decimal:
        return (self.quantity * self.unit_price).quantize(_CENT, ROUND_HALF_UP)


class _Priced(_Strict):
    """`tax_note` says why no tax is asked for, if `tax_percent` is 0."""

    language: Language = "en"
    number: Line
    date: Day
    sender: Party
    recipient: Party
    subject: Line
    introduction: Paragraphs
    items: Annotated[list[Item], Field(min_length=1, max_length=200)]
    currency: Currency = "EUR"
    tax_percent: Percent
    tax_note: Line | None = None
    closing: Paragraphs

    @model_validator(mode="after")
    def _why_no_tax(self) -> _Priced:
        if self.tax_percent == 0 and self.tax_note is None:
            raise ValueError("tax_note must say why no tax is asked for when tax_percent is 0")
        return self

    @property
    def net(self) -> Decimal:
        return sum((item.net for item in self.items), Decimal(0))

    @property
    def tax(self) -> Decimal:
        return (self.net * self.tax_percent / 100).quantize(_CENT, ROUND_HALF_UP)


class Offer(_Priced):
    """What is offered at which price, until when."""

    valid_until: Day
    terms: Paragraphs

    @field_validator("valid_until")
    @classmethod
    def _later(cls, until: Day, given: Any) -> Day:
        return _not_before("date", until, given)


class Invoice(_Priced):
    """A letter that asks for money that is due."""

    period: Line
    """When it was delivered or done."""
    due: Day
    account_holder: Line
    iban: Line
    bank: Line

    @field_validator("due")
    @classmethod
    def _later(cls, due: Day, given: Any) -> Day:
        return _not_before("date", due, given)

    @field_validator("iban")
    @classmethod
    def _valid(cls, iban: str) -> str:
        return iban_of(iban)

    @model_validator(mode="after")
    def _taxed(self) -> Invoice:
        if self.sender.tax_id is None:
            raise ValueError("sender.tax_id is required: an invoice names it")
        return self


class Clause(_Strict):
    """One more section of a contract."""

    title: Line
    text: Paragraphs


class Contract(_Strict):
    """Services for a fee, for a time or until somebody ends it."""

    language: Language = "en"
    number: Line
    date: Day
    place: Line
    provider: Party
    client: Party
    service: Paragraphs
    deliverables: Annotated[list[Text], Field(min_length=1, max_length=50)]
    start: Day
    end: Day | None = None
    """Null: until one side ends it, `notice_days` before the end of a month."""
    notice_days: Annotated[int, Field(ge=0, le=730)]
    fee: Price
    fee_for: Literal["hour", "day", "month", "project"]
    currency: Currency = "EUR"
    tax_percent: Percent
    payment_days: Annotated[int, Field(ge=0, le=365)]
    law: Line
    """Of which country, such as German law."""
    court: Line
    """Where disputes are decided."""
    clauses: Annotated[list[Clause], Field(max_length=30)] = Field(default_factory=list)

    @field_validator("end")
    @classmethod
    def _later(cls, end: Day | None, given: Any) -> Day | None:
        return end and _not_before("start", end, given)


class Template(NamedTuple):
    """A shipped template; a change of it is a new version."""

    title: str
    version: int
    data: type[Offer] | type[Contract] | type[Invoice]


TEMPLATES: Mapping[TemplateName, Template] = {
    "offer": Template("Offer", 1, Offer),
    "contract": Template("Service contract", 1, Contract),
    "invoice": Template("Invoice letter", 1, Invoice),
}


class DocumentRequest(_Strict):
    """The body of POST /api/v1/documents. `data` is what the template needs: GET /api/v1/documents/templates."""

    template: TemplateName
    data: dict[str, Any]


class DocumentFile(_Strict):
    """One form of it: `document.pdf`, `document.md`."""

    name: str
    path: str
    bytes: int
    digest: str


class BusinessDocument(_Strict):
    """The document, and what it was made of. The same template, data and brand are the same document."""

    id: str
    template: TemplateName
    template_version: int
    data: dict[str, Any]
    data_digest: str
    brand: str
    """Digest of the brand that it was made with."""
    title: str
    created_at: datetime
    created_by: str
    files: list[DocumentFile]


def _not_before(field: str, found: Day, given: Any) -> Day:
    first = given.data.get(field)
    if first and found < first:
        raise ValueError(f"must not be before {field}, {first}")
    return found
