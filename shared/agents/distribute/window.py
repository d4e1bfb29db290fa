"""One window of at most 99 rows: read facts, decide, write verdicts and intents, settle receipts (design 4.1, 4.2)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from shared.agents import facts, policy
from shared.agents.campaigns.inquire import drafts
from shared.agents.channels import channel_of
from shared.agents.distribute import reservations
from shared.agents.distribute.opted_out import opted_out
from shared.agents.distribute.quota import Purse, tomorrow
from shared.agents.distribute.reservations import NOTHING, Booked
from shared.agents.facts import NOT_SUPPRESSED, Ground, Row
from shared.agents.guardian import ramp
from shared.domain.calendar import Taken
from shared.domain.campaign import Campaign, sender_domain
from shared.domain.caps import Use
from shared.domain.contact import Contact
from shared.domain.gate import Facts, Verdict, decide
from shared.domain.hours import Opening
from shared.domain.required import gaps, tells_where_found
from shared.domain.scope import Scope
from shared.domain.slots import zone
from shared.ports import CLAIMS_MOST, Claim, LedgerRow, Outgoing, Ports, Proof, Receipt, Sent, Settlement, Stale

SIZE = CLAIMS_MOST
LEASE = timedelta(minutes=2)
"""How long an open intent belongs to its sender. A sender that needs longer still settles: evidence always counts."""
AHEAD = timedelta(minutes=2)
"""A shard spans at most so long; its rows may be claimed ahead of their second, because the sender paces itself."""
RETRY_FIRST, RETRY_MOST = timedelta(minutes=5), 11
"""A deferred message is tried again after 5, 10, … minutes, eleven times in 3½ days: a server that takes nothing for
hours costs nobody the message. Then it has failed (RFC 5321 4.5.4.1)."""


WORKED_ON = timedelta(days=1)
"""So long a provider may work on what it was given; then nobody waits for its word."""
FIRST = 25
FRESH = timedelta(seconds=5)
"""No message leaves on facts older than this: what has not begun by then is put back and decided anew. So a window is
as large as this sender gets away in that time; the first one, whose speed nobody knows yet, is small (design 4.2)."""


@dataclass
class Memory:
    """What one run of one sender remembers from window to window; it may forget everything at any time."""

    size: int = FIRST
    decided: datetime | None = None
    open: dict[str, LedgerRow] = field(default_factory=dict)
    """The intents of this window, by effect key."""
    purses: Collection[Purse] = ()
    """What this window took of daily limits."""
    lacks: dict[tuple[int, str], tuple[tuple[str, ...], bool]] = field(default_factory=dict)
    """What the message lacks, and whether it tells where people were found."""
    calendar: tuple[datetime, Taken] | None = None
    """When nothing may leave by the sender's calendar, as it was read then."""
    ramp: tuple[date, int | None] | None = None
    """What the ramp of the sender's domain allows on a day."""


@dataclass(frozen=True)
class Shard:
    """Where a sender works, and who it is. `owner` names one run of one activity, `trace` the trace that tells of it;
    each message's row keeps it, so that what is known of one can be found by what was told of all."""

    ports: Ports
    scope: Scope
    campaign: str
    number: int
    owner: str
    memory: Memory = field(default_factory=Memory)
    trace: str | None = None


def due(shard: Shard, now: datetime, everything: bool) -> list[LedgerRow]:
    """The next rows to decide about: those whose time has come, or every planned one."""
    ledger, by = shard.ports.ledger, None if everything else now + AHEAD
    size = SIZE if everything else shard.memory.size
    rows = ledger.of_shard(shard.scope, shard.campaign, shard.number, state="planned", due_by=by, limit=size)
    return [row for row in rows if everything or row.not_before <= now or row.not_before == row.due]


def claim(
    shard: Shard, campaign: Campaign, approved: bool, rows: Sequence[LedgerRow]
) -> tuple[list[LedgerRow], dict[str, Contact]]:
    """Decide each row and write it down durably. Returns the rows that may leave now and the people they are for."""
    window = _Window(shard, campaign, approved, rows)
    now, verdicts = window.decided()
    claims = [_claim(row, verdicts[row.key], shard.trace) for row in rows]
    granted = shard.ports.ledger.claim(shard.scope, shard.campaign, shard.number, shard.owner, claims, now, now + LEASE)
    shard.memory.decided, shard.memory.purses = now, window.purses
    shard.memory.open = {row.key: row for row in rows if row.key in granted}
    return [row for row in rows if row.key in granted], window.contacts()


def fresh(shard: Shard) -> float:
    """Seconds from now in which the messages of this window may leave."""
    decided = shard.memory.decided
    return (decided + FRESH - shard.ports.clock.now()).total_seconds() if decided else 0.0


