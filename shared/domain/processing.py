"""The record of processing activities that whoever processes data of people has to keep (GDPR Article 30; rule G8)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from shared.domain.texts import Line


class Agreement(BaseModel):
    """What only people know of a processor: the contract (Article 28), and how data may leave for a third country."""

    model_config = ConfigDict(extra="forbid")

    contract: Line | None = None
    country: Line | None = None
    safeguard: Line | None = None
    """An adequacy decision, standard contractual clauses … (Articles 45 and 46); none needed within the EEA."""


class Particulars(BaseModel):
    """What only people know of the controller (Article 30(1)(a)). `processors`: name, as the record shows it, ->
    agreement."""

    model_config = ConfigDict(extra="forbid")

    controller: Line | None = None
    contact: Line | None = None
    joint: Line | None = None
    """Whoever else decides what data are used for."""
    representative: Line | None = None
    """In the Union, of a controller from elsewhere (Article 27)."""
    officer: Line | None = None
    """The data protection officer, and how to reach them."""
    processors: dict[Line, Agreement] = Field(default_factory=dict, max_length=100)


class Activity(BaseModel):
    """One thing that is done with data of people: what for, on which basis, of whom, with what, and until when."""

    name: str
    purpose: str
    basis: str
    people: str
    data: str
    kept: str


class Processor(BaseModel):
    """Somebody who is given data of people, as things are set up, and what was agreed with them."""

    name: str
    does: str
    agreement: Agreement | None


class Decision(BaseModel):
    """What rules decide about people."""

    name: str
    factors: str
    effect: str


class ProcessingRecord(BaseModel):
    """The record of one workspace. `missing`: what it needs by law and nobody has filled in."""

    workspace: str
    made_at: datetime
    particulars: Particulars
    senders: list[str]
    """In whose name people are written to, as the campaigns name them."""
    activities: list[Activity]
    data: list[str]
    processors: list[Processor]
    decisions: list[Decision]
    kept: dict[str, str]
    security: list[str] = [
        "tokens and roles; a workspace never sees another's",
        "keyed hashes in place of addresses outside of the address book",
        "marked fields encrypted (AES-256-GCM)",
        "files for the owner of the account only; on Azure, managed identities",
        "a hash-chained journal of who did what",
    ]
    impact: list[str]
    """Why an assessment of the impact (Article 35) is to be made first; empty: nothing here asks for one."""
    missing: list[str]


ACTIVITIES = (
    Activity(
        name="Address book and consent",
        purpose="knowing who may be written to, and proving it",
        basis="consent, contract or legitimate interest (Article 6(1)(a), (b), (f)); proof: legal obligation (c)",
        people="customers, patients, leads",
        data="name, address, number, company, place, attributes, consents; where what was found comes from",
        kept="until erased; files of imports as below",
    ),
    Activity(
        name="Campaigns",
        purpose="writing to people, each once",
        basis="consent, or what the law of where they live allows (Article 6(1)(a), (f))",
        people="whom a campaign is for",
        data="name and address, what the text uses; a row for each message",
        kept="rows of messages as proof; their words as below",
    ),
    Activity(
        name="What came back",
        purpose="counting opens, clicks, bounces and complaints, and stopping",
        basis="legitimate interest (Article 6(1)(f))",
        people="who got a message",
        data="times, counts and codes by keyed hash",
        kept="as below",
    ),
    Activity(
        name="Writing with models",
        purpose="drafts, answers and tasks; people approve what leaves",
        basis="legitimate interest (Article 6(1)(f))",
        people="whom a task is about; who wrote a mail that is answered",
        data="what the task or mail says",
        kept="as below",
    ),
    Activity(
        name="Objections",
        purpose="that nobody is written to again who does not want it",
        basis="legal obligation (Articles 6(1)(c) and 21(3))",
        people="who objected, whose mailbox does not exist, who had their data erased",
        data="keyed hash of the address or number, reason, time",
        kept="for good",
    ),
    Activity(
        name="Requests and breaches",
        purpose="access, erasure, review of decisions, telling authorities",
        basis="legal obligation (Articles 12 to 22, 33, 34)",
        people="who asks; whom a breach concerns",
        data="who asked when and how that was checked; certificates; the log of breaches",
        kept="exports thirty days; certificates and the log for good",
    ),
)
"""What Baton does with data of people."""

_SPECIAL = re.compile(
    r"health|disease|diagnos|illness|disab|allerg|pregnan|patient|religio|church|ethni|racial|politic|sexual|biometr"
    r"|genetic|gesundheit|krank|behinder|schwanger|konfession|glaube|kirche|herkunft|gewerkschaft|sexuell"
    r"|(?:^|[^a-z])(?:race|faith|party|partei|union)(?:$|[^a-z])",
    re.IGNORECASE,
)


def special(names: Iterable[str]) -> list[str]:
    """Those names of attributes that sound like what Article 9 protects (health, belief, origin …). What scores people
    must not use them, and what picks people by them asks for an assessment first (rules G8, G9)."""
    return sorted({name for name in names if _SPECIAL.search(name)})
