"""A journey as it is written down: who comes in, the steps, and what takes people out (G2, S0.10)."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
    model_validator,
)

from shared.domain.campaign import Brief, CallToAction, Condition, PieceRef, Segment, Sender
from shared.domain.policy import GENERAL, Slug
from shared.domain.texts import Line, Text

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
ALL_DAYS = -1
_UNITS = {"minute": 1, "hour": 60, "day": 1440, "week": 10_080}
_DURATION = re.compile(r"([1-9]\d{0,5}) ?(minute|hour|day|week)s?")
JOURNEY_NAME = "^[a-z][a-z0-9-]{0,39}$"
UNTIL = "until "
_MOMENT = re.compile(rf"{UNTIL}(?:({'|'.join(DAYS)}) )?([01]\d|2[0-3]):([0-5]\d)")
_LONGEST = timedelta(days=730)

StopReason = Literal["reply", "booking", "opt_out", "conversion"]


def duration(text: str) -> timedelta:
    """`3 days`, `90 minutes`. Raises ValueError."""
    found = _DURATION.fullmatch(text.strip().lower())
    made = timedelta(minutes=int(found[1]) * _UNITS[found[2]]) if found else timedelta(0)
    if not timedelta(0) < made <= _LONGEST:
        raise ValueError(f"must be a time of at most {_LONGEST.days} days, as in: 30 minutes, 2 hours, 3 days, 1 week")
    return made


def local_moment(text: str) -> tuple[int, int, int]:
    """`until tuesday 10:00` or `until 10:00` as weekday (0 is Monday; ALL_DAYS), hour and minute. Raises ValueError."""
    found = _MOMENT.fullmatch(text)
    if not found:
        raise ValueError("must be a time of day, as in: until 10:00 or until tuesday 10:00")
    return DAYS.index(found[1]) if found[1] else ALL_DAYS, int(found[2]), int(found[3])


def _checked_duration(text: str) -> str:
    duration(text)
    return text.strip().lower()


def _checked_wait(text: str) -> str:
    text = " ".join(text.lower().split())
    (local_moment if text.startswith(UNTIL) else duration)(text)
    return text


Duration = Annotated[str, AfterValidator(_checked_duration)]
StepName = Annotated[str, StringConstraints(pattern="^[a-z0-9][a-z0-9-]{0,39}$")]
JourneyName = Annotated[str, StringConstraints(pattern=JOURNEY_NAME)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Enter(_Strict):
    """Who comes in: everyone of a segment, looked for once or `every` so often, or whoever an event is told of."""

    segment: Segment | None = None
    every: Duration | None = None
    event: Slug | None = None

    @model_validator(mode="after")
    def _one_of(self) -> Enter:
        if (self.segment is None) == (self.event is None):
            raise ValueError("give one of segment: who, or event: the name of what happened to them")
        if self.every and self.event:
            raise ValueError("every belongs to a segment: an event is told when it happens")
        if self.segment and (self.segment.own or self.segment.received):
            raise ValueError("segment needs where: [conditions] or all: true")
        return self


class Again(_Strict):
    """Whoever has left may come in again `after` so long, and goes through it `most` times in all."""

    after: Duration
    most: Annotated[int, Field(ge=2, le=12)]


class MailCap(_Strict):
    """At most `most` mails of this journey to one person in any `days` days; what comes sooner waits."""

    most: Annotated[int, Field(ge=1, le=100)]
    days: Annotated[int, Field(ge=1, le=365)]


class OwnWords(_Strict):
    """A mail in a person's own words; personal fields as in a brief: `{{ first_name | default("there", true) }}`."""

    subject: Line
    preheader: str = Field("", max_length=200)
    headline: str = Field("", max_length=200)
    greeting: str = Field("", max_length=200)
    paragraphs: Annotated[list[Text], Field(min_length=1, max_length=12)]
    closing: str = Field("", max_length=500)
    sign_off: str = Field("", max_length=200)
    language: Annotated[str, StringConstraints(pattern="^[a-z]{2}$")] = "en"
    link: CallToAction


