"""Other calendars that a workspace keeps to: a file that was brought in, or an address that is read twice an hour. Of
both only the times are kept, never what an appointment is about or with whom."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

import uuid_utils

from shared.domain.calendar import Busy, Taken
from shared.domain.calendar_feed import Feed, FeedRequest, FeedView
from shared.domain.faults import Conflict, FieldError, Missing, Rejected
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.ports import Ask, CalendarUnavailable, Ports

BYTES = 2_000_000
MOST = 20
"""Other calendars of one workspace."""
_BACK, _AHEAD, _OF_A_FILE = timedelta(days=40), timedelta(days=830), timedelta(days=5 * 365)
"""So much of it is worked out when it is read: a campaign begins at most two years ahead, and takes sixty days. A file
is not read again, so what repeats in it holds for five years."""
_STALE = timedelta(days=30)
_STRETCHES = 10_000
_SWEEP = timedelta(minutes=2)
"""So long they are read in one sweep, of all workspaces together: a server that hangs takes half a minute."""


def listing(ports: Ports, scope: Scope) -> list[FeedView]:
    """By name."""
    return sorted((_view(id, feed) for id, feed in _all(ports, scope)), key=lambda each: (each.name, each.id))


def busy(ports: Ports, scope: Scope, start: datetime, end: datetime) -> Iterator[Busy]:
    """When any of them is. Raises CalendarUnavailable if one could not be read for months."""
    for _, feed in _all(ports, scope):
        if feed.url and end > feed.until:
            raise CalendarUnavailable(f"{feed.name!r} could not be read since {feed.read_at:%Y-%m-%d}")
        yield from (Busy(*each) for each in feed.stretches if each[1] > start and each[0] < end)


def subscribe(ports: Ports, scope: Scope, by: str, asked: FeedRequest) -> FeedView:
    """Read it now; from now on twice an hour. Raises Rejected if it cannot be read, Conflict."""
    try:
        data = _fetched(ports, asked.url)
    except CalendarUnavailable as fault:
        raise Rejected(FieldError("url", str(fault))) from None
    return _keep(ports, scope, by, asked.name, asked.url, data, "url")


def bring_in(ports: Ports, scope: Scope, by: str, name: str, data: bytes) -> FeedView:
    """Keep to what this file says. Raises Rejected if it cannot be read, Conflict."""
    return _keep(ports, scope, by, name, None, data, "file")


def remove(ports: Ports, scope: Scope, by: str, id: str) -> None:
    """Keep to it no longer. Raises Missing."""
    if ports.documents.get(scope, Kind.CALENDAR_FEED, id) is None:
        raise Missing("calendar feed", id)
    ports.documents.delete(scope, Kind.CALENDAR_FEED, id)
    ports.journal.append(scope, "policy", ports.clock.now(), by, "calendar-feed-removed", {"id": id})


def refresh(ports: Ports, scopes: Iterable[Scope]) -> None:
    """Read those anew that have an address, until the time for it is over: the longest unasked first, so that each has
    its turn. Where reading fails, what was read before holds, and the trouble is shown."""
    asked = [(feed.asked_at or feed.read_at, scope, id) for scope in scopes for id, feed in _all(ports, scope)]
    begun = ports.clock.now()
    for _, scope, id in sorted(asked):
        if not begun <= ports.clock.now() < begun + _SWEEP:
            return
        if (kept := ports.documents.get(scope, Kind.CALENDAR_FEED, id)) and kept.body["url"]:
            _refresh(ports, scope, id, Feed.model_validate(kept.body))


def _refresh(ports: Ports, scope: Scope, id: str, feed: Feed) -> None:
    assert feed.url is not None
    now = ports.clock.now()
    try:
        fresh = _anew(ports, feed, _fetched(ports, feed.url), now)
    except CalendarUnavailable as fault:
        fresh = feed.model_copy(update={"trouble": str(fault)})
    if ports.documents.get(scope, Kind.CALENDAR_FEED, id):  # not taken out meanwhile
        body = fresh.model_copy(update={"asked_at": now}).model_dump(mode="json")
        ports.documents.put(scope, Kind.CALENDAR_FEED, id, body, "*")


def _anew(ports: Ports, feed: Feed, data: bytes, now: datetime) -> Feed:
    same = hashlib.sha256(data).hexdigest() == feed.digest and now - feed.since < _BACK + _STALE
    fresh = feed if same else _worked_out(ports, feed, data, now - _BACK, now + _AHEAD)
    return fresh.model_copy(update={"trouble": None, "read_at": now})


def _keep(ports: Ports, scope: Scope, by: str, name: str, url: str | None, data: bytes, field: str) -> FeedView:
    if len(listing(ports, scope)) >= MOST:
        raise Conflict("feeds", f"there are {MOST} other calendars already; remove one first")
    now, id = ports.clock.now(), uuid_utils.uuid7().hex
    empty = Feed(name=name, url=url, digest="", read_at=now, since=now, until=now)
    try:
        made = _worked_out(ports, empty, data, now - _BACK, now + (_AHEAD if url else _OF_A_FILE))
    except CalendarUnavailable as fault:
        raise Rejected(FieldError(field, str(fault))) from None
    ports.documents.put(scope, Kind.CALENDAR_FEED, id, made.model_dump(mode="json"))
    ports.journal.append(scope, "policy", now, by, "calendar-feed", {"id": id})
    return _view(id, made)


def _worked_out(ports: Ports, feed: Feed, data: bytes, since: datetime, until: datetime) -> Feed:
    if ports.calendar_files is None:
        raise CalendarUnavailable("no files of calendars are read here")
    if len(data) > BYTES:
        raise CalendarUnavailable(f"it is larger than {BYTES // 1_000_000} MB")
    found = [(each.start, each.end, each.why) for each in Taken(ports.calendar_files.busy([data], since, until))]
    if len(found) > _STRETCHES:
        raise CalendarUnavailable(f"it is busy more than {_STRETCHES:,} times")
    digest = hashlib.sha256(data).hexdigest()
    return feed.model_copy(update={"digest": digest, "since": since, "until": until, "stretches": found})


def _fetched(ports: Ports, url: str) -> bytes:
    if ports.endpoints is None:
        raise CalendarUnavailable("no other systems are asked here")
    if refusal := ports.endpoints.refusal(url):
        raise CalendarUnavailable(f"it {refusal}")
    told = ports.endpoints.ask(Ask("GET", url, {"Accept": "text/calendar"}, most=BYTES + 1))
    if told.status != 200:
        raise CalendarUnavailable(
            f"its server answered {told.status}" if told.status else f"it gave nothing: {told.why}"
        )
    if not told.whole:
        raise CalendarUnavailable(f"it is larger than {BYTES // 1_000_000} MB, or was cut short")
    return told.body


def _all(ports: Ports, scope: Scope) -> list[tuple[str, Feed]]:
    found = ports.documents.find(scope, Kind.CALENDAR_FEED, limit=MOST + 20).documents
    return [(each.id, Feed.model_validate(each.body)) for each in found]


def _view(id: str, feed: Feed) -> FeedView:
    return FeedView(
        id=id,
        name=feed.name,
        subscribed=feed.url is not None,
        read_at=feed.read_at,
        until=feed.until,
        trouble=feed.trouble,
        stretches=len(feed.stretches),
    )
