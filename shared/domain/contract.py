"""A contract: what both sides are to sign, its versions, who signed which document when, what became of it (S1.34)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, computed_field, model_validator

from shared.domain.agreed_day import Day
from shared.domain.asked import Address
from shared.domain.billing import Trader
from shared.domain.contract_template import FieldName, Value
from shared.domain.invoice_plan import MOST_MONTHS, Instalment, Part, Schedule, instalments
from shared.domain.line_items import Line as Agreed
from shared.domain.line_items import Percent, billed
from shared.domain.money import Currency
from shared.domain.offer import Language, Slug
from shared.domain.proposal import Declined, Id, Sending
from shared.domain.texts import Line, Plain, Text

Role = Literal["client", "agency"]
ROLES: tuple[Role, ...] = get_args(Role)
Status = Literal["draft", "sent", "signed", "declined", "cancelled", "expired"]
EVIDENCE_FILE = "evidence.json"
"""The file inside a sealed contract that says who signed what."""
MOST_VERSIONS = 200
MOST_WORDS = 16_000
"""Characters of a section: the longest terms of a proposal, and what a template says around them."""
Words = Annotated[str, StringConstraints(strip_whitespace=True, max_length=MOST_WORDS), Plain]
_HUNDRED = Decimal(100)


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Due(_Strict):
    """So many percent of what is paid once. `on`: the day; none is the day on which the second side signs."""

    title: Line
    percent: Annotated[Percent, Field(gt=0)]
    on: Day | None = None


class Dates(_Strict):
    """When what is agreed is billed. Without `parts`, all that is paid once is billed when both have signed; without
    `monthly_from`, the first month begins then."""

    parts: Annotated[list[Due], Field(max_length=24)] = Field(default_factory=list)
    monthly_from: Day | None = None
    months: Annotated[int, Field(ge=1, le=MOST_MONTHS)] = 12

    @model_validator(mode="after")
    def _whole(self) -> Dates:
        if self.parts and sum(part.percent for part in self.parts) != _HUNDRED:
            raise ValueError("parts: must be 100 percent together")
        return self

    def named(self) -> dict[str, date]:
        """The days of the calendar in it, by their field."""
        days = {f"dates.parts[{n}].on": part.on for n, part in enumerate(self.parts)}
        return {at: day for at, day in {**days, "dates.monthly_from": self.monthly_from}.items() if day}

    def from_day(self, lines: list[Agreed], today: date, whole: str) -> Schedule:
        """The days on which invoices are made, if both have signed today: nothing is billed on a day that is past.
        `whole` is what a single part is called."""
        once, monthly = billed(lines, "once"), billed(lines, "monthly")
        parts = self.parts or [Due(title=whole, percent=_HUNDRED)]
        said = [Part(title=each.title, percent=each.percent, on=max(each.on or today, today)) for each in parts]
        first = max(self.monthly_from or today, today)
        return Schedule(parts=said if once else [], monthly_from=first if monthly else None, months=self.months)


class Written(_Strict):
    """A section as it is signed. `show`: after it come the agreed lines, or the agreed dates."""

    heading: Line
    text: Words = ""
    show: Literal["", "scope", "dates"] = ""


class ContractRequest(_Strict):
    """The body of POST /api/v1/contracts: of the accepted `proposal`, with this client, sent `to` this address.
    `fields`: those of the template that are to say something else; `sign_by`: two weeks from now if none is named."""

    proposal: Id
    client: Trader
    to: Address
    template: Slug | None = None
    fields: Annotated[dict[FieldName, Value], Field(max_length=40)] = Field(default_factory=dict)
    dates: Dates = Field(default_factory=Dates)
    sign_by: Day | None = None


class ContractChange(_Strict):
    """The body of PUT /api/v1/contracts/{id}: what is named is said otherwise in the next version. Its words come from
    the template as it is now; `sections` that are given are somebody's own, and stay until `anew`, or another template,
    has them written from there again. `fields`: all that say something else. `seen`: the version that was changed."""

    client: Trader | None = None
    to: Address | None = None
    template: Slug | None = None
    fields: Annotated[dict[FieldName, Value], Field(max_length=40)] | None = None
    dates: Dates | None = None
    sign_by: Day | None = None
    sections: Annotated[list[Written], Field(min_length=1, max_length=40)] | None = None
    anew: bool = False
    seen: Annotated[int, Field(ge=1)] | None = None


class ContractContent(_Strict):
    """All that a version says; it is kept under its digest. `scope` is the digest of the accepted version."""

    deal: str
    proposal: str
    proposal_version: int
    scope: str
    option: str
    title: str
    language: Language
    agency: Trader
    client: Trader
    to: Address
    currency: Currency
    lines: list[Agreed]
    vat_note: str = ""
    template: Slug
    template_version: int
    note: str = ""
    """Of the template, for who works with it."""
    fields: dict[str, str] = Field(default_factory=dict)
    """Those that say something else than the template."""
    sections: list[Written]
    own: bool = False
    """The sections are somebody's own words, and not those of the template."""
    dates: Dates
    sign_by: Day

    def planned(self, today: date, whole: str) -> list[Instalment]:
        """Every invoice that would be made if both signed today. Raises Rejected for what cannot be billed."""
        return instalments(self.lines, self.currency, self.dates.from_day(self.lines, today, whole))


