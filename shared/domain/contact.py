"""A person in the address book of a workspace."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

ConsentStatus = Literal["granted", "withdrawn", "unknown"]

PERSONAL_FIELDS = ("first_name", "last_name", "company", "role", "city", "country")
"""The contact's own fields that a template may use, besides `attributes.<name>`."""


class Consent(BaseModel):
    """What is on record for one channel (rules C2, G1). Merging goes towards "no": withdrawn stays withdrawn."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    status: ConsentStatus = "unknown"
    source: str | None = None
    at: datetime | None = None


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
    tags: list[str] = Field(default_factory=list)
    attributes: dict[str, str] = Field(default_factory=dict)
    created_at: datetime
    source: str | None = None


class ListedContact(Contact):
    """A contact as the address book shows it."""

    suppressed: bool
    """On the agency's suppression list: no message leaves for this person, whatever the consent says."""


def contact_id(person: str) -> str:
    """The id of the contact that an address gets when it first comes in: the same for ever, whoever computes it."""
    return "p" + person[:23]