def settle(shard: Shard, receipts: Iterable[Receipt]) -> None:
    """Write down what the provider said of each; what it refused for good no longer counts as a contact, and what
    never left counts for nothing."""
    said = list(receipts)
    if not said:
        return
    now = shard.ports.clock.now()
    settlements = [_settlement(receipt, shard.owner, now) for receipt in said]
    shard.ports.ledger.settle(shard.scope, shard.campaign, shard.number, settlements, now)
    unsent = sum(each.state == "unsent" for each in said)
    _pace(shard.memory, len(said) - unsent, now)
    if unsent and shard.memory.decided:
        for purse in shard.memory.purses:
            purse.put_back(unsent, shard.memory.decided)
    refused = {
        shard.memory.open[each.key].person: each.key
        for each in said
        if each.state == "failed" and each.key in shard.memory.open
    }
    reservations.give_back(shard.ports, shard.scope, refused)
    for each in said:
        if each.opted_out and each.key in shard.memory.open:
            opted_out(shard.ports, shard.scope, shard.memory.open[each.key])


def _pace(memory: Memory, messages: int, now: datetime) -> None:
    took = (now - memory.decided) / max(1, messages) if memory.decided else timedelta(0)
    memory.size = max(1, min(SIZE, int(FRESH / took))) if took else SIZE


class _Window:
    """The facts of one window and the verdicts on it."""

    def __init__(self, shard: Shard, campaign: Campaign, approved: bool, rows: Sequence[LedgerRow]) -> None:
        self._shard, self._campaign, self._approved, self._rows = shard, campaign, approved, rows
        ports, scope, request = shard.ports, shard.scope, campaign.request
        self._persons = [row.person for row in rows]
        self._people = facts.people(ports, scope, [row.contact for row in rows])
        self._domain = sender_domain(request)
        self._standing = policy.standing(ports, scope, self._domain)
        self._suppressed = facts.suppressions(ports, scope, self._persons, request, self._numbers())
        self._limited = self._limits(request.channels[0])

    def _numbers(self) -> dict[str, str | None]:
        country = self._standing.policy.country if self._standing.policy else None
        return {
            each.person: facts.number_of(self._shard.ports, each.phone, each.country, country)
            for each in self.contacts().values()
        }

    def contacts(self) -> dict[str, Contact]:
        """Those that could be read, by id."""
        return {id: known.contact for id, known in self._people.items() if known.contact}

    @property
    def purses(self) -> Collection[Purse]:
        return self._limited.values()

    def decided(self) -> tuple[datetime, dict[str, Verdict]]:
        """The moment and the verdicts, with every contact that they allow reserved; decided again if others were
        faster."""
        while True:
            booked = reservations.read(self._shard.ports, self._shard.scope, self._persons)
            ground = self._ground()
            verdicts = self._within_quota(ground, {row.key: self._facts(ground, row, booked) for row in self._rows})
            try:
                self._reserve(ground, booked, verdicts)
            except Stale:
                continue
            return ground.now, verdicts

    def _ground(self) -> Ground:
        (lacks, tells), now = self._message(), self._shard.ports.clock.now()
        taken = self._shard.memory.calendar
        free = taken[1] if taken else Taken()
        return Ground(self._campaign, self._approved, self._standing, lacks, now, free, tells=tells)

    def _message(self) -> tuple[tuple[str, ...], bool]:
        known, key = self._shard.memory.lacks, (self._campaign.version, self._standing.rev)
        if key not in known:
            domains = self._standing.policy.sender_domains if self._standing.policy else ()
            written = drafts(self._shard.ports, self._shard.scope, self._campaign.id)
            known[key] = gaps(written, self._campaign.request, domains), tells_where_found(written)
        return known[key]

    def _facts(self, ground: Ground, row: LedgerRow, booked: Mapping[str, Booked]) -> Facts:
        uses, rev = booked.get(row.person, NOTHING)
        suppressed = self._suppressed.get(row.person, NOT_SUPPRESSED)
        return facts.facts_of(ground, _planned(row), self._people.get(row.contact), suppressed, uses, rev or "")

    def _limits(self, channel: str) -> dict[str, Purse]:
        """Code of the wait -> what is taken of a day's limit: the provider's, and that of a new domain (rule C12)."""
        ports, scope, rules = self._shard.ports, self._shard.scope, self._standing.policy
        limits = {}
        if rules and (most := rules.quota.get(channel)) is not None:  # type: ignore[call-overload]
            limits["quota"] = Purse(ports, scope, channel, most)
        if channel == "email" and ports.relays:
            limits["warming_up"] = Purse(ports, scope, ramp.purse(self._domain), self._ramp())
        return limits

    def _ramp(self) -> int | None:
        ports, memory, now = self._shard.ports, self._shard.memory, self._shard.ports.clock.now()
        if self._standing.policy and self._domain in self._standing.policy.established_domains:
            return None
        if memory.ramp is None or memory.ramp[0] != now.date():
            memory.ramp = now.date(), ramp.most_today(ports, self._shard.scope, self._domain, now)
        return memory.ramp[1]

    def _within_quota(self, ground: Ground, found: Mapping[str, Facts]) -> dict[str, Verdict]:
        """Verdicts; those for which today's limits have no room wait for tomorrow's."""
        verdicts = {key: decide(each) for key, each in found.items()}
        leaving = [key for key, verdict in verdicts.items() if verdict.state == "intent"]
        for code, purse in self._limited.items():
            fitting = purse.fit(len(leaving), ground.now)
            for key in leaving[fitting:]:
                verdicts[key] = decide(found[key]._replace(opening=_tomorrow(ground, code)))
            leaving = leaving[:fitting]
        for purse in self._limited.values():
            purse.fit(len(leaving), ground.now)
        return verdicts

    def _reserve(self, ground: Ground, booked: Mapping[str, Booked], verdicts: Mapping[str, Verdict]) -> None:
        """What is commercial and may leave is a contact; what is held gives back what an earlier try had reserved."""
        commercial = self._campaign.request.message != "transactional"
        states = {row.person: (verdicts[row.key].state, row.key) for row in self._rows}
        taken = {p: Use(ground.now, ground.channel, key) for p, (state, key) in states.items() if state == "intent"}
        held = {person: key for person, (state, key) in states.items() if state == "held"}
        shard = self._shard
        reservations.change(shard.ports, shard.scope, booked, taken if commercial else {}, held)


