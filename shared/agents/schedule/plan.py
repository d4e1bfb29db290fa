"""Who gets which variant when, and why then: pure, from hashes, so that a retry plans the same (design 4.4, 4.8)."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from heapq import heapify, heappop, heapreplace
from itertools import groupby, islice
from tempfile import TemporaryFile
from typing import IO, Any, NamedTuple
from zoneinfo import ZoneInfo

from shared.agents.campaigns.manifest import Line
from shared.agents.effects import STEP
from shared.agents.sorting import sorted_lines, stretch
from shared.domain.address import effect_key
from shared.domain.calendar import Busy, Taken
from shared.domain.scope import Scope
from shared.domain.slots import SLOT, first_slot, opening, slot_start, zone
from shared.ports import PlannedRow

_INSTANT = timedelta(microseconds=1)
_BLOCK = 1 << 13
"""Of a queue that is read: there may be as many as days times zones."""


class Member(NamedTuple):
    """One of the approved audience, with what planning needs to know. `sendable` decides who uses up the budget."""

    contact: str
    person: str
    timezone: str | None
    sendable: bool


@dataclass(frozen=True)
class Terms:
    """The approved terms of a plan. `rate` is messages per second; `most` the greatest number of them, if limited."""

    scope: Scope
    campaign: str
    channel: str
    start: datetime
    days: int
    hours: tuple[int, int]
    variants: int
    holdout: float
    rate: float
    most: int | None
    default_zone: ZoneInfo
    taken: Taken = field(default_factory=Taken)
    """When nothing may leave by the sender's calendar: no slot reaches into it."""


def plan(terms: Terms, audience: Iterable[Member]) -> Iterator[Line]:
    """One line per member, shards in order of time, last those for whom the calendar leaves no slot: they may leave if
    it is free at their turn after all. A shard holds ≤ min(1,000, rate × 120 s) rows of one slot.

    Memory stays flat: the audience lies in a temporary file, sorted, while it is given its places."""
    size = max(1, min(1000, int(terms.rate * 120)))
    shard, last = 0, terms.start + timedelta(days=terms.days) - _INSTANT
    budget = _Budget(terms.most)
    with TemporaryFile() as file:
        for start, lacks, wishes in _slots(terms, _Queues(terms, file, audience)):
            begin, first = max(start, terms.start), 0
            while together := list(islice(wishes, size)):
                for position, wish in enumerate(together, first):
                    due = begin + timedelta(seconds=0 if lacks == _FULL else position / terms.rate)
                    yield Line(shard, _row(terms, wish, lacks, min(due, max(begin, last)) if lacks else due, budget))
                shard, first = shard + 1, first + size


def held_out(campaign: str, person: str, share: float) -> bool:
    """Is this person kept without the message, as `share` of the audience is?"""
    return _share(campaign, "holdout", person) < share


def day_of(campaign: str, person: str, days: int) -> int:
    """On which of so many days it is this person's turn; 0 is the first."""
    return int(_share(campaign, "day", person) * days)


class _Wish(NamedTuple):
    """What one member asks for. Ordered by key; `moved`: why they could not have the first slot they were to have."""

    key: str
    member: Member
    zone: str
    day: int
    known: bool
    moved: str


class _Queue:
    """Wishes of one zone for one slot, in the order of their keys; `head` is the first that has no place yet."""

    def __init__(self, zone: str, lines: Iterator[bytes]) -> None:
        self.zone = zone
        self.moved = ""
        self._wishes = map(_decoded, lines)
        self.head = next(self._wishes, None)

    def pop(self) -> _Wish:
        assert self.head is not None
        wish, self.head = self.head._replace(moved=self.moved), next(self._wishes, None)
        return wish


class _Queues:
    """The audience by slot and zone: one sorted file and where in it each queue lies."""

    def __init__(self, terms: Terms, file: IO[bytes], audience: Iterable[Member]) -> None:
        self._file = file
        self._places: defaultdict[datetime, list[tuple[str, int, int]]] = defaultdict(list)
        asked = sorted_lines(map(_Asking(terms).line, audience))
        for group, found in groupby(asked, lambda line: line.split(b" ", 2)[:2]):
            begin = file.tell()
            file.writelines(found)
            start = datetime.fromtimestamp(int(group[0]), UTC)
            self._places[start].append((group[1].decode(), begin, file.tell()))

    def starts(self) -> list[datetime]:
        """The slots that somebody asks for."""
        return list(self._places)

    def at(self, start: datetime) -> list[_Queue]:
        """Those who ask for this slot."""
        places = self._places.pop(start, [])
        return [_Queue(zone, stretch(self._file, begin, end, _BLOCK)) for zone, begin, end in places]


