"""A proposal to one client: what it says, its versions, where it stands, and how it was answered (S1.25-S1.33)."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, computed_field, model_validator

from shared.domain.agreed import Agreed
from shared.domain.agreed_day import Day
from shared.domain.asked import Address
from shared.domain.line_items import Totals
from shared.domain.money import Currency
from shared.domain.offer import Language, Reduction, Slug
from shared.domain.pricing import Chosen, Priced
from shared.domain.proposal_text import WrittenPart
from shared.domain.texts import Line, Plain, Text
from shared.domain.word_diff import Stretch

Status = Literal["draft", "sent", "accepted", "declined", "expired", "withdrawn"]
CLOSED: tuple[Status, ...] = ("accepted", "declined", "expired", "withdrawn")
MOST_PROSE = 8000
MOST_OPTION_LINES = 60
Prose = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MOST_PROSE), Plain]
Maybe = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000), Plain]
Terms = Annotated[str, StringConstraints(strip_whitespace=True, max_length=8000), Plain]
Postal = Annotated[str, StringConstraints(strip_whitespace=True, max_length=300), Plain]
Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.~-]{1,100}$")]
MOST_VERSIONS = 200


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Recipient(_Strict):
    """Whom it is for."""

    name: Line
    company: Line | Literal[""] = ""
    address: Postal = ""


class Paragraph(_Strict):
    """A section of the text."""

    heading: Line
    text: Prose


class Option(_Strict):
    """One way to do it, such as good, better or best; the client takes one."""

    id: Slug
    name: Line
    text: Maybe = ""
    lines: Annotated[list[Chosen], Field(min_length=1, max_length=MOST_OPTION_LINES)]


class Content(_Strict):
    """All that a version says. `answer_by` is the last day on which it can be accepted."""

    title: Line
    language: Language = "en"
    recipient: Recipient
    paragraphs: Annotated[list[Paragraph], Field(max_length=40)] = Field(default_factory=list)
    options: Annotated[list[Option], Field(min_length=1, max_length=3)]
    recommended: Slug | Literal[""] = ""
    currency: Currency
    discounts: Annotated[list[Reduction], Field(max_length=5)] = Field(default_factory=list)
    terms: Terms = ""
    answer_by: Day

    @model_validator(mode="after")
    def _options(self) -> Content:
        ids = [each.id for each in self.options]
        if len({*ids}) < len(ids):
            raise ValueError("options: two have the same id")
        if self.recommended and self.recommended not in ids:
            raise ValueError(f"recommended: there is no option {self.recommended!r}")
        return self


class Stored(Content):
    """A version as it is kept, under its digest: what it says, and the terms of the offer that it was priced by."""

    offer: Slug
    offer_terms: str
    """The digest of the terms."""


class ProposalRequest(_Strict):
    """The body of POST /api/v1/proposals. Of an offer, what is `chosen`; or `like` an earlier proposal, whose text and
    lines are taken over. `tiers`: beside what is chosen, better and best are put together, too. `needs` are the
    client's own words; `facts` the ids of confirmed facts that may be told."""

    deal: Id
    to: Address
    recipient: Recipient
    title: Line
    offer: Slug | None = None
    chosen: Annotated[list[Chosen], Field(max_length=MOST_OPTION_LINES)] = Field(default_factory=list)
    tiers: bool = False
    like: Id | None = None
    needs: Annotated[list[Text], Field(max_length=20)] = Field(default_factory=list)
    facts: Annotated[list[Id], Field(max_length=10)] = Field(default_factory=list)
    language: Language = "en"
    currency: Currency | None = None
    answer_by: Day | None = None
    """Two weeks from now if none is named."""

    @model_validator(mode="after")
    def _of_something(self) -> ProposalRequest:
        if (self.like is None) == (self.offer is None):
            raise ValueError("name either the offer that it is made of, or a proposal that it is to be like")
        if self.offer and not self.chosen:
            raise ValueError("chosen: at least one line of the offer is needed")
        return self


class ProposalVersion(_Strict):
    """One version, in the list of all. `digest` is the seal of what it says, which is kept under it."""

    version: int
    digest: str
    at: datetime
    by: str


