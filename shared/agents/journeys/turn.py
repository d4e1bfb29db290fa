"""One turn of a journey: bring in who is due, take on whoever's time has come, lane by lane, and say when to look
again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from datetime import datetime, timedelta
from typing import Any

from shared.agents.journeys import books, enter, mails
from shared.agents.journeys.answers import Answers, Reader, nobody
from shared.agents.journeys.counts import Book, Move
from shared.agents.journeys.former import earlier, end_former, is_on_file
from shared.agents.journeys.known import Looked
from shared.agents.journeys.labels import label
from shared.agents.journeys.post import AGAIN, LEFT_JOURNEY, Journeyed, Mailing, Post
from shared.agents.journeys.visit import VISIT, at_once
from shared.agents.unknown.again import hold_planned
from shared.domain.event import stamp
from shared.domain.faults import Missing
from shared.domain.journey import Plan
from shared.domain.journey_state import Journey
from shared.domain.journey_steps import Stands, stands
from shared.domain.journey_walk import Way, room, walk
from shared.domain.names import Kind
from shared.domain.outcome import Done, Later, Outcome, Refused
from shared.domain.position import LANES, Position, What, lane_name
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.ports import Document, LedgerRow, Order, Ports

PAGE = 396
"""People of one lane that are taken on together: four windows of a sender."""
A_TURN = 4000
"""People of one turn; what is left has another at once. So a pause is seen soon, and a turn takes a few minutes at
most, however slowly mails may leave: it takes on nobody else after `VISIT`."""
RESTS = timedelta(hours=12)
"""So long at most, if nothing is due: the doorbell may have got lost."""
_SENT: Mapping[str, What] = {
    "accepted": "sent", "delivered": "sent", "submitted": "sent", "failed": "failed", "held": "held",
    "unknown": "unknown",
}  # fmt: skip


def run(ports: Ports, order: dict[str, Any], read: Reader = nobody) -> Outcome:
    """Later: running (more is due), waiting, paused. Done when the journey has ended. May be repeated at any moment.
    `read`: the mailbox, before a mail leaves that an answer would stop."""
    scope, id = Scope(*order["scope"]), str(order["journey"])
    try:
        journey = books.take_effect(ports, scope, books.get(ports, scope, id))
    except Missing as missing:
        return Refused(*missing.error)
    now = ports.clock.now()
    if journey.attempt != order.get("attempt", 1) or journey.status not in ("running", "paused"):
        return _over(ports, scope, journey)
    if journey.status == "paused":
        return Later(now + timedelta(hours=1), "paused")
    with ExitStack() as stack:
        return _Turn(ports, scope, journey, order, stack, read).go()


def _over(ports: Ports, scope: Scope, journey: Journey) -> Outcome:
    """Whoever waited for a mail of a journey that was stopped does not get it."""
    if journey.status == "stopped":
        for id in journey.campaigns():
            hold_planned(ports, scope, id, "cancelled")
        books.end_mails(ports, scope, journey.campaigns(), ports.clock.now())
    return Done()


class _Turn:
    def __init__(
        self, ports: Ports, scope: Scope, journey: Journey, order: dict[str, Any], stack: ExitStack, read: Reader
    ) -> None:
        self._ports, self._scope, self._journey, self._order, self._stack = ports, scope, journey, order, stack
        self._plan: Plan = journey.declared()
        self._steps: Stands = stands(self._plan)
        self._book = Book(ports, scope, journey.id)
        self._journeyed = Journeyed(self._plan, self._steps, Answers(ports, self._plan, read))
        self._posts: dict[str, Post] = {}
        self._left = A_TURN
        self._until = ports.clock.now() + VISIT
        self._again_at: list[datetime] = []

    def go(self) -> Outcome:
        more = enter.come_in(self._ports, self._scope, self._plan, self._book, self._ports.clock.now())
        for id in self._journey.campaigns():
            self._again(id)
        more = not all(map(self._lane, range(LANES))) or more
        self._book.sync()
        return self._next(more)

    def _again(self, campaign: str) -> None:
        if not self._leaves_again(campaign):
            return
        now = self._ports.clock.now()
        at = self._post(campaign).send_again() if now < self._until else now
        self._again_at += [at] if at else []

    def _leaves_again(self, campaign: str) -> bool:
        return mails.again(self._ports, self._scope, campaign)

    def _next(self, more: bool) -> Outcome:
        now = self._ports.clock.now()
        if more:
            return Later(now, "running")
        looks = (*self._book.tally.due, *self._again_at, enter.next_look(self._plan, self._book))
        waits = [each for each in looks if each]
        if not waits and enter.all_in(self._plan, self._book):
            if any(map(self._leaves_again, self._journey.campaigns())):
                return Later(now, "running")
            for id in (id for ids in self._journey.former.values() for id in ids):
                hold_planned(self._ports, self._scope, id, "cancelled")
            books.complete(self._ports, self._scope, self._journey.id)
            return Done()
        end_former(self._ports, self._scope, self._journey, self._book.tally.counts)
        return Later(min([*waits, now + RESTS]), "waiting")

    def _first_due(self, lane: str) -> datetime | None:
        in_time = [Filter("lane", "eq", lane), Filter("next_at", "gt", "0")]
        found = self._ports.documents.find(self._scope, Kind.POSITION, in_time, Order("next_at"), 1).documents
        return datetime.fromisoformat(found[0].body["next_at"]) if found else None

    def _lane(self, number: int) -> bool:
        """Take on all of a lane whose time has come. False: the turn has done enough, or the journey stands still."""
        lane, due, page = lane_name(self._journey.id, number), self._book.tally.due, min(PAGE, at_once(self._ports))
        while (first := due[number]) and first <= (now := self._ports.clock.now()):
            come = [Filter("lane", "eq", lane), Filter("next_at", "le", stamp(now))]
            found = self._ports.documents.find(self._scope, Kind.POSITION, come, Order("next_at"), page).documents
            if found and (self._left <= 0 or not self._still_on()):
                return False
            if found:
                self._page(found, now)
                self._left = self._left - len(found) if self._ports.clock.now() < self._until else 0
            if len(found) < page:
                due[number] = self._first_due(lane)
        return True

    def _still_on(self) -> bool:
        present = books.get(self._ports, self._scope, self._journey.id)
        return present.status == "running" and present.version == self._journey.version

    def _page(self, found: Sequence[Document], now: datetime) -> None:
        """Everybody to where they rest; written before mails leave, so that whoever does this again finds the same
        mail; then the mails, and where everybody is after them."""
        before = {each.body["contact"]: Position.model_validate(each.body) for each in found}
        revs = {each.body["contact"]: each.rev for each in found}
        looked = Looked(self._ports, self._scope, self._plan, self._steps, list(before.values()))
        ways = {
            contact: walk(self._steps, each, looked.of(each), now, self._journey.moved)
            for contact, each in before.items()
        }
        self._hold(before, ways, looked)
        label(self._ports, self._scope, ways.values(), looked)
        rested = [
            Move(way.position, revs[contact], before[contact].stands)
            for contact, way in ways.items()
            if way.sends is None or way.position.path != before[contact].path
        ]
        revs |= self._book.write(rested)
        self._mail([way for way in ways.values() if way.sends], revs, before, looked, now)

    def _hold(self, before: Mapping[str, Position], ways: Mapping[str, Way], looked: Looked) -> None:
        """Whoever leaves while a mail waits for its hour does not get it, nor who stood at one that was taken away."""
        gone: dict[str, list[Position]] = {}
        for contact, way in ways.items():
            was, mail = before[contact], before[contact].step or ""
            campaign = self._journey.mails.get(mail)
            if campaign and way.position.next_at is None:
                self._post(campaign).hold([was])
            if way.sends != mail:
                gone.setdefault(mail, []).append(was)
        for mail, people in gone.items():
            self._earlier(mail, people, looked)

    def _mail(
        self,
        ways: Sequence[Way],
        revs: Mapping[str, str],
        before: Mapping[str, Position],
        looked: Looked,
        now: datetime,
    ) -> None:
        moves = []
        for name in dict.fromkeys(way.sends for way in ways):
            assert name is not None, "only those who come to a mail are here"
            people = [way.position for way in ways if way.sends == name]
            rows = self._earlier(name, [before[each.contact] for each in people], looked)
            free = {each.contact: room(each, self._plan.cap, now) for each in people}
            going = [
                Mailing(self._refreshed(each, name, looked), looked.of(each).zone.key)
                for each in people
                if free[each.contact] <= now and each.contact not in rows
            ]
            rows |= self._post(self._journey.mails[name]).send(going) if going else {}
            for each in people:
                stood = each.stands if each.path != before[each.contact].path else before[each.contact].stands
                moves.append(self._after(each, name, rows.get(each.contact), free[each.contact], revs, stood, looked))
        self._book.write(moves)

    def _earlier(self, mail: str, people: Sequence[Position], looked: Looked) -> dict[str, LedgerRow]:
        """contact -> the row by which they had it in other words, or may have: under the address of then or of now."""
        if mail not in self._journey.former:
            return {}
        asked = [
            Mailing(each.model_copy(update={"person": person}), looked.of(each).zone.key)
            for each in people
            for person in dict.fromkeys([each.person, self._person(each, looked)])
        ]
        return earlier(self._ports, self._scope, self._journey, mail, asked, self._order["instance"])

    def _person(self, position: Position, looked: Looked) -> str:
        contact = looked.contacts.get(position.contact)
        return contact.person if contact else position.person

    def _refreshed(self, position: Position, name: str, looked: Looked) -> Position:
        """Under the address that they have now; a mail that waits, or left just before, belongs to the one it was
        planned for, and the gate holds it if that is another."""
        person, campaign = self._person(position, looked), self._journey.mails[name]
        moved = person != position.person and not position.waits_at(name)
        if moved and not is_on_file(self._ports, self._scope, campaign, position):
            position.person = person
        return position

    def _after(
        self,
        position: Position,
        name: str,
        row: LedgerRow | None,
        free: datetime,
        revs: Mapping[str, str],
        stood: str,
        looked: Looked,
    ) -> Move:
        """Where somebody is once their mail has left, or waits."""
        now, had = self._ports.clock.now(), list[str]()
        position = position.model_copy()
        if row is None or row.state in ("planned", "intent"):
            self._waits(position, name, row, free, now)
        else:
            position.had = {**position.had, name: row.campaign}
            position.had_keys = {**position.had_keys, name: row.key}
            position.note(row.intended_at or now, name, _SENT[row.state], row.held or "")
            position.step, position.next_at = self._steps[name].then, now
            had = [name]
            if row.held != LEFT_JOURNEY:  # whoever left just now is looked at anew, and leaves
                position = self._on(position, looked, now)
        return Move(position, revs[position.contact], stood, had)

    def _on(self, position: Position, looked: Looked, now: datetime) -> Position:
        """A wait or the end that follows a mail at once, in the same write; anything else is for the next look."""
        following = self._steps.get(position.step or "")
        if following is not None and following.kind != "wait":
            position.stands = following.name
            return position
        return walk(self._steps, position, looked.of(position), now, self._journey.moved).position

    def _waits(self, position: Position, name: str, row: LedgerRow | None, free: datetime, now: datetime) -> None:
        """For its hour, the cap, the server, or to know what became of a sender that died."""
        until = free if row is None else row.lease_until if row.state == "intent" else row.not_before
        position.next_at = max(until or now, now) if until and until > now else now + AGAIN
        why = "cap" if row is None else str((row.verdict or {}).get("code", "")) if row.state == "planned" else "sender"
        if not position.waits_at(name):
            position.note(now, name, "waits", why)

    def _post(self, campaign: str) -> Post:
        if campaign not in self._posts:
            self._posts[campaign] = Post(self._ports, self._scope, campaign, self._journeyed, self._order, self._stack)
        return self._posts[campaign]
