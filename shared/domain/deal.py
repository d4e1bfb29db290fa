"""A deal: one engagement with a client, from the first talk to won or lost. It may start at any stage."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from shared.domain.faults import Conflict, FieldError, Rejected
from shared.domain.journey import JOURNEY_NAME
from shared.domain.money import EURO, Currency
from shared.domain.texts import Line, Text

Stage = Literal[
    "new", "contacted", "needs", "proposed", "negotiating", "contract", "signed", "deposit", "won", "lost"
]  # fmt: skip
STAGES: tuple[Stage, ...] = get_args(Stage)
"""In the order of the pipeline; lost comes last."""
CLOSED: tuple[Stage, ...] = ("won", "lost")
"""Who moves a deal out of these takes that back, and says why."""
NOTES = 500
"""A deal has no more notes than this, and no more moves."""
_AMOUNT = re.compile(r"\d{1,12}(\.\d{1,3})?")


def _amount(text: str) -> str:
    if not _AMOUNT.fullmatch(text):
        raise ValueError("must be an amount such as 1200 or 1200.50: digits, and at most three after a point")
    return text


Amount = Annotated[str, AfterValidator(_amount)]
"""A sum in units of its currency, as text: no sum of money is ever a binary fraction."""
Id = Annotated[str, StringConstraints(pattern=r"^([A-Za-z0-9_.~-]{1,100})?$")]
"""The id of something else, or nothing."""
Name = Annotated[Line, Field(max_length=120)]
Maybe = Line | Literal[""]


class Move(BaseModel):
    """From one stage to another; the first one has no `from`."""

    model_config = ConfigDict(extra="forbid", serialize_by_alias=True, validate_by_name=True)

    at: datetime
    from_: Annotated[Stage | None, Field(alias="from")]
    to: Stage
    by: str
    why: str = ""
    source: str = ""
    """`import <id>` if a file said so."""


class DealNote(BaseModel):
    """What somebody wrote down about it."""

    model_config = ConfigDict(extra="forbid")

    at: datetime
    by: str
    text: str


class Outreach(BaseModel):
    """That its contact was let into a sequence."""

    model_config = ConfigDict(extra="forbid")

    journey: str
    at: datetime
    by: str


class OutreachRequest(BaseModel):
    """The body of POST /api/v1/deals/{id}/outreach: the journey that is the sequence."""

    model_config = ConfigDict(extra="forbid")

    journey: Annotated[str, StringConstraints(pattern=JOURNEY_NAME)]


class OutreachToMany(BaseModel):
    """The body of POST /api/v1/deals/outreach: the sequence, the deals at which stage, and how many of them now."""

    model_config = ConfigDict(extra="forbid")

    journey: Annotated[str, StringConstraints(pattern=JOURNEY_NAME)]
    stage: Literal["new", "contacted"] = "new"
    most: Annotated[int, Field(ge=1, le=200)] = 20


class Reached(BaseModel):
    """The deals for which a sequence was begun, the best first; for how many it had been `before`; deal -> why it was
    not, of the first 200; and how many wait."""

    begun: list[str] = Field(default_factory=list)
    before: int = 0
    left_out: dict[str, str] = Field(default_factory=dict)
    waiting: int = 0


class DealRequest(BaseModel):
    """The body of POST /api/v1/deals. `stage`: where it stands now, whatever came before Baton."""

    model_config = ConfigDict(extra="forbid")

    name: Name
    company: Maybe = ""
    lead: Id = ""
    contact: Id = ""
    stage: Stage = "new"
    why: Text | Literal[""] = ""
    """Why it is lost, if it is."""
    value: Amount | None = None
    currency: Currency = EURO
    owner: Maybe = ""
    close_on: date | None = None


class DealChange(BaseModel):
    """The body of PATCH /api/v1/deals/{id}: what is named is changed. The stage is moved, not changed."""

    model_config = ConfigDict(extra="forbid")

    name: Name | None = None
    company: Maybe | None = None
    lead: Id | None = None
    contact: Id | None = None
    value: Amount | None = None
    currency: Currency | None = None
    owner: Maybe | None = None
    close_on: date | None = None


class MoveRequest(BaseModel):
    """The body of POST /api/v1/deals/{id}/moves. `from`: where the asker saw it; elsewhere by now, it is not moved."""

    model_config = ConfigDict(extra="forbid", validate_by_name=True)

    to: Stage
    why: Text | Literal[""] = ""
    from_: Annotated[Stage | None, Field(alias="from")] = None


class NoteOnDeal(BaseModel):
    """The body of POST /api/v1/deals/{id}/notes."""

    model_config = ConfigDict(extra="forbid")

    text: Text


class Deal(BaseModel):
    """The document."""

    model_config = ConfigDict(extra="forbid")

    id: str
    name: str
    company: str = ""
    lead: str = ""
    contact: str = ""
    stage: Stage
    value: str | None = None
    currency: str = EURO
    owner: str = ""
    close_on: date | None = None
    history: list[Move] = Field(default_factory=list)
    notes: list[DealNote] = Field(default_factory=list)
    outreach: list[Outreach] = Field(default_factory=list)
    attributes: dict[str, str] = Field(default_factory=dict)
    """What else a file said of it."""
    source: str = ""
    """`import <id>` if it came with a file."""
    created_at: datetime
    created_by: str
    changed_at: datetime

    @property
    def since(self) -> datetime:
        """Since when it stands at its stage."""
        return self.history[-1].at if self.history else self.created_at

    def move(self, to: Stage, at: datetime, by: str, why: str = "") -> Literal["moved", "reversed", "stays"]:
        """Put it at a stage. `reversed`: it was won or lost. Raises Rejected where a reason is needed and missing,
        Conflict when it was moved too often."""
        if to == self.stage:
            return "stays"
        check_reason(self.stage, to, why)
        if len(self.history) >= NOTES:
            raise Conflict("history", f"this deal was moved {NOTES} times; begin a new one")
        reversed = self.stage in CLOSED
        self.history.append(Move(at=at, from_=self.stage, to=to, by=by, why=why))
        self.stage, self.changed_at = to, at
        return "reversed" if reversed else "moved"


def check_reason(before: Stage | None, to: Stage, why: str) -> None:
    """To lose a deal, and to take back that it is won or lost, needs a reason. Raises Rejected."""
    if why.strip():
        return
    if to == "lost":
        raise Rejected(FieldError("why", "say why it is lost"))
    if before in CLOSED:
        raise Rejected(FieldError("why", f"the deal is {before}; say why that is taken back"))


class Column(BaseModel):
    """One stage of the pipeline: how many stand there, what they are worth in each currency, and the newest of them."""

    stage: Stage
    count: int = 0
    sums: dict[str, str] = Field(default_factory=dict)
    """Currency -> sum."""
    unpriced: int = 0
    """Of how many no value is known."""
    deals: list[Deal] = Field(default_factory=list)


def columns(deals: Iterable[Deal], most: int) -> list[Column]:
    """The pipeline, every stage in its order; `deals` newest first, of which a column shows `most`."""
    made = {stage: Column(stage=stage) for stage in STAGES}
    sums: dict[tuple[str, str], Decimal] = {}
    for deal in deals:
        column = made[deal.stage]
        column.count += 1
        if deal.value is None:
            column.unpriced += 1
        else:
            key = (deal.stage, deal.currency)
            sums[key] = sums.get(key, Decimal(0)) + Decimal(deal.value)
        if len(column.deals) < most:
            column.deals.append(deal)
    for (stage, currency), total in sorted(sums.items()):
        made[stage].sums[currency] = str(total)  # type: ignore[index]
    return list(made.values())