class ContractVersion(_Strict):
    """One version, in the list of all. `digest` is of what it says; `document`, SHA-256 of the PDF that is signed, is
    there from the moment when the version is put up for approval."""

    version: int
    digest: str
    document: str = ""
    at: datetime
    by: str


class Signature(_Strict):
    """The evidence of one signature: who, when, from where, under which sentence, of exactly which document."""

    role: Role
    version: int
    attempt: int = 0
    """Which sending it answers; each asks anew. 0: kept before that was written down."""
    document: str
    """SHA-256 of the PDF that was shown."""
    name: str
    at: datetime
    address: str = ""
    """The network address, as the outermost server of this home saw it."""
    agent: str = ""
    consent: str
    link: str = ""
    """Of the client: SHA-256 of the link that was used."""
    by: str = ""
    """Of the agency: who was signed in."""


class Contract(_Strict):
    """The document. What names people (`sendings`, `signatures`, `declined`, `refusals`) is encrypted at rest.

    It cannot be stored as `signed` unless both sides have signed the same document."""

    id: str
    deal: str
    proposal: str
    title: str
    status: Status = "draft"
    version: int
    versions: list[ContractVersion]
    asked: int | None = None
    """The version that waits for approval; `asking`, that one does."""
    approved: int | None = None
    """The version that is approved and whose mail has not left yet."""
    tries: int = 0
    held: str = ""
    """Why what is to happen does not."""
    sendings: list[Sending] = Field(default_factory=list)
    signatures: list[Signature] = Field(default_factory=list)
    declined: Declined | None = None
    refusals: list[Declined] = Field(default_factory=list)
    """Each time that the client said no before what they have in hand was sent."""
    sealed: str = ""
    """SHA-256 of the sealed file."""
    moved: bool = False
    plan: str = ""
    """The plan of its invoices."""
    copy_mail: str = ""
    """What became of the mail with the client's copy of the sealed file; `copy_tries`: how often it was sent again."""
    copy_tries: int = 0
    pending: bool = False
    """Something is still to become of it by itself."""
    created_at: datetime
    created_by: str
    changed_at: datetime

    @computed_field  # type: ignore[prop-decorator]
    @property
    def asking(self) -> bool:
        return self.asked is not None

    @computed_field  # type: ignore[prop-decorator]
    @property
    def answered(self) -> bool:
        """The client has signed or declined what they have in hand, and a person here is to go on."""
        signed = self.status == "sent" and self.signed_by("client") is not None
        return (signed or self.status == "declined") and not (self.asked or self.approved)

    @model_validator(mode="before")
    @classmethod
    def _computed(cls, given: Any) -> Any:
        computed = ("asking", "answered")
        return {key: each for key, each in given.items() if key not in computed} if isinstance(given, dict) else given

    @model_validator(mode="after")
    def _both(self) -> Contract:
        if self.status == "signed" and not self.is_signed:
            raise ValueError("signed: both sides must have signed the same document")
        return self

    @property
    def current(self) -> Sending | None:
        """What the client has in hand."""
        return self.sendings[-1] if self.sendings else None

    @property
    def counted(self) -> list[Signature]:
        """The signatures of what the client has in hand. Those of earlier versions, and of the same one before it was
        sent again, count for nothing."""
        sent = self.current
        named = self.of_version(sent.version) if sent else None
        if sent is None or named is None or not named.document:
            return []
        mine = [each for each in self.signatures if each.attempt in (sent.attempt, 0)]
        return [each for each in mine if (each.version, each.document) == (named.version, named.document)]

    @property
    def is_signed(self) -> bool:
        """Have both sides signed the same document, each once?"""
        return sorted(each.role for each in self.counted) == sorted(ROLES)

    @property
    def copy_lost(self) -> bool:
        """Whether the client may be without their copy, so that it can be sent again."""
        return self.copy_mail in ("failed", "held", "unknown")

    def signed_by(self, role: Role) -> Signature | None:
        return next((each for each in self.counted if each.role == role), None)

    def stands(self, now: datetime) -> Status:
        """Where it stands at this moment: one whose time is over is expired, whether anybody wrote that down or not."""
        if self.status == "sent" and self.current and now >= self.current.ends_at:
            return "expired"
        return self.status

    def of_version(self, version: int) -> ContractVersion | None:
        return next((each for each in self.versions if each.version == version), None)


class ContractShown(Contract):
    """A contract with what one of its versions says. `wrong` is why it cannot be sent as it is."""

    shown: int
    content: ContractContent
    standing: Status
    wrong: list[str]
    planned: list[Instalment]
    """The invoices: as agreed, once there is a plan of them; before that, if both signed today."""


class SignRequest(_Strict):
    """What who signs fills in: their name, that they agree to the sentence shown, and which document they read."""

    name: Line
    consent: Literal["yes"]
    document: Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")]


class DeclineRequest(_Strict):
    """Why the client declines."""

    reason: Text
    name: Line | Literal[""] = ""


class Evidence(_Strict):
    """The file inside a sealed contract. `document`: SHA-256 of its first `octets` octets, the PDF that was signed."""

    contract: str
    version: int
    title: str
    document: str
    octets: int
    agency: str
    client: str
    signatures: list[Signature]
    sealed_at: datetime