class Send(_Strict):
    """One mail, once to each person; its step has the mail's name. `brief`: it is written; `text`: as it stands here;
    `piece`: with the words of a piece."""

    send: StepName
    brief: Brief | None = None
    text: OwnWords | None = None
    piece: PieceRef | None = None

    @model_validator(mode="after")
    def _one_of(self) -> Send:
        if (self.brief is None) == (self.text is None):
            raise ValueError("give one of brief: what it is about, or text: the mail itself")
        if self.piece and not self.brief:
            raise ValueError("a piece needs the brief beside it, for the link")
        return self


class Wait(_Strict):
    """For a while, as in `3 days`, or until the next such moment on the person's own clock: `until tuesday 10:00`."""

    wait: Annotated[str, AfterValidator(_checked_wait)]
    name: StepName | None = None


class Question(_Strict):
    """One thing that is so or not. Mails are named; they are those of this time through the journey."""

    clicked: StepName | None = None
    not_clicked: StepName | None = None
    opened: StepName | None = None
    not_opened: StepName | None = None
    replied: StepName | None = None
    not_replied: StepName | None = None
    tag: Line | None = None
    no_tag: Line | None = None
    field: Condition | None = None
    event: Slug | None = None

    @model_validator(mode="after")
    def _one(self) -> Question:
        if len(self.model_fields_set) != 1 or self.asked()[1] is None:
            raise ValueError(f"must ask one thing: {', '.join(type(self).model_fields)}")
        return self

    def asked(self) -> tuple[str, Any]:
        """What is asked, and about what."""
        name = next(iter(self.model_fields_set), "tag")
        return name, getattr(self, name)


class If(_Strict):
    """One way or the other; both go on with what follows."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    question: Question = Field(alias="if")
    then: Annotated[list[Step], Field(max_length=30)] = Field(default_factory=list)
    otherwise: Annotated[list[Step], Field(max_length=30)] = Field(default_factory=list, alias="else")
    name: StepName | None = None

    @model_validator(mode="after")
    def _some(self) -> If:
        if not (self.then or self.otherwise):
            raise ValueError("needs steps in then or in else")
        return self


class Label(_Strict):
    """A tag is put on a person, or taken off."""

    tag: Line | None = None
    untag: Line | None = None
    name: StepName | None = None

    @model_validator(mode="after")
    def _one_of(self) -> Label:
        if (self.tag is None) == (self.untag is None):
            raise ValueError("give one of tag or untag")
        return self


class Stop(_Strict):
    """They leave here."""

    stop: Literal[True]
    name: StepName | None = None


KINDS = ("send", "wait", "if", "tag", "untag", "stop")


def _kind(given: Any) -> str:
    named = given if isinstance(given, dict) else given.model_dump(by_alias=True, exclude_none=True)
    found = next((kind for kind in KINDS if kind in named), "send")
    return "tag" if found == "untag" else found


Step = Annotated[
    Annotated[Send, Tag("send")]
    | Annotated[Wait, Tag("wait")]
    | Annotated[If, Tag("if")]
    | Annotated[Label, Tag("tag")]
    | Annotated[Stop, Tag("stop")],
    Discriminator(_kind),
]
If.model_rebuild()


class Plan(_Strict):
    """The whole journey."""

    journey: JourneyName
    title: Line
    enter: Enter
    again: Annotated[
        Annotated[Literal["never"], Tag("text")] | Annotated[Again, Tag("again")],
        Discriminator(lambda given: "text" if isinstance(given, str) else "again"),
    ] = "never"
    stop_on: tuple[StopReason, ...] = ("reply", "booking", "opt_out", "conversion")
    cap: MailCap | None = None
    sender: Sender
    hours: tuple[Annotated[int, Field(ge=0, le=24)], Annotated[int, Field(ge=0, le=24)]] = (9, 18)
    message: Literal["commercial", "transactional"] = "commercial"
    purpose: Slug = GENERAL
    topic: Slug | None = None
    approval: Literal["required", "none"] = "required"
    steps: Annotated[list[Step], Field(min_length=1, max_length=30)]

    @model_validator(mode="after")
    def _ordered(self) -> Plan:
        if self.hours[0] >= self.hours[1]:
            raise ValueError("hours: the first must be before the second")
        return self

    @property
    def rounds(self) -> int:
        """How often one person may go through it."""
        return 1 if self.again == "never" else self.again.most
