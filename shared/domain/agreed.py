"""What a client agreed to: the scope that a contract is written from, and invoices are made of."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from pydantic import BaseModel, ConfigDict

from shared.domain.line_items import Line
from shared.domain.money import Currency
from shared.domain.offer import Language


class Agreed(BaseModel):
    """The option that was accepted, of exactly one version of a proposal. Its lines are those that were shown: nothing
    is priced again after it. `digest` is the seal of the version; `terms` what was said of payment and delivery."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    proposal: str
    deal: str
    version: int
    digest: str
    option: str
    """Its id; `option_name` as the client read it."""
    option_name: str
    title: str
    currency: Currency
    language: Language = "en"
    lines: tuple[Line, ...]
    hours: Decimal = Decimal(0)
    hours_monthly: Decimal = Decimal(0)
    """Work that is in it, once and each month: it takes from the capacity of the offer."""
    vat_note: str = ""
    terms: str = ""
    client: str
    """Whom it was made for: a company, or a person where there is none."""
    client_address: str = ""
    accepted_at: datetime
    accepted_by: str
    """The name that was typed under the consent."""
    consent: str
    """The sentence that was agreed to, word for word."""
