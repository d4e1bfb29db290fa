"""Who gets which variant when, and why then: pure, from hashes, so that a retry plans the same (design 4.4, 4.8)."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from shared.agents.campaigns.manifest import STEP, Line
from shared.domain.address import effect_key
from shared.domain.scope import Scope
from shared.domain.slots import SLOT, first_slot, opening, zone
from shared.ports import PlannedRow


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
    """One line per member, shards in order of time. A shard holds ≤ min(1,000, rate × 120 s) rows of one slot."""
    size = max(1, min(1000, int(terms.rate * 120)))
    shard = 0
    budget = _Budget(terms.most)
    for start, waiting in _slots(terms, audience):
        begin = max(start, terms.start)
        for first in range(0, len(waiting), size):
            for position, wish in enumerate(waiting[first : first + size], first):
                due = begin + timedelta(seconds=position / terms.rate if wish.fits else 0)
                yield Line(shard, _row(terms, wish, due, budget))
            shard += 1


def held_out(campaign: str, person: str, share: float) -> bool:
    """Is this person kept without the message, as `share` of the audience is?"""
    return _share(campaign, "holdout", person) < share


class _Wish(NamedTuple):
    key: str
    member: Member
    zone: str
    day: int
    known: bool
    moved: bool = False
    fits: bool = True


def _slots(terms: Terms, audience: Iterable[Member]) -> Iterator[tuple[datetime, list[_Wish]]]:
    """Slots in order of time with those who get it then; who does not fit into a slot moves to the next, and who fits
    into none before the window ends comes in a group of their own, to be held."""
    end = terms.start + timedelta(days=terms.days)
    wishes: dict[datetime, list[_Wish]] = defaultdict(list)
    for member in audience:
        start, wish = _wish(terms, member)
        wishes[start].append(wish)
    while wishes:
        start = min(wishes)
        waiting = sorted(wishes.pop(start), key=lambda wish: (not wish.moved, wish.key))
        room = max(1, int(terms.rate * (start + SLOT - max(start, terms.start)).total_seconds()))
        left_over = []
        for late in waiting[room:]:
            following = _next_slot(terms, start, late)
            if following < end:
                wishes[following].append(late._replace(moved=True))
            else:
                left_over.append(late._replace(fits=False))
        yield start, waiting[:room]
        yield start, left_over


def _wish(terms: Terms, member: Member) -> tuple[datetime, _Wish]:
    own = zone(member.timezone) if member.timezone else None
    where = own or terms.default_zone
    key = effect_key(terms.scope, terms.campaign, STEP, terms.channel, member.person)
    day = int(_share(terms.campaign, "day", member.person) * terms.days)
    return first_slot(terms.start, day, where, terms.hours), _Wish(key, member, where.key, day, own is not None)


def _next_slot(terms: Terms, start: datetime, wish: _Wish) -> datetime:
    where = zone(wish.zone) or terms.default_zone
    return opening(start + SLOT, where, terms.hours)


def _row(terms: Terms, wish: _Wish, due: datetime, budget: _Budget) -> PlannedRow:
    person = wish.member.person
    holdout = held_out(terms.campaign, person, terms.holdout)
    facts: Mapping[str, Any] = {
        "zone": wish.zone,
        "day": wish.day + 1,
        **({"holdout": True} if holdout else {}),
        **({} if wish.fits else {"no_room": True}),
        **({"over_budget": True} if budget.exceeded(wish.fits and wish.member.sendable and not holdout) else {}),
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
