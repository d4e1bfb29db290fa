"""Who comes in: people of the segment whom nobody has brought in yet, and those an event was told of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice

from shared.agents.campaigns.audience import filters_of
from shared.agents.journeys.counts import TOGETHER, Book, Move
from shared.domain.contact import Contact
from shared.domain.event import stamp
from shared.domain.journey import Again, Plan, duration
from shared.domain.journey_steps import stands
from shared.domain.names import Kind
from shared.domain.position import Position, lane_name, lane_of, position_id
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.ports import Document, Order, Ports

_PAGE = 495
AT_ONCE = 20 * _PAGE
"""So many people of the segment are looked at in one turn."""
WRITTEN_WITHIN = timedelta(minutes=5)
"""So long, at most, after the moment that an event bears it can be read."""


def come_in(ports: Ports, scope: Scope, plan: Plan, book: Book, now: datetime) -> bool:
    """Bring in whoever is due. True if the segment has not been read to its end yet."""
    if plan.enter.event:
        _follow(ports, scope, plan, book, now)
        return False
    return _read_segment(ports, scope, plan, book, now)


def next_look(plan: Plan, book: Book) -> datetime | None:
    """When the segment is read again; None: never, or an event says so."""
    return book.tally.look_at if plan.enter.segment else None


def all_in(plan: Plan, book: Book) -> bool:
    """Nobody else will come in."""
    return plan.enter.event is None and plan.enter.every is None and book.tally.looks > 0 and plan.again == "never"


def _read_segment(ports: Ports, scope: Scope, plan: Plan, book: Book, now: datetime) -> bool:
    tally = book.tally
    again = plan.enter.every is not None or plan.again != "never"
    if tally.looks and tally.after is None and not (again and tally.look_at and now >= tally.look_at):
        return False
    if tally.after is None:
        tally.look_at = now + (duration(plan.enter.every) if plan.enter.every else duration("1 day")) if again else None
    looked = 0
    assert plan.enter.segment is not None, "who comes in is a segment or an event"
    filters = filters_of(plan.enter.segment)
    while looked < AT_ONCE:
        beyond = [Filter("id", "gt", tally.after)] if tally.after else []
        page = ports.documents.find(scope, Kind.CONTACT, [*filters, *beyond], limit=_PAGE)
        found = page.documents
        _bring_in(ports, scope, plan, book, [Contact.model_validate(each.body) for each in found], now, {})
        tally.after = found[-1].id if page.cursor and found else None
        tally.looks += tally.after is None
        book.keep()
        looked += len(found)
        if tally.after is None:
            return False
    return True


def _follow(ports: Ports, scope: Scope, plan: Plan, book: Book, now: datetime) -> None:
    """Events since the last look, oldest first. An event can be written a while after the moment that it bears, so the
    last minutes before a look are followed by the next one, too."""
    asked, cursor, surely = [Filter("event", "eq", plan.enter.event)], None, stamp(now - WRITTEN_WITHIN)
    if book.tally.heard:
        asked.append(Filter("last_at", "ge", book.tally.heard))
    while True:
        page = ports.documents.find(scope, Kind.JOURNEY_EVENT, asked, Order("last_at"), _PAGE, cursor)
        told = {str(each.body["contact"]): datetime.fromisoformat(each.body["last_at"]) for each in page.documents}
        if told:
            _bring_in(ports, scope, plan, book, _contacts(ports, scope, list(told)), ports.clock.now(), told)
            _heard(book, min(str(page.documents[-1].body["last_at"]), surely))
        cursor = page.cursor
        if cursor is None:
            return


def _heard(book: Book, up_to: str) -> None:
    if up_to != book.tally.heard:
        book.tally.heard = up_to
        book.keep()


def _contacts(ports: Ports, scope: Scope, ids: Sequence[str]) -> list[Contact]:
    page = ports.documents.find(scope, Kind.CONTACT, [Filter("id", "in", ids)], limit=len(ids))
    return [Contact.model_validate(each.body) for each in page.documents]


def _bring_in(
    ports: Ports,
    scope: Scope,
    plan: Plan,
    book: Book,
    people: Iterable[Contact],
    now: datetime,
    told: Mapping[str, datetime],
) -> None:
    """`told`: when each was told of, if an event lets people in."""
    first, rest = next(iter(stands(plan))), iter(people)
    while batch := list(islice(rest, TOGETHER)):
        ids = [position_id(plan.journey, each.id) for each in batch]
        page = ports.documents.find(scope, Kind.POSITION, [Filter("id", "in", ids)], limit=len(ids))
        known = {each.body["contact"]: each for each in page.documents}
        book.write(list(_moves(plan, first, batch, known, now, told)))


def _moves(
    plan: Plan,
    first: str,
    people: Sequence[Contact],
    known: Mapping[str, Document],
    now: datetime,
    told: Mapping[str, datetime],
) -> Iterator[Move]:
    for person in people:
        before = known.get(person.id)
        if before is None:
            yield Move(_entered(plan, first, person, None, now), None, None, came_in=True)
        elif _may_again(plan, was := Position.model_validate(before.body), now, told.get(person.id)):
            yield Move(_entered(plan, first, person, was, now), before.rev, was.stands, came_in=True)


def _may_again(plan: Plan, was: Position, now: datetime, told: datetime | None) -> bool:
    """An event that let somebody in does so once."""
    left = was.left_at()
    if not isinstance(plan.again, Again) or left is None or (told and told <= was.entered_at):
        return False
    return was.entry < plan.again.most and left + duration(plan.again.after) <= now


def _entered(plan: Plan, first: str, person: Contact, was: Position | None, now: datetime) -> Position:
    made = Position(
        journey=plan.journey,
        lane=lane_name(plan.journey, lane_of(person.id)),
        contact=person.id,
        person=person.person,
        entry=was.entry + 1 if was else 1,
        entered_at=now,
        step=first,
        stands=first,
        next_at=now,
        path=was.path if was else [],
    )
    made.note(now, first, "entered", plan.enter.event or "")
    return made
