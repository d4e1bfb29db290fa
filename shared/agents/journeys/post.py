"""A mail of a journey leaves to those who have come to it: planned into the ledger, then gate → wire → receipt as every
message (design 4.1)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import uuid_utils

from shared.agents.campaigns.inquire import drafts
from shared.agents.campaigns.sealed import still_sealed
from shared.agents.channels import channel_of, stand_still
from shared.agents.distribute.composer import Composer
from shared.agents.distribute.sending import pace, send, stopped, unread
from shared.agents.distribute.window import LEASE, SIZE, Memory, Shard, recall
from shared.agents.journeys.again import Sorted, sort
from shared.agents.journeys.answers import Answers
from shared.agents.journeys.visit import at_once
from shared.agents.records import change, load
from shared.agents.unknown.again import leave_again
from shared.domain.address import effect_key
from shared.domain.campaign import Campaign
from shared.domain.journey import Plan
from shared.domain.journey_steps import Stands
from shared.domain.position import Position, shard_of
from shared.domain.scope import Scope
from shared.ports import Claim, LedgerRow, PlannedRow, Ports, RowRef

AGAIN = timedelta(minutes=1)
"""After so long it is looked whether what stood still can go on."""
_PLANNED_MOST = 1000


class Mailing(NamedTuple):
    """Somebody who has come to a mail, and whose clock counts for them."""

    position: Position
    zone: str


class Journeyed(NamedTuple):
    """The journey that mails of one turn are of: its plan and steps, and who looks for answers to it."""

    plan: Plan
    steps: Stands
    answers: Answers


class Post:
    """One mail, in one turn of its journey; it is `open` within the turn's stack."""

    def __init__(
        self, ports: Ports, scope: Scope, campaign: str, journeyed: Journeyed, order: dict[str, Any], stack: ExitStack
    ) -> None:
        self._ports, self._scope, self.campaign, self._journeyed = ports, scope, campaign, journeyed
        self._order, self._memory = order, Memory()
        found = load(ports, scope, campaign)
        assert found.journey is not None, "a mail of a journey"
        self._mail, self._rounds = found.journey, found.journey.rounds
        self._channel, self._over = channel_of(ports, found), found.request.channels[0]
        self._composer = Composer(ports, scope, found, drafts(ports, scope, campaign))
        self._sealed = still_sealed(ports, scope, found)
        self._session = stack.enter_context(self._channel.session(scope))

    def send(self, people: Sequence[Mailing]) -> dict[str, LedgerRow]:
        """Have it leave to these people of one lane, as far as it may now; contact -> their row as it stands then. May
        be repeated: each has one row for ever."""
        rows: dict[str, LedgerRow] = {}
        for entry in {each.position.entry for each in people}:
            together = [each for each in people if each.position.entry == entry]
            rows |= self._shard(together, shard_of(together[0].position.contact, entry, self._rounds))
        return rows

    def hold(self, people: Sequence[Position]) -> None:
        """They have left the journey: what was planned for them and waits does not leave."""
        for each in people:
            ref = self._ref(each)
            found = self._ports.ledger.of_person(self._scope, [ref])
            self._hold(ref.shard, [row for row in found if row.state == "planned"])

    def send_again(self) -> datetime | None:
        """What was proved never to have left, or a person wants sent once more, leaves to those who have gone on and
        are still in the journey, as far as it may now. When the rest of it is looked at again; None: there is none."""
        found, room, rest = load(self._ports, self._scope, self.campaign), at_once(self._ports), dict[str, datetime]()
        for number in found.again:
            rows = self._sorted(int(number))
            ready = [row for row in rows if row.not_before <= self._ports.clock.now()][:room]
            room -= len(ready)
            if ready:
                self._work(self._at(int(number)), ready)
            if waits := self._waiting(rows, ready):
                rest[number] = min(waits)

        def done(present: Campaign) -> None:
            counted = present.again.items()
            present.again = {n: times for n, times in counted if n in rest or found.again.get(n) != times}

        if len(rest) < len(found.again):
            change(self._ports, self._scope, self.campaign, done)
        return min(rest.values(), default=None)

    def _sorted(self, number: int) -> list[LedgerRow]:
        """Those to leave once more; whoever has left the journey does not get it."""
        leaves, held = self._sort(list(self._planned_again(number)))
        self._hold(number, held)
        return leaves

    def _sort(self, rows: Sequence[LedgerRow]) -> Sorted:
        return sort(self._ports, self._scope, self._journeyed.plan, self._journeyed.steps, self._mail, rows)

    def _planned_again(self, number: int) -> Iterator[LedgerRow]:
        after = None
        while rows := self._ports.ledger.of_shard(self._scope, self.campaign, number, "planned", after=after):
            yield from (row for row in rows if row.attempt > 1)
            after = rows[-1].key

    def _waiting(self, rows: Sequence[LedgerRow], tried: Sequence[LedgerRow]) -> list[datetime]:
        """When each that has not left is tried: what stood still a moment ago not at once."""
        keys, now = {row.key for row in tried}, self._ports.clock.now()
        refs = [RowRef(self.campaign, row.shard, row.key) for row in rows]
        present = self._ports.ledger.of_person(self._scope, refs) if refs else []
        return [
            max(row.not_before, now + AGAIN if row.key in keys else now) for row in present if row.state == "planned"
        ]

    def _shard(self, people: Sequence[Mailing], number: int) -> dict[str, LedgerRow]:
        shard, now = self._at(number), self._ports.clock.now()
        refs = [self._ref(each.position) for each in people]
        planned = [_row(ref, each, now) for ref, each in zip(refs, people, strict=True)]
        for first in range(0, len(planned), _PLANNED_MOST):
            self._ports.ledger.plan(self._scope, self.campaign, number, planned[first : first + _PLANNED_MOST])
        rows = self._ports.ledger.of_person(self._scope, refs)
        if any(row.state in ("intent", "unknown") for row in rows):
            rows = self._settled(shard, refs)
        ready = [row for row in rows if row.state == "planned" and row.not_before <= now]
        if ready:
            self._work(shard, ready)
            rows = self._ports.ledger.of_person(self._scope, refs)
        return {row.contact: row for row in rows}

    def _settled(self, shard: Shard, refs: Sequence[RowRef]) -> list[LedgerRow]:
        """A sender died with these open: its lease ends, and whoever could know is asked."""
        self._ports.ledger.expire(self._scope, self.campaign, shard.number, shard.owner, self._ports.clock.now())
        found = load(self._ports, self._scope, self.campaign)
        if recall(shard, found, self._composer.message):
            leave_again(self._ports, self._scope, found, [shard.number])  # others of this shard may have gone on
        return self._ports.ledger.of_person(self._scope, refs)

    def _work(self, shard: Shard, rows: Sequence[LedgerRow]) -> None:
        campaign, at = load(self._ports, self._scope, self.campaign), 0
        why = None if campaign.cancelled else stopped(shard, campaign, self._channel, self._composer, self._session)
        while at < len(rows) and not (why := why or self._unread(shard, campaign)):
            size, now = min(SIZE, self._memory.size), self._ports.clock.now()
            window = self._still_in(shard, rows[at : at + size])
            if window:
                send(shard, self._sealed, window, self._composer, self._channel, self._session)
            pace(shard, self._channel, len(window), now)
            at += size
        if why:
            stand_still(self._ports, self._scope, self.campaign, "journey", why, {})

    def _still_in(self, shard: Shard, rows: Sequence[LedgerRow]) -> list[LedgerRow]:
        """Those of a window that it may still leave to, looked up right before the gate: whoever answered, booked,
        opted out or bounced since the turn began, or whose deal was closed, does not get it."""
        held = self._sort(rows).held
        self._hold(shard.number, held)
        gone = {row.key for row in held}
        return [row for row in rows if row.key not in gone]

    def _unread(self, shard: Shard, campaign: Campaign) -> str | None:
        """Each window looks into the calendar and for answers itself: what is held because of a cancellation needs
        neither."""
        if campaign.cancelled:
            return None
        return unread(shard, campaign) or self._journeyed.answers.unread(self._mail.mail)

    def _at(self, number: int) -> Shard:
        owner = f"{self._order['instance']}/{uuid_utils.uuid4().hex[:12]}"
        return Shard(
            self._ports, self._scope, self.campaign, number, owner, self._memory, trace=self._order.get("trace")
        )

    def _ref(self, position: Position) -> RowRef:
        number = shard_of(position.contact, position.entry, self._rounds)
        key = effect_key(self._scope, self.campaign, str(position.entry), self._over, position.person)
        return RowRef(self.campaign, number, key)

    def _hold(self, number: int, rows: Sequence[LedgerRow]) -> None:
        now, owner = self._ports.clock.now(), self._at(number).owner
        for first in range(0, len(rows), SIZE):
            claims = [Claim(row.key, row.attempt, "held", _LEFT, LEFT_JOURNEY) for row in rows[first : first + SIZE]]
            self._ports.ledger.claim(self._scope, self.campaign, number, owner, claims, now, now + LEASE)


LEFT_JOURNEY = "left_journey"
_LEFT = {"code": LEFT_JOURNEY}


def _row(ref: RowRef, mailing: Mailing, now: datetime) -> PlannedRow:
    position = mailing.position
    facts = {"zone": mailing.zone, "day": 1}
    return PlannedRow(ref.key, position.contact, position.person, "A", now, "journey", facts)
