"""A campaign: what a person asks for, what was approved, and where it stands."""

from __future__ import annotations

import re
from datetime import datetime
from functools import lru_cache
from typing import Annotated, Any, Literal

import idna
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    HttpUrl,
    StringConstraints,
    field_validator,
    model_validator,
    validate_email,
)

from shared.domain.budget_stop import BudgetStop
from shared.domain.own import OWN_CHANNELS
from shared.domain.part import DraftWish, PartRequest
from shared.domain.policy import GENERAL, Channel, Slug
from shared.domain.segment import Op
from shared.domain.texts import Line, Plain, Text, plain_value
from shared.domain.wording import Copy

Status = Literal[
    "generating",
    "awaiting_approval",
    "holding",
    "scheduled",
    "sending",
    "paused",
    "missed",
    "analyzing",
    "completed",
    "cancelled",
    "failed",
]
ENDED: tuple[Status, ...] = ("completed", "cancelled", "failed")

MOST = 1_000_000_000
"""The largest limit a budget can set: messages, or units of money."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class CallToAction(_Strict):
    """The one thing the reader should do."""

    text: Line
    url: HttpUrl


class Brief(_Strict):
    """What the campaign is about; the texts may use personal fields as `{{ first_name | default("there", true) }}`."""

    goal: Text
    offer: Text
    audience: Text
    tone: Line = "friendly"
    language: Line = "en"
    call_to_action: CallToAction
    facts: Annotated[list[Text], Field(max_length=20)] = Field(default_factory=list)

    @field_validator("language")
    @classmethod
    def _code(cls, language: str) -> str:
        if not re.fullmatch("[a-z]{2}", language):
            raise ValueError("must be a code of two small letters, for example en or de")
        return language


class Condition(_Strict):
    """One condition of a segment."""

    field: Line
    op: Op
    value: Annotated[Any, AfterValidator(plain_value)]


Who = Literal["not_reached", "did_not_click", "new_since"]
WHO: dict[Who, str] = {
    "not_reached": "those who did not get it",
    "did_not_click": "those who got it and did not click",
    "new_since": "those who belong to its audience now and did not then",
}
"""Choices among the people of an earlier campaign, in words."""


class Again(_Strict):
    """Some of the people of an earlier campaign, told from its ledger and from the clicks. Whoever was held out of it,
    or of whom it is not known whether they got it, is none of them."""

    campaign: Line
    who: Who


class Segment(_Strict):
    """Who it is for: conditions that all hold, everyone, whoever got another campaign, some of the people of another
    campaign, or a place of one's own."""

    where: Annotated[list[Condition], Field(max_length=20)] | None = None
    all: Literal[True] | None = None
    received: Line | None = None
    """The id of a campaign: those who got a message of it."""
    again: Again | None = None
    own: Literal[True] | None = None
    """Nobody: it goes to the chat, or is posted by the account, that is configured."""

    @model_validator(mode="after")
    def _one_of(self) -> Segment:
        if sum(given is not None for given in (self.where, self.all, self.received, self.again, self.own)) != 1:
            one = "where: [conditions], all: true, received: campaign id, again: {campaign, who} or own: true"
            raise ValueError(f"give one of {one}")
        if self.where == []:
            raise ValueError("where needs at least one condition; for everyone say all: true")
        return self


@lru_cache(maxsize=1024)
def mailbox(address: str) -> str:
    """As EmailStr, but looked at once: campaigns are read again and again, and this would be half of reading one."""
    return validate_email(address)[1]


class Sender(_Strict):
    """Who it is from. The postal address is required by law (rule C4)."""

    name: Line
    address: Annotated[str, AfterValidator(mailbox), Field(json_schema_extra={"format": "email"})]
    postal_address: Annotated[str, StringConstraints(strip_whitespace=True, min_length=5, max_length=300), Plain]

    @field_validator("address")
    @classmethod
    def _ascii(cls, address: str) -> str:
        if not address.rpartition("@")[0].isascii():
            raise ValueError("must be ASCII before the @: many mail servers take no other sender")
        return address


class Window(_Strict):
    """When it may arrive: from `start`, for `days` days, between the two hours on the recipient's own clock."""

    start: datetime | None = None
    days: Annotated[int, Field(ge=1, le=60)] = 1
    hours: tuple[Annotated[int, Field(ge=0, le=24)], Annotated[int, Field(ge=0, le=24)]] = (9, 18)

    @field_validator("start")
    @classmethod
    def _aware(cls, start: datetime | None) -> datetime | None:
        if start is not None and start.tzinfo is None:
            raise ValueError("needs a UTC offset, for example 2027-03-01T08:00:00Z")
        return start

    @field_validator("hours")
    @classmethod
    def _ordered(cls, hours: tuple[int, int]) -> tuple[int, int]:
        if hours[0] >= hours[1]:
            raise ValueError("the first hour must be before the second")
        return hours


class Budget(_Strict):
    """Upper limits; what would exceed them is held, never sent."""

    max_messages: Annotated[int, Field(ge=1, le=MOST)] | None = None
    max_cost: Annotated[float, Field(ge=0, le=MOST)] | None = None


def _email_only() -> list[Channel]:
    return ["email"]


class PieceRef(_Strict):
    """A piece whose texts become the campaign's drafts as they are: those for its `audience`, by number."""

    id: Line
    audience: Annotated[int, Field(ge=1, le=5)] = 1