def _tomorrow(ground: Ground, code: str) -> Opening:
    at = tomorrow(ground.now)
    return Opening(code, at, at < ground.end)


def _planned(row: LedgerRow) -> Row:
    told = row.facts.get
    flags = (bool(told("holdout")), bool(told("over_budget")), bool(told("no_room")))
    return Row(row.person, row.key, zone(str(told("zone"))), *flags)


def recall(shard: Shard, campaign: Campaign, write: Callable[[LedgerRow, Contact], Outgoing]) -> bool:
    """Ask the channel for evidence about unknown and submitted rows: proved accepted or failed is settled, proved
    absent may leave again. True if any row moved; what cannot be decided stays as it is (design 4.1), but what a
    provider works on for longer than a day is unknown. `write` says what left, for providers that know no keys."""
    ledger, channel = shard.ports.ledger, channel_of(shard.ports, campaign)
    place = (shard.scope, shard.campaign, shard.number)
    rows = [*ledger.of_shard(*place, state="unknown"), *ledger.of_shard(*place, state="submitted")]
    if not rows:
        return False
    proofs = channel.evidence(shard.scope, [row.key for row in rows], _sent(shard, rows, write))
    now = shard.ports.clock.now()
    settlements = [proved(row, proofs[row.key], now) for row in rows if row.key in proofs]
    settlements += [_given_up(row) for row in rows if row.key not in proofs and _is_overdue(row, now)]
    if settlements:
        ledger.settle(*place, settlements, now)
    return bool(settlements)


def _sent(shard: Shard, rows: Sequence[LedgerRow], write: Callable[[LedgerRow, Contact], Outgoing]) -> dict[str, Sent]:
    """What can be written once more, by key: not for those who are gone, or under another address."""
    found: dict[str, Sent] = {}
    for start in range(0, len(rows), SIZE):
        batch = rows[start : start + SIZE]
        people = facts.people(shard.ports, shard.scope, [row.contact for row in batch])
        for row in batch:
            known = people.get(row.contact)
            if known and known.contact and known.contact.person == row.person and row.intended_at:
                with suppress(ValueError):
                    found[row.key] = Sent(write(row, known.contact), row.intended_at)
    return found


def _is_overdue(row: LedgerRow, now: datetime) -> bool:
    return row.state == "submitted" and row.settled_at is not None and now - row.settled_at > WORKED_ON


def _given_up(row: LedgerRow) -> Settlement:
    return Settlement(row.key, row.attempt, "unknown", detail="the provider never said how it ended")


def proved(row: LedgerRow, proof: Proof, now: datetime) -> Settlement:
    """What a channel's evidence makes of a row."""
    if proof == "absent":
        return Settlement(row.key, row.attempt, "planned", not_before=now)
    if proof == "failed":
        return Settlement(row.key, row.attempt, "failed", row.provider_id, detail="the provider could not send it")
    # One message lies there: if an attempt is known to have brought it, it is that one's.
    return Settlement(row.key, row.acceptances[-1] if row.acceptances else row.attempt, "accepted")


def _claim(row: LedgerRow, verdict: Verdict, trace: str | None) -> Claim:
    held = verdict.code if verdict.state == "held" else None
    record = verdict.record() | ({"trace": trace} if trace else {})
    return Claim(row.key, row.attempt, verdict.state, record, held, verdict.not_before)


def _settlement(receipt: Receipt, owner: str, now: datetime) -> Settlement:
    if receipt.state == "unsent":
        return Settlement(receipt.key, receipt.attempt, "unsent", owner=owner)
    if receipt.state != "deferred":
        fields: dict[str, Any] = {"provider_id": receipt.provider_id, "cost_micros": receipt.cost_micros}
        return Settlement(receipt.key, receipt.attempt, receipt.state, detail=receipt.detail, **fields)
    if receipt.attempt >= RETRY_MOST:
        return Settlement(receipt.key, receipt.attempt, "failed", detail=f"gave up: {receipt.detail}")
    wait = max(RETRY_FIRST * 2 ** max(0, receipt.attempt - 1), timedelta(seconds=receipt.retry_after or 0))
    return Settlement(receipt.key, receipt.attempt, "planned", detail=receipt.detail, not_before=now + wait)
