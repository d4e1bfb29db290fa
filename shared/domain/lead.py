"""A lead: a company that may become a client, what is known of it and where each thing is known from (S1.7–1.18).

Nothing is guessed: a fact has a value and its source, or none and the reason why it is not known (rule G10)."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    EmailStr,
    Field,
    StringConstraints,
    computed_field,
    field_validator,
    model_validator,
)

from shared.domain.privacy import month_after
from shared.domain.texts import Line
from shared.domain.website import host_of, is_shared, site_of

Stage = Literal["found", "qualified", "rejected", "converted"]
"""Of discovery: found; a person took it (qualified) or not (rejected); a deal was made of it (converted)."""
STAGES: tuple[Stage, ...] = ("found", "qualified", "rejected", "converted")
Value = str | int | float | bool | list[str] | None
Country = Annotated[str, StringConstraints(strip_whitespace=True, to_upper=True, pattern="^[A-Za-z]{2}$")]
"""ISO 3166-1, two letters."""
_LEGAL = re.compile(
    r"\b(gmbh|mbh|ug|haftungsbeschr\w*|ag|kg|ohg|gbr|e ?k|co|ltd|limited|llp|llc|plc|inc|corp|sarl|sas|srl|spa|bv|nv|"
    r"ab|oy|aps)\b"
)
MOST_FACTS, MOST_PEOPLE = 200, 20


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class LeadFact(_Strict):
    """One thing that is known of a company, or is not known and why. `source`: a URL, or a file and its row."""

    name: str
    value: Value = None
    why: str = ""
    """Why there is no value."""
    evidence: str = ""
    """What was seen there, shortened."""
    source: str
    at: datetime
    licence: str = ""
    """On which terms the source lets it be used, as far as that is known."""
    method: str = ""
    """How it was found: given, read, measured, looked up."""


class LeadPerson(_Strict):
    """Somebody who works there, or a mailbox of theirs (without a name). They were found, not met: `told_at` says when
    they were told so (GDPR Article 14)."""

    name: str = ""
    role: str = ""
    email: str = ""
    phone: str = ""
    source: str
    at: datetime
    told_at: datetime | None = None
    told_by: str | None = None
    notice: str = ""
    """What became of the mail that was to tell them, where it did not leave."""

    @property
    def due(self) -> datetime:
        """Until when they have to be told: within a month (Article 14(3)(a)), and with the first message at the
        latest."""
        return month_after(self.at)


class Factor(_Strict):
    """What one criterion gave: `points` = `weight` × `factor`; None: its fact is missing."""

    criterion: str
    title: str
    weight: int
    factor: float | None
    points: float
    says: str


class Budget(_Strict):
    """What it may spend, in whole units, and what that rests on; no sums: it is not known."""

    low: int | None = None
    high: int | None = None
    currency: str | None = None
    basis: str


class Channel(_Strict):
    """How to reach it best, and what that rests on."""

    by: Literal["email", "form", "phone"] | None = None
    basis: str


class LeadScore(_Strict):
    """The sum of the points of 100 at most, how it came about, and by which version of the criteria."""

    value: float
    missing: float
    """Points that the missing facts could still bring."""
    factors: list[Factor]
    reason: str
    criteria: int
    chance: float | None = None
    """Share of deals like this one that were won, by the model that the criteria hold; None: they hold none."""
    services: list[str] = Field(default_factory=list)
    """What the agency could do for it, the weightiest need first."""
    package: str | None = None
    budget: Budget | None = None
    channel: Channel | None = None
    next_step: str = ""
    at: datetime


class Decision(_Strict):
    """A person's word on it: a score alone decides nothing (rule G9)."""

    decision: Literal["qualify", "reject"]
    reason: str
    by: str
    at: datetime


class Lead(_Strict):
    """The document. Its id follows from the host of its web site, or from name and country: the same company is the
    same lead, whichever list it is on."""

    id: str
    name: str
    website: str | None = None
    country: str | None = None
    city: str | None = None
    industry: str | None = None
    stage: Stage = "found"
    lists: list[str] = Field(default_factory=list)
    """The lists that it came on."""
    people: list[LeadPerson] = Field(default_factory=list)
    facts: list[LeadFact] = Field(default_factory=list)
    score: LeadScore | None = None
    trouble: str = ""
    """Why it could not be weighed: then it has no score."""
    taken: bool = False
    """Somebody else of the agency has it, or nobody may write to it; whose it is, is not said."""
    decisions: list[Decision] = Field(default_factory=list)
    deal: str | None = None
    """The deal that was made of it."""
    merged_into: str | None = None
    absorbed: list[str] = Field(default_factory=list)
    """Leads that were merged into this one: whoever has this one has those, too."""
    created_at: datetime
    created_by: str
    changed_at: datetime

    @model_validator(mode="before")
    @classmethod
    def _as_stored(cls, told: Any) -> Any:
        return {name: each for name, each in told.items() if name != "tell_by"} if isinstance(told, dict) else told

    @computed_field  # type: ignore[prop-decorator]
    @property
    def tell_by(self) -> datetime | None:
        """Until when the first of its people who does not know it has to be told that they were found."""
        return min((each.due for each in self.people if each.told_at is None), default=None)

    @property
    def known_as(self) -> list[str]:
        """Every id that means this company."""
        return [self.id, *self.absorbed]

    @property
    def reached(self) -> bool:
        """Did its site answer when it was looked at?"""
        found = self.fact("reachable")
        return found is not None and found.value is True

    def fact(self, name: str) -> LeadFact | None:
        """The newest fact of this name that has a value, else the newest there is."""
        found = [each for each in self.facts if each.name == name]
        return max(found, key=lambda each: (each.value is not None, each.at), default=None)