class TextsRef(_Strict):
    """A version of another campaign whose texts become this one's drafts as they are."""

    campaign: Line
    version: Annotated[int, Field(ge=1)]


class CampaignRequest(_Strict):
    """The body of POST /api/v1/campaigns."""

    name: Line
    brief: Brief
    segment: Segment
    channels: Annotated[list[Channel], Field(min_length=1, max_length=1)] = Field(default_factory=_email_only)
    message: Literal["commercial", "transactional"] = "commercial"
    """Advertising, or what belongs to something the reader bought or asked for and does not advertise (rule C8)."""
    purpose: Slug = GENERAL
    """What it is for: consent that was given for one purpose covers no other (rule C2)."""
    topic: Slug | None = None
    """What it is about: whoever opted out of the topic does not get it (rule C1)."""
    sender: Sender
    window: Window = Field(default_factory=Window)
    approval: Literal["required", "none"] = "required"
    undo_minutes: Annotated[int, Field(ge=0, le=1440)] = 10
    """How long an approved campaign is held before anything may leave; without a required approval it is not."""
    variants: Annotated[int, Field(ge=1, le=4)] = 1
    holdout: Annotated[float, Field(ge=0, le=0.5)] = 0
    budget: Budget = Field(default_factory=Budget)
    piece: PieceRef | None = None
    texts: TextsRef | None = None

    @model_validator(mode="after")
    def _whose_channel(self) -> CampaignRequest:
        own = self.channels[0] in OWN_CHANNELS
        if own != (self.segment.own is not None):
            here = "goes to a place of your own" if own else "goes to people"
            needs = "segment must be own: true" if own else "segment cannot be own: true"
            raise ValueError(f"{needs}: a campaign over {self.channels[0]} {here}")
        if own and self.holdout:
            raise ValueError("holdout must be 0: there is nobody to hold out of a channel of your own")
        if self.piece and self.texts:
            raise ValueError("give a piece or texts, not both: each would be all of its words")
        return self


def sender_domain(request: CampaignRequest) -> str:
    """The domain that it comes from, as DNS knows it. An address whose domain DNS cannot hold stays as it is."""
    return domain_of(request.sender)


def domain_of(sender: Sender) -> str:
    """As `sender_domain`, of the sender alone."""
    domain = str(sender.address).rpartition("@")[2].lower()
    try:
        return domain if domain.isascii() else idna.encode(domain, uts46=True).decode()
    except idna.IDNAError:
        return domain


class JourneyMail(_Strict):
    """That a campaign is one mail of a journey: people reach it one by one, so it has no audience and plans nobody.

    `words` are a person's own, if they wrote it; `rounds` how often one person may go through the journey; `enter`
    says who comes in."""

    id: str
    mail: str
    rounds: int = 1
    words: Copy | None = None
    enter: dict[str, Any] = Field(default_factory=dict)


class Campaign(_Strict):
    """The document. Without `request.window.start` the window begins with the approval. `status` is what people see;
    the control fields (`paused`, `cancelled`, `approved`) are what flows read at every window and turn (design 4.6)."""

    id: str
    request: CampaignRequest
    name: str
    status: Status
    status_before_pause: Status | None = None
    status_reason: str | None = None
    created_at: datetime
    created_by: str
    version: int = 0
    """Counts drafted versions; 0 until the first is ready."""
    digest: str | None = None
    """The seal of the version that awaits or has approval."""
    approved: str | None = None
    """The approved digest; only a campaign whose `approved` equals `digest` may send."""
    change_wish: str | None = None
    """What the approver wants changed; generate answers it with a new version."""
    part_wish: PartRequest | DraftWish | None = None
    """What is to be said otherwise; generate answers it with a new version in which all else is the same."""
    budget_stop: BudgetStop | None = None
    local_only: bool = False
    """A person has said so when a budget was used up: what is being written is written on this machine."""
    recheck: bool = False
    """What was written is to be held against its sources once more: a person has named one."""
    audience: int = 0
    max_cost_micros: int | None = 0
    """What its messages cost at most, in millionths of a euro; None: not told to who asks."""
    holding_until: datetime | None = None
    """Nothing leaves before: until then the approval can be taken back as if it had not been given."""
    paused: bool = False
    cancelled: bool = False
    resumed_at: datetime | None = None
    """Lateness counts from here: a person said go on, or it was being sent or tried."""
    went_on_at: datetime | None = None
    """When a person last said go on; after the window has ended, it is open once more from here."""
    shards: int = 0
    distributions: int = 0
    attempt: int = 1
    """The attempt of its flow: what failed goes on under the next. Senders of an earlier one send nothing more."""
    again: dict[str, int] = Field(default_factory=dict)
    """How often each distribution, by number, was started anew because something of it may leave again."""
    opened_at: datetime | None = None
    """When its window began as it was planned: its end counts from here. None: the plan kept none."""
    first_due: datetime | None = None
    last_due: datetime | None = None
    shards_without_words: int = 0
    """Of its shards, the first so many have lost what servers said: their time was over (rule G7)."""
    journey: JourneyMail | None = None
    final_at: datetime | None = None
    """When the observed reactions are closed and the report is final."""

    def proceed(self, before: Status, after: Status) -> None:
        """From one status to the next; behind its pause if it is paused. In any other status it stays as it is."""
        if self.status == before:
            self.status = after
        elif self.paused and self.status_before_pause == before:
            self.status_before_pause = after
