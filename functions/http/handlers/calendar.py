"""The calendar over HTTP: when nothing leaves, and who says so."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from shared.access.call import Answer, Call
from shared.agents import calendar
from shared.agents.calendar import feeds
from shared.domain.calendar import Entry
from shared.domain.calendar_feed import CalendarView, EntryView, FeedRequest, FeedView
from shared.domain.texts import Line


class Span(BaseModel):
    """From when until when; a year from now on if nothing else is asked."""

    model_config = ConfigDict(extra="forbid")

    start: datetime | None = None
    end: datetime | None = None


class Named(BaseModel):
    """What the calendar of a file is called here."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[Line, Field()] = "A file"


class Removed(BaseModel):
    """What is no longer there."""

    id: str
    removed: bool = True


def show(call: Call, query: Span) -> Answer[CalendarView]:
    """When nothing leaves, and the other calendars that are kept to."""
    return Answer(calendar.view(call.ports, call.scope, query.start, query.end))


def enter(call: Call, body: Entry) -> Answer[EntryView]:
    """Enter blackout days, or a time in which nobody sends."""
    id = calendar.enter(call.ports, call.scope, call.principal, body)
    return Answer(EntryView(id=id, **body.model_dump()), status=201)


def remove(call: Call) -> Answer[Removed]:
    """Take an entry out that was made here."""
    calendar.remove(call.ports, call.scope, call.principal, call.path["id"])
    return Answer(Removed(id=call.path["id"]))


def subscribe(call: Call, body: FeedRequest) -> Answer[FeedView]:
    """Keep to a calendar that is published: it is read now, and twice an hour from now on."""
    return Answer(feeds.subscribe(call.ports, call.scope, call.principal, body), status=201)


def bring_in(call: Call, body: bytes, query: Named) -> Answer[FeedView]:
    """Keep to what an iCalendar file says, as it is today."""
    return Answer(feeds.bring_in(call.ports, call.scope, call.principal, query.name, body), status=201)


def leave(call: Call) -> Answer[Removed]:
    """Keep to another calendar no longer."""
    feeds.remove(call.ports, call.scope, call.principal, call.path["id"])
    return Answer(Removed(id=call.path["id"]))
