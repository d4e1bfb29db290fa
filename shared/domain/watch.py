"""What an agency keeps an eye on: trends of a trade, what competitors offer, seasons (S1.4-1.6); and the rule by which
what was seen there is new, rising, steady or gone.

All of it rests on counts per week (ISO 8601, UTC), which are kept: whoever has them can work the marks out again."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator

from shared.domain.texts import Line, Plain

About = Literal["trend", "competitor", "season"]
Mark = Literal["new", "rising", "steady", "gone"]
MARKS: tuple[Mark, ...] = ("new", "rising", "gone", "steady")
Sort = Literal["term", "topic", "entry", "season"]
QUIET = 26
"""Weeks in which it was not seen, after which it is new again."""
BEFORE = 4
"""Weeks with which this one is compared."""
KEPT = 60
"""Weeks of which counts are kept."""
MOST_ITEMS = 300
_DAY = re.compile(r"(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])")


def _day(text: str) -> str:
    if not _DAY.fullmatch(text) or text in ("02-30", "02-31", "04-31", "06-31", "09-31", "11-31"):
        raise ValueError("must be a day of the year as MM-DD, as in 11-24")
    return text


def _address(text: str) -> str:
    if text and not re.fullmatch(r"https?://[^\s<>\"]{3,990}", text):
        raise ValueError("must be an address that begins with http:// or https://")
    return text


Day = Annotated[str, AfterValidator(_day)]
Term = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=60), Plain]
Address = Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000), AfterValidator(_address)]


class Season(BaseModel):
    """Days of each year, over the turn of it or not, in which something is wanted."""

    model_config = ConfigDict(extra="forbid")

    name: Term
    start: Day
    end: Day
    link: Address = ""


class WatchRequest(BaseModel):
    """The body of POST /api/v1/watches. A trend or competitor has a `url`, which is read as a feed or as a page; a
    season has `seasons`, which begin to count `weeks_before`. `terms`: only these words are counted, in whatever
    mentions them. `licence`: on which terms the source may be used, where it does not say so itself."""

    model_config = ConfigDict(extra="forbid")

    name: Line
    about: About
    url: Address = ""
    reads: Literal["feed", "page"] = "feed"
    terms: Annotated[list[Term], Field(max_length=50)] = Field(default_factory=list)
    seasons: Annotated[list[Season], Field(max_length=50)] = Field(default_factory=list)
    weeks_before: Annotated[int, Field(ge=0, le=26)] = 6
    every_hours: Annotated[int, Field(ge=6, le=168)] = 24
    licence: Line | Literal[""] = ""

    @field_validator("terms")
    @classmethod
    def _once(cls, given: list[str]) -> list[str]:
        return list({each.casefold(): each for each in given}.values())

    @model_validator(mode="after")
    def _something(self) -> WatchRequest:
        if self.about == "season":
            if not self.seasons or self.url:
                raise ValueError("seasons: give at least one season, and no url")
        elif not self.url or self.seasons:
            raise ValueError("url: give the address of a feed or page, and no seasons")
        return self


class Watch(WatchRequest):
    """The document. `trouble`: why the source could not be read the last time; since then nothing is known, and
    nothing is gone."""

    id: str
    status: Literal["running", "stopped"] = "running"
    attempt: int = 1
    created_at: datetime
    created_by: str
    read_at: datetime | None = None
    tried_at: datetime | None = None
    next_at: datetime
    trouble: str = ""


class Sighted(BaseModel):
    """One thing that was seen: how often in which week, with the newest that speaks of it."""

    model_config = ConfigDict(extra="forbid")

    sort: Sort
    title: str
    link: str = ""
    says: str = ""
    """The title of the newest entry that mentions it."""
    at: datetime
    """The date that the source gives the newest, else when it was first seen."""
    first_at: datetime
    source: str
    licence: str
    weeks: dict[str, int] = Field(default_factory=dict)


class Sightings(BaseModel):
    """The document beside a watch. `read`: the weeks in which the source could be read, in order."""

    model_config = ConfigDict(extra="forbid")

    id: str
    read: list[str] = Field(default_factory=list)
    items: dict[str, Sighted] = Field(default_factory=dict)


class Seen(Sighted):
    """As it is shown: with its mark, and what the mark rests on."""

    mark: Mark
    basis: str


class WatchShown(Watch):
    """A watch with what was seen, by the mark; `read`: the weeks in which its source was read."""

    read: list[str]
    items: list[Seen]


class Gap(BaseModel):
    """A word that is watched at competitors: who of those whose source was read shows it now, of how many; and which
    offers of ours name it. What few show is a gap that somebody could fill."""

    term: str
    shown_by: list[str]
    of: int
    ours: list[str]


def week_of(at: datetime | date) -> str:
    """As in 2027-W09."""
    year, week, _ = at.isocalendar()
    return f"{year}-W{week:02}"


def mark(weeks: Mapping[str, int], read: Sequence[str]) -> Mark:
    """`weeks`: how often it was seen in each; `read`: those in which the source was read, in order, at least one. A
    week in which it was not read is none: it neither counts nor lets anything be gone."""
    *earlier, last = read
    now = weeks.get(last, 0)
    if not now:
        return "gone"
    if not any(weeks.get(week) for week in earlier[-QUIET:]):
        return "new"
    before = [weeks.get(week, 0) for week in earlier[-BEFORE:]]
    return "rising" if now >= 2 and 2 * now * len(before) >= 3 * sum(before) else "steady"


def basis(weeks: Mapping[str, int], read: Sequence[str]) -> str:
    """The counts that the mark rests on, in words."""
    *earlier, last = read
    before = [weeks.get(week, 0) for week in earlier[-BEFORE:]]
    said = f"{weeks.get(last, 0)} in {last}"
    return f"{said}; before: {', '.join(map(str, before))}" if before else f"{said}; nothing was read before"


def seen(one: Sighted, read: Sequence[str]) -> Seen:
    """With its mark, worked out from its counts."""
    return Seen(**one.model_dump(), mark=mark(one.weeks, read), basis=basis(one.weeks, read))


def mentions(text: str, term: str) -> bool:
    """As words of their own, whatever the case and what stands between them."""
    wanted = _words(term)
    return bool(wanted) and f" {wanted} " in f" {_words(text)} "


def _words(text: str) -> str:
    return " ".join("".join(each if each.isalnum() else " " for each in text.casefold()).split())


def days_of(season: Season, weeks_before: int, week: date) -> tuple[int, date]:
    """How many days of the week that begins on this Monday the season has, what comes before it included; and when the
    one that they belong to begins."""
    best = (0, _begins(season, week.year))
    for year in (week.year - 1, week.year, week.year + 1):
        start = _begins(season, year)
        end = _on(season.end, year if season.end >= season.start else year + 1)
        first, last = max(start - timedelta(weeks=weeks_before), week), min(end, week + timedelta(days=6))
        days = (last - first).days + 1
        if days > best[0]:
            best = (days, start)
    return best


def _begins(season: Season, year: int) -> date:
    return _on(season.start, year)


def _on(day: str, year: int) -> date:
    month, number = map(int, day.split("-"))
    try:
        return date(year, month, number)
    except ValueError:  # 29 February
        return date(year, 3, 1)
