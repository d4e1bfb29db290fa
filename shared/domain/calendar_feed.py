"""Another calendar that Baton keeps to: a file of one, or the address at which it is published."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from shared.domain.calendar import Busy, Entry, Why
from shared.domain.texts import Line, Plain


def _https(url: str) -> str:
    """`webcal` is what calendars call https."""
    if url.lower().startswith("webcal://"):
        url = "https" + url[len("webcal") :]
    if urlsplit(url).scheme not in ("https", "http") or not urlsplit(url).hostname:
        raise ValueError("must be an address such as https://calendar.example/feed.ics")
    return url


class FeedRequest(BaseModel):
    """The body of POST /api/v1/calendar/feeds: read it now, and twice an hour from now on."""

    model_config = ConfigDict(extra="forbid")

    name: Line
    url: Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000), Plain, AfterValidator(_https)]


class Feed(BaseModel):
    """The document. `stretches` are those from `since` to `until`."""

    name: str
    url: str | None = None
    digest: str
    read_at: datetime
    asked_at: datetime | None = None
    """When its address was last asked, whatever it answered."""
    trouble: str | None = None
    """Why it could not be read the last time; until it can, what it said before holds."""
    since: datetime
    until: datetime
    stretches: list[tuple[datetime, datetime, Why]] = Field(default_factory=list)


class FeedView(BaseModel):
    """Another calendar, as it is shown: never its address, which mostly carries a secret."""

    id: str
    name: str
    subscribed: bool
    """It is read again and again; False: a file that was brought in once."""
    read_at: datetime
    until: datetime
    """So far it is known."""
    trouble: str | None
    stretches: int


class EntryView(Entry):
    """An entry with its id."""

    id: str


class Stretch(BaseModel):
    """A time in which nothing leaves."""

    start: datetime
    end: datetime
    why: Why
    entry: str = ""
    """The id, if it is an entry of Baton's own."""
    title: str = ""


class CalendarView(BaseModel):
    """When nothing leaves of [start, end), whoever says so, and the other calendars that are kept to."""

    start: datetime
    end: datetime
    timezone: str
    stretches: list[Stretch]
    feeds: list[FeedView]
    trouble: str | None = None
    """Why the calendar cannot be read just now; then nothing leaves at all."""


def stretch(busy: Busy) -> Stretch:
    """As it is shown."""
    return Stretch(**busy._asdict())