class PersonGiven(_Strict):
    """Somebody who works there, as whoever adds the lead knows them."""

    name: Line | None = None
    role: Line | None = None
    email: EmailStr | None = None
    phone: Line | None = None


class LeadRequest(_Strict):
    """A company as somebody adds it. `source`: where it is known from."""

    name: Line | None = None
    website: Line | None = None
    country: Country | None = None
    city: Line | None = None
    industry: Line | None = None
    people: Annotated[list[PersonGiven], Field(max_length=MOST_PEOPLE)] = Field(default_factory=list)
    source: Line = "added by hand"
    licence: Line | None = None

    @field_validator("website")
    @classmethod
    def _site(cls, given: str | None) -> str | None:
        if given and is_shared(given):
            raise ValueError(f"{host_of(given)} holds the pages of many companies; leave it out, and give the name")
        return given and site_of(given)

    @model_validator(mode="after")
    def _somebody(self) -> LeadRequest:
        if not (self.name or self.website):
            raise ValueError("name: give the company's name, its website, or both")
        return self


class DecisionRequest(_Strict):
    """A person's decision, with its reason."""

    decision: Literal["qualify", "reject"]
    reason: Line


def lead_id(website: str | None, name: str | None = None, country: str | None = None) -> str:
    """32 hexadecimal digits of the host of the web site, else of the name and the country. Raises ValueError."""
    meant = f"site:{host_of(website)}" if website else f"name:{plain_name(name or '')}:{(country or '').upper()}"
    return hashlib.sha256(meant.encode()).hexdigest()[:32]


def plain_name(name: str) -> str:
    """A company's name without case, accents, punctuation and legal form: what two spellings have in common."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    bare = "".join(each for each in letters if not unicodedata.combining(each))
    words = re.sub(r"[\W_]+", " ", bare).strip()
    return " ".join(_LEGAL.sub(" ", words).split()) or words


def with_facts(known: Iterable[LeadFact], found: Iterable[LeadFact]) -> list[LeadFact]:
    """What was found beside what was known: of each name and source the newest only. Where there are too many, what
    was measured stays before what a source's own columns said, and the newer before the older."""
    newest: dict[tuple[str, str], LeadFact] = {}
    for each in (*known, *found):
        before = newest.get((each.name, each.source))
        if before is None or each.at >= before.at:
            newest[each.name, each.source] = each
    kept = sorted(newest.values(), key=lambda each: each.at, reverse=True)
    kept.sort(key=lambda each: each.name.startswith("given."))
    return sorted(kept[:MOST_FACTS], key=lambda each: (each.name, each.source))


def with_people(known: Iterable[LeadPerson], found: Iterable[LeadPerson]) -> list[LeadPerson]:
    """The people of both, each once: by address, else by name; what is known of one stays, gaps are filled, and who
    was told that they were found has been told."""
    kept: list[LeadPerson] = []
    for each in (*known, *found):
        same = next((n for n, one in enumerate(kept) if _same_person(one, each)), None)
        if same is None:
            kept.append(each)
        else:
            gaps = {name: getattr(each, name) for name in ("name", "role", "email", "phone") if getattr(each, name)}
            filled = {name: value for name, value in gaps.items() if not getattr(kept[same], name)}
            told = {name: getattr(each, name) for name in ("told_at", "told_by", "notice")}
            first = {"at": min(kept[same].at, each.at), **({} if kept[same].told_at else told)}
            kept[same] = kept[same].model_copy(update={**filled, **first})
    return kept[:MOST_PEOPLE]


def merged(one: Lead, other: Lead) -> Lead:
    """What is known of both, under the first one's id: its own values come first, the lists, facts, people and
    decisions of both stay."""
    gaps = {name: getattr(other, name) for name in ("website", "country", "city", "industry", "deal")}
    return one.model_copy(
        update={
            **{name: getattr(one, name) or value for name, value in gaps.items()},
            "lists": list(dict.fromkeys([*one.lists, *other.lists])),
            "facts": with_facts(one.facts, other.facts),
            "people": with_people(one.people, other.people),
            "decisions": sorted([*one.decisions, *other.decisions], key=lambda each: each.at),
            "stage": max(one.stage, other.stage, key=_FURTHEST.index),
            "absorbed": list(dict.fromkeys([*one.absorbed, *other.absorbed])),
        }
    )


_FURTHEST: tuple[Stage, ...] = ("found", "rejected", "qualified", "converted")


def _same_person(one: LeadPerson, other: LeadPerson) -> bool:
    if one.email and other.email:
        return one.email.casefold() == other.email.casefold()
    return bool(one.name) and one.name.casefold() == other.name.casefold()
