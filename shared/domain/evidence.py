"""Proof of consent: what was said, by whom, when and in which words. Never changed, only added to (rule G1)."""

from __future__ import annotations

import hashlib
import hmac
import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, IPvAnyAddress, model_validator

from shared.domain.consent import expires
from shared.domain.contact import Basis, Consent
from shared.domain.policy import Channel, Country, Slug
from shared.domain.seal import canonical
from shared.domain.texts import Line, Text

Method = Literal["import", "api", "link", "preferences", "double_opt_in", "text", "complaint", "provider"]
"""How it came in: a file; recorded by hand; the link in a mail; the page of choices; a confirmed sign-up; STOP by text;
a complaint; an opt-out that the provider keeps."""

METHODS: Mapping[Method, str] = {
    "import": "in a file",
    "api": "recorded by hand or by a form",
    "link": "by the link in a mail",
    "preferences": "on the page of choices",
    "double_opt_in": "confirmed by mail",
    "text": "by text message",
    "complaint": "by a complaint",
    "provider": "kept by the provider",
}
"""How what was said came in."""


class ConsentRequest(BaseModel):
    """A consent, or its withdrawal, as somebody records it by hand or a form on the sender's site does."""

    model_config = ConfigDict(extra="forbid")

    status: Literal["granted", "withdrawn"]
    channel: Channel | Literal["all"] = "email"
    """`all`: they object to everything; only a withdrawal says so."""
    purpose: Slug | None = None
    wording: Text | None = None
    """The exact words that they agreed to."""
    form: Line | None = None
    """Where that was: the form's address, or the file that holds the paper."""
    source: Line | None = None
    at: AwareDatetime | None = None
    """When they said so; now, if nothing stands here."""
    basis: Basis = "explicit"
    jurisdiction: Country | None = None
    collected_in: Literal["sale", "negotiation"] | None = None
    opt_out_offered: bool = False
    expires_at: AwareDatetime | None = None
    ip: IPvAnyAddress | None = None
    user_agent: Line | None = None

    @model_validator(mode="after")
    def _provable(self) -> ConsentRequest:
        if self.channel == "all" and (self.status == "granted" or self.purpose):
            raise ValueError("channel all is for withdrawing everything; a consent names its channel")
        if self.status == "granted" and self.basis == "explicit" and not self.wording:
            raise ValueError("wording is required: the words they agreed to, or nobody can prove what it covers")
        if self.status == "granted" and self.basis != "explicit" and not self.source:
            raise ValueError(f"source is required: the purchase, inquiry or sale that makes it {self.basis}")
        return self


class Evidence(BaseModel):
    """One change of one person's consent. Its salted digest stands in the journal; without this document, which
    erasure removes with its salt, the digest tells nothing and the chain still verifies."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    contact: str
    at: datetime
    """When they said so."""
    recorded_at: datetime
    by: str
    method: Method
    status: Literal["granted", "withdrawn", "limited", "pending"]
    """limited: neither, but how often (`frequency`); pending: a file says that they agreed, they are to confirm it."""
    channel: str
    purpose: str | None = None
    topic: str | None = None
    frequency: str | None = None
    """As the page of choices says it: `2 in 7 days`, `any`."""
    wording: str | None = None
    wording_digest: str | None = None
    form: str | None = None
    source: str | None = None
    basis: Basis | None = None
    jurisdiction: str | None = None
    collected_in: Literal["sale", "negotiation"] | None = None
    opt_out_offered: bool | None = None
    expires_at: datetime | None = None
    address: str | None = None
    link: str | None = None
    """Of a double opt-in: the address that was asked, and the digest of the link by which it answered."""
    asked_at: datetime | None = None
    """Of a double opt-in: when the address was signed up; `at` is when its owner confirmed."""
    ip: str | None = None
    user_agent: str | None = None
    """Keyed hashes: they prove a claim about an address or program, and give none away."""
    campaign: str | None = None
    before: str | None = None
    """The evidence on record until then."""
    others: list[str] | None = None
    """That of the person's other consents, to other channels and for other purposes."""
    salt: str = Field(default_factory=lambda: uuid.uuid4().hex)

    def digest(self) -> str:
        """SHA-256 of the canonical JSON, salt included."""
        return hashlib.sha256(canonical(self.model_dump(mode="json", exclude_none=True))).hexdigest()

    def consent(self) -> Consent:
        """What it puts on record; an implied consent ends when the law says so (rule G2)."""
        said = Consent(
            status="unknown" if self.status == "limited" else self.status,
            source=self.source,
            at=self.at,
            purpose=self.purpose,
            jurisdiction=self.jurisdiction,
            basis=self.basis,
            collected_in=self.collected_in,
            opt_out_offered=bool(self.opt_out_offered),
            expires_at=self.expires_at,
            evidence=self.id,
        )
        return said.model_copy(update={"expires_at": expires(said) if self.status == "granted" else None})


class Declaration(BaseModel):
    """What one batch of a file says of many people: evidence for each without a document for each.

    `common` holds what is the same for all, `rows` the rest by contact. The journal holds the digest of `leaves`, the
    sorted digests of every row: a row can be erased, and the others still verify."""

    model_config = ConfigDict(extra="forbid")

    id: str
    stream: str
    common: dict[str, Any]
    rows: dict[str, dict[str, Any]]
    leaves: list[str]

    @classmethod
    def of(cls, id: str, stream: str, common: dict[str, Any], rows: dict[str, dict[str, Any]]) -> Declaration:
        """With a salt for each row."""
        salted = {contact: {**row, "salt": uuid.uuid4().hex} for contact, row in rows.items()}
        made = cls(id=id, stream=stream, common=common, rows=salted, leaves=[])
        made.leaves = sorted(made._leaf(contact) for contact in salted)
        return made

    def evidence(self, contact: str) -> Evidence | None:
        """What it says of this person; None if nothing, or nothing any more."""
        row = self.rows.get(contact)
        return None if row is None else Evidence(id=self.id, contact=contact, **self.common, **row)

    def holds(self, contact: str) -> bool:
        """Is this person's row the one that was declared?"""
        return contact in self.rows and self._leaf(contact) in self.leaves

    def digest(self) -> str:
        """SHA-256 of the digests."""
        return hashlib.sha256(canonical(self.leaves)).hexdigest()

    def _leaf(self, contact: str) -> str:
        row = {"id": self.id, "contact": contact, **self.common, **self.rows[contact]}
        return hashlib.sha256(canonical(row)).hexdigest()


def digest_of(wording: str | None) -> str | None:
    """Under which a wording is found again, whoever agreed to it."""
    return hashlib.sha256(wording.encode()).hexdigest() if wording else None


def blinded(value: str | None, key: bytes) -> str | None:
    """A keyed hash of an IP address or program name: nobody without the key can try all addresses (rule G1)."""
    return hmac.new(key, b"baton-evidence|" + value.encode(), hashlib.sha256).hexdigest()[:32] if value else None
