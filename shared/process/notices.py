"""Notices of processes leave once: each recipient is a row of the ledger, written before anything goes on the wire
(design 4.1). A killed step finds its rows again; what nobody knows about is asked for, never sent again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import NamedTuple

import uuid_utils

from shared.agents.distribute.window import FRESH, Shard, settle
from shared.domain.address import effect_key
from shared.domain.names import Kind
from shared.domain.segment import Filter
from shared.domain.suppression import holds
from shared.ports import NONE_SENT, Claim, LedgerRow, Outgoing, PlannedRow, Session, Settlement
from shared.process.books import notices_of
from shared.process.errors import ProviderError, TransientError
from shared.process.steps.call import Again, Desk

_LEASE = timedelta(minutes=2)
_LATER = timedelta(minutes=1)


class Recipient(NamedTuple):
    """To whom one notice goes: `to` as the channel takes it, and the keyed hash that stands for them."""

    to: str
    person: str


Write = Callable[[LedgerRow, Recipient], Outgoing]


def send_once(desk: Desk, channel: str, recipients: Sequence[Recipient], write: Write) -> dict[str, int]:
    """Have each notice leave, at most once; how many stand where. Raises Again while any of them may still leave,
    ProviderError if some are refused for good or nobody knows of them."""
    sender = _Sender(desk, channel, recipients, write)
    sender.leave()
    return sender.result()


class _Sender:
    def __init__(self, desk: Desk, channel: str, recipients: Sequence[Recipient], write: Write) -> None:
        self._desk, self._write, self._name = desk, write, channel
        self._channel = desk.ports.channels[channel]
        self._campaign = notices_of(desk.key)
        self._place = (desk.scope, self._campaign, 0)
        self._people = {each.person: each for each in recipients}
        self._shard = Shard(desk.ports, desk.scope, self._campaign, 0, f"notice/{uuid_utils.uuid4().hex[:12]}")
        desk.ports.ledger.plan(*self._place, [self._planned(each) for each in self._people.values()])

    def leave(self) -> None:
        """What is due leaves; what was left open by a killed sender is asked about."""
        ports, now = self._desk.ports, self._desk.ports.clock.now()
        ports.ledger.expire(*self._place, self._shard.owner, now)
        self._recall()
        rows = ports.ledger.of_shard(*self._place, state="planned", due_by=now)
        if not rows:
            return
        if refusal := self._channel.refusal():
            raise ProviderError(f"nothing can leave by {self._name}: {refusal}")
        stopped = self._suppressed([row.person for row in rows])
        with self._channel.session(self._desk.scope) as session:
            if why := session.unreachable():
                raise TransientError(f"{self._name} cannot be reached: {why}")
            for start in range(0, len(rows), 99):
                self._window(session, rows[start : start + 99], stopped)

    def result(self) -> dict[str, int]:
        """The counts, if nothing is open any more."""
        ledger, now = self._desk.ports.ledger, self._desk.ports.clock.now()
        tally = {state: n for state, n in ledger.tally(*self._place).items() if n and "." not in state}
        if open_ := [tally[state] for state in ("planned", "intent", "submitted") if tally.get(state)]:
            raise Again(now + _LATER, f"{sum(open_)} not yet answered for")
        sent = tally.get("accepted", 0) + tally.get("delivered", 0)
        left = (f"{sent} by {self._name}",) if sent else ()
        if unknown := tally.get("unknown"):
            raise ProviderError(f"nobody knows whether {unknown} left: {self._name} never answered", left=left)
        if failed := tally.get("failed"):
            raise ProviderError(f"{failed} refused for good by {self._name}", left=left)
        return {"sent": sent, "held": tally.get("held", 0)}

    def _window(self, session: Session, rows: Sequence[LedgerRow], stopped: Mapping[str, str]) -> None:
        ports, now = self._desk.ports, self._desk.ports.clock.now()
        claims = [
            Claim(row.key, row.attempt, "held" if row.person in stopped else "intent", {}, stopped.get(row.person))
            for row in rows
        ]
        granted = ports.ledger.claim(*self._place, self._shard.owner, claims, now, now + _LEASE)
        mine = [self._write(row, self._people[row.person]) for row in rows if row.key in granted]
        settle(self._shard, list(session.send(mine, FRESH.total_seconds())))

    def _recall(self) -> None:
        """Whoever could know is asked about what may have left."""
        ledger, now = self._desk.ports.ledger, self._desk.ports.clock.now()
        rows = [*ledger.of_shard(*self._place, state="unknown"), *ledger.of_shard(*self._place, state="submitted")]
        proofs = self._channel.evidence(self._desk.scope, [row.key for row in rows], NONE_SENT) if rows else {}
        found = [
            Settlement(row.key, row.attempt, "accepted" if proofs[row.key] == "accepted" else "failed")
            for row in rows
            if proofs.get(row.key) in ("accepted", "failed")
        ]
        found += [
            Settlement(row.key, row.attempt, "planned", not_before=now)
            for row in rows
            if proofs.get(row.key) == "absent"
        ]
        if found:
            ledger.settle(*self._place, found, now)

    def _planned(self, recipient: Recipient) -> PlannedRow:
        key = effect_key(self._desk.scope, self._campaign, "1", self._name, recipient.person)
        return PlannedRow(key, recipient.person, recipient.person, "A", self._desk.ports.clock.now(), "process")

    def _suppressed(self, persons: Sequence[str]) -> dict[str, str]:
        """Who wants nothing from this workspace gets no notice, either (rule C1)."""
        scope, wanted = self._desk.scope, [Filter("id", "in", frozenset(persons))]
        page = self._desk.ports.documents.find(scope.agency, Kind.SUPPRESSION, wanted, limit=max(1, len(persons)))
        return {each.id: "suppressed" for each in page.documents if holds(each.body, scope.workspace, each.id)}
