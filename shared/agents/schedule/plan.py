"""Who gets which variant when, and why then: pure, from hashes, so that a retry plans the same (design 4.4, 4.8)."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
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
from shared.domain.scope import Scope
from shared.domain.slots import SLOT, first_slot, opening, zone
from shared.ports import PlannedRow

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


def plan(terms: Terms, audience: Iterable[Member]) -> Iterator[Line]:
    """One line per member, shards in order of time. A shard holds ≤ min(1,000, rate × 120 s) rows of one slot.

    Memory stays flat: the audience lies in a temporary file, sorted, while it is given its places."""
    size = max(1, min(1000, int(terms.rate * 120)))
    shard = 0
    budget = _Budget(terms.most)
    with TemporaryFile() as file:
        for start, fits, wishes in _slots(terms, _Queues(terms, file, audience)):
            begin, first = max(start, terms.start), 0
            while together := list(islice(wishes, size)):
                for position, wish in enumerate(together, first):
                    due = begin + timedelta(seconds=position / terms.rate if fits else 0)
                    yield Line(shard, _row(terms, wish, fits, due, budget))
                shard, first = shard + 1, first + size


def held_out(campaign: str, person: str, share: float) -> bool:
    """Is this person kept without the message, as `share` of the audience is?"""
    return _share(campaign, "holdout", person) < share


class _Wish(NamedTuple):
    """What one member asks for. Ordered by key; `moved` if the first slot they were to have was full."""

    key: str
    member: Member
    zone: str
    day: int
    known: bool
    moved: bool


class _Queue:
    """Wishes of one zone for one slot, in the order of their keys; `head` is the first that has no place yet."""

    def __init__(self, zone: str, lines: Iterator[bytes]) -> None:
        self.zone = zone
        self.moved = False
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

    def line(self, member: Member) -> bytes:
        terms, own = self._terms, zone(member.timezone) if member.timezone else None
        where = own or terms.default_zone
        key = effect_key(terms.scope, terms.campaign, STEP, terms.channel, member.person)
        day = int(_share(terms.campaign, "day", member.person) * terms.days)
        start = self._start(day, where)
        flags = f"{day} {int(own is not None)} {int(member.sendable)}"
        return f"{start:012} {where.key} {key} {member.contact} {member.person} {flags}\n".encode()

    def _start(self, day: int, where: ZoneInfo) -> int:
        asked = day, where.key
        if asked not in self._starts:
            slot = first_slot(self._terms.start, day, where, self._terms.hours)
            self._starts[asked] = int(slot.timestamp())
        return self._starts[asked]


def _decoded(line: bytes) -> _Wish:
    _, zone, key, contact, person, day, known, sendable = line.decode().split()
    return _Wish(key, Member(contact, person, zone, sendable == "1"), zone, int(day), known == "1", False)


def _slots(terms: Terms, queues: _Queues) -> Iterator[tuple[datetime, bool, Iterator[_Wish]]]:
    """Slots in order of time with those who get it then, to be taken before the next slot is asked for; who does not
    fit into a slot moves to the next, and who fits into none before the window ends comes in a group of their own, with
    False, to be held."""
    end = terms.start + timedelta(days=terms.days)
    waiting: defaultdict[datetime, list[_Queue]] = defaultdict(list, {start: [] for start in queues.starts()})
    while waiting:
        start = min(waiting)
        present = [*waiting.pop(start), *queues.at(start)]
        room = max(1, int(terms.rate * (start + SLOT - max(start, terms.start)).total_seconds()))
        yield start, True, islice(_in_turn(present), room)
        left_over = []
        for queue in present:
            following = _next_slot(terms, start, queue)
            if queue.head is None:
                continue
            if following < end:
                queue.moved = True
                waiting[following].append(queue)
            else:
                left_over.append(queue)
        yield start, False, _in_turn(left_over)


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


def _next_slot(terms: Terms, start: datetime, queue: _Queue) -> datetime:
    where = zone(queue.zone) or terms.default_zone
    return opening(start + SLOT, where, terms.hours)


def _row(terms: Terms, wish: _Wish, fits: bool, due: datetime, budget: _Budget) -> PlannedRow:
    person = wish.member.person
    holdout = held_out(terms.campaign, person, terms.holdout)
    facts: Mapping[str, Any] = {
        "zone": wish.zone,
        "day": wish.day + 1,
        **({"holdout": True} if holdout else {}),
        **({} if fits else {"no_room": True}),
        **({"over_budget": True} if budget.exceeded(fits and wish.member.sendable and not holdout) else {}),
    }
    variant = "ABCD"[int(_share(terms.campaign, "variant", person) * terms.variants)]
    reason = "slot_full" if wish.moved else "first_slot" if wish.known else "zone_unknown"
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
