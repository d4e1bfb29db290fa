"""What a plan is, said as plainly as possible with everybody in memory: `plan` must give the same, line for line."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from shared.agents.campaigns.manifest import Line
from shared.agents.effects import STEP
from shared.agents.schedule.plan import Member, Terms, held_out
from shared.domain.address import effect_key
from shared.domain.slots import SLOT, first_slot, opening, zone
from shared.ports import PlannedRow


class Wish(NamedTuple):
    key: str
    member: Member
    zone: str
    day: int
    reason: str
    moved: bool = False


def definition(terms: Terms, audience: Iterable[Member]) -> Iterator[Line]:
    size, shard, left = max(1, min(1000, int(terms.rate * 120))), 0, terms.most
    for start, fits, people in _slots(terms, audience):
        begin = max(start, terms.start)
        for position, wish in enumerate(people):
            facts = {"zone": wish.zone, "day": wish.day + 1}
            holdout = held_out(terms.campaign, wish.member.person, terms.holdout)
            if holdout:
                facts["holdout"] = True
            if not fits:
                facts["no_room"] = True
            if left is not None and fits and wish.member.sendable and not holdout:
                left -= 1
                if left < 0:
                    facts["over_budget"] = True
            due = begin + timedelta(seconds=position / terms.rate if fits else 0)
            variant = "ABCD"[int(_share(terms, "variant", wish.member) * terms.variants)]
            reason = "slot_full" if wish.moved else wish.reason
            row = PlannedRow(wish.key, wish.member.contact, wish.member.person, variant, due, reason, facts)
            yield Line(shard + position // size, row)
        shard += -(-len(people) // size)


def _slots(terms: Terms, audience: Iterable[Member]) -> Iterator[tuple[datetime, bool, list[Wish]]]:
    end = terms.start + timedelta(days=terms.days)
    wishes: defaultdict[datetime, list[Wish]] = defaultdict(list)
    for member in audience:
        start, wish = _wish(terms, member)
        wishes[start].append(wish)
    while wishes:
        start = min(wishes)
        waiting = sorted(wishes.pop(start), key=lambda wish: (not wish.moved, wish.key))
        room = max(1, int(terms.rate * (start + SLOT - max(start, terms.start)).total_seconds()))
        left_over = []
        for late in waiting[room:]:
            where = zone(late.zone)
            assert where
            following = opening(start + SLOT, where, terms.hours)
            if following < end:
                wishes[following].append(late._replace(moved=True))
            else:
                left_over.append(late)
        yield start, True, waiting[:room]
        yield start, False, left_over


def _wish(terms: Terms, member: Member) -> tuple[datetime, Wish]:
    own = zone(member.timezone) if member.timezone else None
    where = own or terms.default_zone
    key = effect_key(terms.scope, terms.campaign, STEP, terms.channel, member.person)
    day = int(_share(terms, "day", member) * terms.days)
    start = first_slot(terms.start, day, where, terms.hours)
    return start, Wish(key, member, where.key, day, "first_slot" if own else "zone_unknown")


def _share(terms: Terms, what: str, member: Member) -> float:
    digest = hashlib.sha256(f"{terms.campaign}|{what}|{member.person}".encode()).digest()
    return int.from_bytes(digest[:7]) / 2**56
