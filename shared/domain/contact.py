"""A person in the address book of a workspace."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from shared.domain.found import Found
from shared.domain.policy import Cap

ConsentStatus = Literal["granted", "withdrawn", "pending", "unknown"]
"""pending: somebody says that they agreed, and they are to confirm it themselves first (double opt-in)."""
Basis = Literal["explicit", "implied_purchase", "implied_inquiry", "soft_opt_in"]
"""Why advertising is lawful: somebody said yes, or the law reads it out of a purchase or contract, an inquiry, or a
sale in which the address was given and a way out was offered."""

PERSONAL_FIELDS = ("first_name", "last_name", "company", "role", "city", "country")
"""The contact's own fields that a template may use, besides `attributes.<name>`."""


class Consent(BaseModel):
    """What is on record for one channel, or one purpose on it (rules C2, G1). Merging goes towards "no": withdrawn
    stays withdrawn. `domain.consent` says what it covers."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    status: ConsentStatus = "unknown"
    source: str | None = None
    at: datetime | None = None
    purpose: str | None = None
    """What it was given for; None: for whatever the sender advertises."""
    jurisdiction: str | None = None
    """ISO 3166 code of the country under whose law it was given, if that is known."""
    basis: Basis | None = None
    """None, as in every record of before there were others: explicit."""
    collected_in: Literal["sale", "negotiation"] | None = None
    opt_out_offered: bool = False
    """With a soft opt-in: in what the address was given, and that a way out was offered there and then (rule G3)."""
    expires_at: datetime | None = None
    evidence: str | None = None
    """The id of the evidence: wording, form, double opt-in (rule G1)."""


class Contact(BaseModel):
    """One person. `person` is the keyed hash of the address: the only form that leaves Documents."""

    model_config = ConfigDict(extra="forbid")

    id: str
    person: str
    email: str
    first_name: str | None = None
    last_name: str | None = None
    company: str | None = None
    role: str | None = None
    city: str | None = None
    country: str | None = None
    timezone: str | None = None
    phone: str | None = None
    consent: dict[str, Consent] = Field(default_factory=dict)
    """By channel (`email`) and, where it was asked for one purpose, by channel and purpose (`email:offers`)."""
    frequency: Cap | None = None
    """How often they want to be written to at most; none: as often as the workspace allows."""
    tags: list[str] = Field(default_factory=list)
    attributes: dict[str, str] = Field(default_factory=dict)
    created_at: datetime
    source: str | None = None
    found: list[Found] = Field(default_factory=list)
    """Where those of its fields come from that were found, not given (rule G10)."""


class ListedContact(Contact):
    """A contact as the address book shows it."""

    suppressed: bool
    """On the agency's suppression list: no message leaves for this person, whatever the consent says."""


def contact_id(person: str) -> str:
    """The id of the contact that an address gets when it first comes in: the same for ever, whoever computes it."""
    return "p" + person[:23]