class Sending(_Strict):
    """That a version went to the client, and until when it can be accepted. `to`: the address that was approved;
    `attempt`: which approval of the proposal it was."""

    version: int
    attempt: int
    to: str
    digest: str
    at: datetime
    ends_at: datetime
    mail: str
    """What became of the mail, as its row in the ledger says."""
    reminded: int = 0
    """How many reminders have left: half-way, and a day before the end."""


class Declined(_Strict):
    """That the client said no."""

    at: datetime
    name: str
    reason: str


class Proposal(_Strict):
    """The document. `to`, `sendings`, `accepted`, `declined` and `written` are encrypted at rest."""

    id: str
    deal: str
    offer: str
    title: str
    to: str
    status: Status = "draft"
    version: int
    versions: list[ProposalVersion]
    asked: int | None = None
    """The version that waits for approval; `asking`, that one does."""
    approved: int | None = None
    """The version that is approved and whose mail has not left yet."""
    tries: int = 0
    """How often a version was approved for sending: each is a mail of its own."""
    held: str = ""
    """Why what was approved did not leave."""
    written: list[WrittenPart] = Field(default_factory=list)
    """The parts of the text that a writer wrote last."""
    sendings: list[Sending] = Field(default_factory=list)
    accepted: Agreed | None = None
    declined: Declined | None = None
    told: str = ""
    """The stage to which the deal was moved last because of it."""
    pending: bool = False
    """Something is still to become of it by itself: a mail, a reminder, its end, a move of the deal."""
    created_at: datetime
    created_by: str
    changed_at: datetime

    @computed_field  # type: ignore[prop-decorator]
    @property
    def asking(self) -> bool:
        return self.asked is not None

    @model_validator(mode="before")
    @classmethod
    def _computed(cls, given: Any) -> Any:
        return {key: each for key, each in given.items() if key != "asking"} if isinstance(given, dict) else given

    @property
    def current(self) -> Sending | None:
        """What the client has in hand."""
        return self.sendings[-1] if self.sendings else None

    def stands(self, now: datetime) -> Status:
        """Where it stands at this moment: one whose time is over is expired, whether anybody wrote that down or not."""
        if self.status == "sent" and self.current and now >= self.current.ends_at:
            return "expired"
        return self.status

    def of_version(self, version: int) -> ProposalVersion | None:
        return next((each for each in self.versions if each.version == version), None)


class PricedOption(BaseModel):
    """An option with what it costs, and how that came about, line by line."""

    id: str
    name: str
    priced: Priced
    printed: list[str]
    once: Totals
    monthly: Totals


class ProposalShown(Proposal):
    """A proposal with what one of its versions says and costs. `below` is why it cannot be sent as it is."""

    shown: int
    content: Content
    options: list[PricedOption]
    below: list[str]
    standing: Status


class Change(BaseModel):
    """One place that differs between two versions, word by word; `price`: it is an amount."""

    where: str
    stretches: list[Stretch]
    price: bool = False


class Acceptance(_Strict):
    """What a client fills in: which option, their name, and that they agree to the sentence shown."""

    option: Slug
    name: Line
    consent: Literal["yes"]
    digest: str


class Refusal(_Strict):
    """Why they decline."""

    reason: Text
    name: Line | Literal[""] = ""


class Message(_Strict):
    """What the client asked or said, and what they were answered. Kept in any state, after the end, too."""

    id: str
    proposal: str
    version: int
    kind: Literal["question", "counter"] = "question"
    at: datetime
    name: str = ""
    text: str
    wanted: str = ""
    """Of a counter-offer: the net sum for all that is paid once and one month, as text."""
    option: str = ""
    after_end: bool = False
    waits: bool = True
    """Nobody has answered it."""
    leaving: bool = False
    """An answer was begun, and it is not known yet that its mail left."""
    answer: str = ""
    """While it waits: words that were written and could not leave."""
    answered_at: datetime | None = None
    answered_by: str = ""
    mail: str = ""


class Say(_Strict):
    """What the client types: a question or remark; with `wanted` a counter-offer for an option."""

    text: Text
    name: Line | Literal[""] = ""
    wanted: Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^(\d{1,10}([.,]\d{1,3})?)?$")] = ""
    option: Slug | Literal[""] = ""


class AnswerRequest(_Strict):
    """The body of POST /api/v1/proposals/{id}/messages/{message}/answer: what the client is told, by mail."""

    text: Text