class _Asking:
    """Which slot each member asks for, as a line that sorts by slot, zone and key."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._starts: dict[tuple[int, str], int] = {}
        self._open: dict[str, Sequence[int]] = {}

    def line(self, member: Member) -> bytes:
        terms, own = self._terms, zone(member.timezone) if member.timezone else None
        where = own or terms.default_zone
        key = effect_key(terms.scope, terms.campaign, STEP, terms.channel, member.person)
        days = self._days(where)
        day = days[day_of(terms.campaign, member.person, len(days))]
        start = self._start(day, where)
        flags = f"{day} {int(own is not None)} {int(member.sendable)}"
        return f"{start:012} {where.key} {key} {member.contact} {member.person} {flags}\n".encode()

    def _days(self, where: ZoneInfo) -> Sequence[int]:
        """The days of the window on which the calendar leaves a slot; all of them if it leaves none."""
        if where.key not in self._open:
            every = range(self._terms.days)
            self._open[where.key] = [day for day in every if self._is_open(day, where)] or every
        return self._open[where.key]

    def _is_open(self, day: int, where: ZoneInfo) -> bool:
        terms = self._terms
        first = first_slot(terms.start, day, where, terms.hours)
        free, met = _free_slot(terms, first, where)
        same = free.astimezone(where).date() == first.astimezone(where).date()
        return met is None or (same and free < terms.start + timedelta(days=terms.days))

    def _start(self, day: int, where: ZoneInfo) -> int:
        asked = day, where.key
        if asked not in self._starts:
            slot = first_slot(self._terms.start, day, where, self._terms.hours)
            self._starts[asked] = int(slot.timestamp())
        return self._starts[asked]


def _decoded(line: bytes) -> _Wish:
    _, zone, key, contact, person, day, known, sendable = line.decode().split()
    return _Wish(key, Member(contact, person, zone, sendable == "1"), zone, int(day), known == "1", "")


def _slots(terms: Terms, queues: _Queues) -> Iterator[tuple[datetime, str, Iterator[_Wish]]]:
    """Slots in order of time with those who get it then, to be taken before the next slot is asked for; who does not
    fit into a slot moves to the next, and who fits into none before the window ends comes in a group of their own, with
    the code of what they lack: in the slot that the calendar takes, or to be held."""
    end = terms.start + timedelta(days=terms.days)
    waiting: defaultdict[datetime, list[_Queue]] = defaultdict(list, {start: [] for start in queues.starts()})
    taken: list[tuple[datetime, str, Iterator[_Wish]]] = []
    while waiting:
        start = min(waiting)
        present = [*waiting.pop(start), *queues.at(start)]
        busy = terms.taken.over(start, start + SLOT)
        room = max(1, int(terms.rate * (start + SLOT - max(start, terms.start)).total_seconds()))
        yield start, "", islice(_in_turn(present), 0 if busy else room)
        left_over: list[_Queue] = []
        for queue in present:
            following = _next_slot(terms, start, queue, end, leaves=not busy)
            if queue.head is None:
                continue
            if following < end:
                queue.moved = busy.why if busy else "slot_full"
                waiting[following].append(queue)
            else:
                left_over.append(queue)
        if left_over and busy:
            taken.append((start, busy.why, _in_turn(left_over)))
        elif left_over:
            yield start, _FULL, _in_turn(left_over)
    yield from taken


_FULL = "no_room"
"""What they lack where the calendar does not stand in the way."""


def _in_turn(queues: Iterable[_Queue]) -> Iterator[_Wish]:
    """Who had to move comes first; then by key."""
    order = [(not queue.moved, queue.head, n, queue) for n, queue in enumerate(queues) if queue.head]
    heapify(order)
    while order:
        fresh, _, n, queue = order[0]
        yield queue.pop()
        if queue.head is None:
            heappop(order)
        else:
            heapreplace(order, (fresh, queue.head, n, queue))


def _next_slot(terms: Terms, start: datetime, queue: _Queue, end: datetime, leaves: bool) -> datetime:
    """The next slot that the hours and the calendar leave. If that is too late, those of a slot that `leaves` go into
    the next one that the calendar takes."""
    where = zone(queue.zone) or terms.default_zone
    following, met = _free_slot(terms, start + SLOT, where)
    return opening(start + SLOT, where, terms.hours) if following >= end and met and leaves else following


def _free_slot(terms: Terms, moment: datetime, where: ZoneInfo) -> tuple[datetime, Busy | None]:
    """The first slot from `moment` on that the hours and the calendar leave, and what of the calendar was met."""
    at, met = opening(moment, where, terms.hours), None
    while busy := terms.taken.over(at, at + SLOT):
        met = met or busy
        at = opening(slot_start(busy.end + SLOT - _INSTANT), where, terms.hours)
    return at, met


def _row(terms: Terms, wish: _Wish, lacks: str, due: datetime, budget: _Budget) -> PlannedRow:
    person = wish.member.person
    holdout = held_out(terms.campaign, person, terms.holdout)
    may_get_it = lacks != _FULL and wish.member.sendable and not holdout
    facts: Mapping[str, Any] = {
        "zone": wish.zone,
        "day": wish.day + 1,
        **({"holdout": True} if holdout else {}),
        **({"no_room": True} if lacks == _FULL else {"calendar": lacks} if lacks else {}),
        **({"over_budget": True} if budget.exceeded(may_get_it) else {}),
    }
    variant = "ABCD"[int(_share(terms.campaign, "variant", person) * terms.variants)]
    reason = wish.moved or ("first_slot" if wish.known else "zone_unknown")
    return PlannedRow(wish.key, wish.member.contact, person, variant, due, reason, facts)


class _Budget:
    """Counts those who can get it; who comes after the last affordable one is over the budget."""

    def __init__(self, most: int | None) -> None:
        self._left = most

    def exceeded(self, counts: bool) -> bool:
        if self._left is None or not counts:
            return False
        self._left -= 1
        return self._left < 0


def _share(campaign: str, what: str, person: str) -> float:
    """A number in [0, 1) that is the same for ever for this campaign, question and person."""
    digest = hashlib.sha256(f"{campaign}|{what}|{person}".encode()).digest()
    return int.from_bytes(digest[:7]) / 2**56
