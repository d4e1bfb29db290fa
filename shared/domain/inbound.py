"""What strangers write by themselves: by the form on the agency's site, through a system of its own, or by mail."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    EmailStr,
    Field,
    StringConstraints,
    field_validator,
)

from shared.domain.campaign import mailbox
from shared.domain.texts import Line, Plain, Text
from shared.domain.website import site_of

Way = Literal["form", "system", "mail"]
State = Literal["received", "taken_in", "quarantined", "dropped"]
"""received: kept, and about to become a lead; taken_in: it has; quarantined: a person is to look first; dropped: one
has looked, and it is nothing."""
Agreed = Literal["", "asked", "not_asked"]
Confirmation = Literal["none", "due", "sent", "not_sent", "unknown"]
"""unknown: after a day it is still not known whether it left; the ledger lists it for a person."""
LONGEST = 10_000
"""Characters of what somebody writes."""
TRAP = "fax"
"""The field that people do not see: whatever fills in everything fills it in, too."""
Maybe = Line | Literal[""]


def _lines(given: object) -> object:
    """A browser sends each end of a line as two characters, and counts one while somebody types (HTML, 4.10.11)."""
    return given.replace("\r\n", "\n") if isinstance(given, str) else given


Written = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST), Plain, BeforeValidator(_lines)
]


class InboundRequest(BaseModel):
    """What the form sends, and the body that a system posts. `consent`: they ticked the box beside the workspace's
    words; `reference`: the system's own number of it."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[Line, Field(max_length=120)]
    email: EmailStr
    message: Written
    company: Maybe = ""
    website: Maybe = ""
    phone: Annotated[Maybe, Field(max_length=40)] = ""
    consent: bool = False
    reference: Annotated[Maybe, Field(max_length=100)] = ""

    @field_validator("website")
    @classmethod
    def _site(cls, given: str) -> str:
        return given and site_of(given)

    def id(self, scope: tuple[str, str]) -> str:
        """The same for whoever sends the same once more. 32 hexadecimal digits."""
        said = self.model_dump_json() if not self.reference else f"{self.email.casefold()}|{self.reference}"
        return hashlib.sha256("|".join((*scope, said)).encode()).hexdigest()[:32]


class InboundSettings(BaseModel):
    """What a workspace lets in, and the body of PUT /api/v1/inbound/settings. `consent`: the words beside a box on the
    form; `address`: mails to it from strangers become leads."""

    model_config = ConfigDict(extra="forbid")

    open: bool = False
    title: Line = "Write to us"
    intro: Text | Literal[""] = ""
    consent: Text | Literal[""] = ""
    language: Literal["en", "de"] = "en"
    confirm: bool = True
    address: Annotated[str, AfterValidator(mailbox)] | Literal[""] = ""


class InboundDoor(InboundSettings):
    """The settings with where the form is. `number`: which of its links; a new one ends the old."""

    number: int = 1
    url: str = ""
    snippet: str = ""
    """HTML to be pasted into a page of the agency's own site."""


class InboundDecision(BaseModel):
    """The body of POST /api/v1/inbound/{id}/decision. take: it is meant seriously; drop: it is not; link: they are from
    the company that they say, which was a lead before."""

    model_config = ConfigDict(extra="forbid")

    decision: Literal["take", "drop", "link"]


class Inbound(BaseModel):
    """The document: exactly what was written, when, and what became of it."""

    model_config = ConfigDict(extra="forbid")

    id: str
    way: Way
    state: State
    why: list[str] = Field(default_factory=list)
    """Why a person looks first."""
    at: datetime
    person: str
    """Keyed hash of the address."""
    name: str
    email: str
    company: str = ""
    website: str = ""
    phone: str = ""
    subject: str = ""
    text: str
    left_out: str = ""
    """What of a mail was not kept: the rest of a long one, its files."""
    consent: str = ""
    """The words that they agreed to."""
    agreed: Agreed = ""
    """Of who agreed: whether a mail asks them to confirm it."""
    contact: str = ""
    lead: str = ""
    known_lead: str = ""
    """A lead that was known before, and that they say to be from: only a person puts them to it."""
    deal: str = ""
    confirmation: Confirmation = "none"
    open: bool = True
    """Nobody of the agency has said that they saw it."""
    decided_by: str = ""
    decided_at: datetime | None = None


class Taken(BaseModel):
    """What a system is answered. `again`: it had come before, and nothing was done."""

    id: str
    state: Literal["received", "quarantined"]
    why: list[str] = Field(default_factory=list)
    again: bool = False
