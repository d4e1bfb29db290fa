"""One turn of a watch: read its source if it is time, count what is there in this week, say when to look again. Done
once more in a week it counts nothing twice: a week has the most that was seen in one reading."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any

from shared.agents.scopes import is_archived
from shared.agents.watch.books import SIGHTINGS, WATCHES
from shared.domain.faults import Missing
from shared.domain.outcome import Done, Later, Outcome
from shared.domain.scope import Scope
from shared.domain.watch import KEPT, MOST_ITEMS, QUIET, Sighted, Sightings, Sort, Watch, days_of, mentions, week_of
from shared.ports import Item, Ports, Reading
from shared.ports.sources import Asked, Unreadable

_TRY_AGAIN = timedelta(hours=6)
_ARCHIVED = timedelta(days=1)
_FEWEST = 2
"""Entries under one topic before it is one."""


def run(ports: Ports, order: dict[str, Any]) -> Outcome:
    """Order: {scope, watch, attempt}. Done once it is watched no longer, or by another flow."""
    scope, id, now = Scope(*order["scope"]), str(order["watch"]), ports.clock.now()
    try:
        watch = WATCHES.load(ports, scope, id)
        if watch.status != "running" or watch.attempt != order["attempt"]:
            return Done({"watch": id})
        if is_archived(ports, scope):
            return Later(now + _ARCHIVED, "archived")
        if now >= watch.next_at:
            watch = _look(ports, scope, watch, now)
    except Missing:
        return Done({"watch": id})
    return Later(max(watch.next_at, now + timedelta(seconds=1)), "waits")


def _look(ports: Ports, scope: Scope, watch: Watch, now: datetime) -> Watch:
    """Read and count. A source that is down is said; nothing that was seen there is gone by that."""
    try:
        found = list(_seasons(watch, now) if watch.about == "season" else _read(ports, watch, now))
    except Unreadable as fault:
        why = str(fault)
        return WATCHES.change(ports, scope, watch.id, lambda each: _failed(each, now, why))
    SIGHTINGS.change(ports, scope, watch.id, lambda each: _count(each, found, now))
    return WATCHES.change(ports, scope, watch.id, lambda each: _went(each, now))


def _read(ports: Ports, watch: Watch, now: datetime) -> Iterator[tuple[Sighted, int]]:
    source = ports.sources.get(watch.reads)
    if source is None:
        raise Unreadable(f"no source reads a {watch.reads} here")
    reading = source.read(Asked(url=watch.url))
    licence = watch.licence or reading.licence
    for sort, title, about in _groups(watch, reading):
        newest = max(about, key=lambda each: each.at or datetime.min.replace(tzinfo=UTC))
        says = newest.title if newest.title != title else ""
        made = Sighted(
            sort=sort, title=title, link=newest.link, says=says, at=newest.at or now, first_at=now, source=watch.url,
            licence=licence,
        )  # fmt: skip
        yield made, len(about)


def _groups(watch: Watch, reading: Reading) -> Iterator[tuple[Sort, str, list[Item]]]:
    """What is counted, with the entries that speak of it: the terms; else each entry, and each topic of several."""
    if watch.terms:
        for term in watch.terms:
            if about := [each for each in reading.items if mentions(_text(each), term)]:
                yield "term", term, about
        return
    topics: dict[str, list[Item]] = {}
    for each in reading.items:
        yield "entry", each.title, [each]
        for topic in filter(None, each.values.get("topics", "").split(", ")):
            topics.setdefault(topic.casefold(), []).append(each)
    yield from (("topic", name, about) for name, about in topics.items() if len(about) >= _FEWEST)


def _text(item: Item) -> str:
    return " ".join((item.title, *item.values.values()))


def _seasons(watch: Watch, now: datetime) -> Iterator[tuple[Sighted, int]]:
    monday = now.date() - timedelta(days=now.weekday())
    for each in watch.seasons:
        days, begins = days_of(each, watch.weeks_before, monday)
        if days:
            says = f"{begins:%-d %B %Y} to {each.end}"
            made = Sighted(
                sort="season", title=each.name, link=each.link, says=says,
                at=datetime.combine(begins, time(), UTC), first_at=now,
                source="seasons of this workspace", licence=watch.licence or "given by the workspace",
            )  # fmt: skip
            yield made, days


def _count(kept: Sightings, found: Iterable[tuple[Sighted, int]], now: datetime) -> None:
    """Into this week; what has been gone for half a year is forgotten, and of too many what was seen longest ago."""
    week = week_of(now)
    if week not in kept.read:
        kept.read = sorted([*kept.read, week])[-KEPT:]
    for one, times in found:
        key = hashlib.sha256(f"{one.sort}|{one.link if one.sort == 'entry' else ''}|{one.title}".encode()).hexdigest()[
            :16
        ]
        known = kept.items.get(key)
        if known:
            one = one.model_copy(update={"first_at": known.first_at, "weeks": known.weeks})
            one.at = known.at if one.at == now else one.at
        one.weeks = {**one.weeks, week: max(times, one.weeks.get(week, 0))}
        kept.items[key] = one
    for each in kept.items.values():
        each.weeks = {name: times for name, times in each.weeks.items() if name in kept.read}
    lately = set(kept.read[-QUIET:])
    newest = sorted(
        (key for key, each in kept.items.items() if lately & each.weeks.keys()),
        key=lambda key: (max(kept.items[key].weeks), kept.items[key].at),
        reverse=True,
    )
    kept.items = {key: kept.items[key] for key in newest[:MOST_ITEMS]}


def _went(watch: Watch, now: datetime) -> None:
    watch.read_at = watch.tried_at = now
    watch.trouble, watch.next_at = "", now + timedelta(hours=watch.every_hours)


def _failed(watch: Watch, now: datetime, why: str) -> None:
    watch.tried_at, watch.trouble = now, why[:300]
    watch.next_at = now + min(_TRY_AGAIN, timedelta(hours=watch.every_hours))
