"""Random lives of one campaign on the real adapters: people decide, senders die, stall and come twice, clocks jump, at
any moment between two calls of a port. Whatever happens, the promise holds after every step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch
from uuid import UUID

import uuid_utils
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from shared.adapters._sqlite.database import Database
from shared.adapters.channels.outbox import OutboxChannel
from shared.adapters.clock.host import HostClock
from shared.adapters.dkim.folder import FolderDkimKeys
from shared.adapters.dns.resolver import DnsResolver
from shared.adapters.documents.sqlite import SqliteDocuments
from shared.adapters.files.folder import FolderFiles
from shared.adapters.journal.sqlite import SqliteJournal
from shared.adapters.knowledge.reader import ChildReader
from shared.adapters.knowledge.sqlite import SqliteKnowledge
from shared.adapters.ledger.sqlite import SqliteLedger
from shared.adapters.models.writer import BuiltInWriter
from shared.agents import analyze, campaigns, contacts, distribute, generate, schedule
from shared.agents.campaigns import manifest
from shared.agents.campaigns.certificate import rows
from shared.agents.effects import STEP
from shared.domain.address import effect_key
from shared.domain.approval import ApprovalRequest
from shared.domain.campaign import ENDED, Campaign
from shared.domain.contact import Contact
from shared.domain.faults import Conflict
from shared.domain.links import Link
from shared.domain.names import Kind
from shared.domain.outcome import Done, Later, Outcome
from shared.ports import Keys, Outgoing, Ports, Receipt

from .conftest import SCOPE, Hand, _contact, request

STANDSTILL = ("paused", "missed", "unreachable")
ZONES = ("UTC", "America/New_York", "Asia/Kolkata", "Pacific/Chatham")
JUMPS = st.sampled_from((0.2, 3, 40, 61, 60 * 26)).map(lambda minutes: timedelta(minutes=minutes))
STEPS = st.integers(1, 120)


class Killed(BaseException):
    """What SIGKILL is to an activity: nothing after it is done."""


class Fate:
    """Lets something happen after so many calls of ports."""

    def __init__(self) -> None:
        self._left, self._what = 0, _nothing

    def set(self, calls: int, what: Callable[[], None]) -> None:
        self._left, self._what = calls, what

    def clear(self) -> None:
        self._left = 0

    def turn(self) -> None:
        self._left -= 1
        if self._left == 0:
            self._what()


def _nothing() -> None: ...


class Fated:
    """A real part; fate takes its turn before and after each call."""

    def __init__(self, part: Any, fate: Fate) -> None:
        self._part, self._fate = part, fate

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._part, name)
        return self._watched(found) if callable(found) else found

    def _watched(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def watched(*given: Any, **named: Any) -> Any:
            self._fate.turn()
            answer = call(*given, **named)
            self._fate.turn()
            return answer

        return watched


class FatedOutbox(OutboxChannel):
    """Fate takes its turn between any two messages of a window; counts what was taken."""

    def __init__(self, folder: Path, fate: Fate, taken: Counter[str]) -> None:
        super().__init__(folder)
        self._fate, self._taken = fate, taken

    @contextmanager
    def session(self, scope: Any) -> Iterator[Any]:
        with super().session(scope) as real:
            yield _FatedSession(real, self._fate, self._taken)


class _FatedSession:
    def __init__(self, real: Any, fate: Fate, taken: Counter[str]) -> None:
        self._real, self._fate, self._taken = real, fate, taken

    def unreachable(self) -> str | None:
        return None

    def send(self, messages: Sequence[Outgoing], within: float) -> list[Receipt]:
        receipts: list[Receipt] = []
        for message in messages:
            self._fate.turn()
            receipts += self._real.send([message], within)
            self._taken[message.key] += receipts[-1].state == "accepted"
        return receipts


class Flow:
    """The campaign's flow without a host: which activity is next, and when."""

    def __init__(self, ports: Ports, id: str) -> None:
        self.ports, self.id = ports, id
        self.stage, self.wake = "generate", ports.clock.now()
        self.waiting: list[tuple[datetime, int]] = []
        self._order = {"scope": list(SCOPE), "campaign": id, "instance": f"local~main~campaign~{id}~1"}

    def step(self) -> None:
        """The next activity once; whoever kills it will see it start again."""
        getattr(self, f"_{self.stage}")()

    def send(self, shard: int) -> Outcome:
        return distribute.run(self.ports, {**self._order, "shard": shard})

    def _generate(self) -> None:
        assert isinstance(generate.run(self.ports, self._order), Done)
        self.stage = "schedule"

    def _schedule(self) -> None:
        match schedule.run(self.ports, self._order):
            case Later(at, _):
                self.wake = at
            case Done({"distributions": count}):
                orders = [{**self._order, "distribution": n} for n in range(count)]
                listed = [schedule.run(self.ports, each) for each in orders]
                self.waiting = sorted(
                    (datetime.fromisoformat(due), shard)
                    for each in listed
                    if isinstance(each, Done)
                    for due, shard in each.data["shards"]
                )
                self.stage = "distribute"
            case Done({"next": following}):
                self.stage = following

    def _distribute(self) -> None:
        if not self.waiting:
            self.stage = "analyze"
            return
        due, shard = self.waiting[0]
        self.wake = max(due, self.wake)
        match self.send(shard):
            case Later(at, why) if why in STANDSTILL:
                self.wake = at
            case Later(at, _):
                self.waiting = sorted([*self.waiting[1:], (at, shard)])
                self.wake = self.waiting[0][0]
            case Done(data):
                self.waiting = self.waiting[1:]
                now = self.ports.clock.now()
                if data.get("cancelled"):
                    self.waiting = [(now, other) for _, other in self.waiting]
                self.wake = self.waiting[0][0] if self.waiting else now

    def _analyze(self) -> None:
        match analyze.run(self.ports, self._order):
            case Later(at, _):
                self.wake = at
            case _:
                self.stage = "end"

    def _end(self) -> None: ...


class Life(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self._folder = TemporaryDirectory()
        home = Path(self._folder.name)
        self.hand, self.fate, self.taken = Hand(home / "clock"), Fate(), Counter[str]()
        self.database, clock = Database(home / "baton.db"), HostClock(home / "clock")
        self.ports = Ports(
            documents=SqliteDocuments(self.database, clock=clock, replica="local"),
            ledger=SqliteLedger(self.database),
            journal=SqliteJournal(self.database),
            files=FolderFiles(home / "files"),
            models={"built-in": BuiltInWriter()},
            channels={"email": FatedOutbox(home / "outbox", self.fate, self.taken)},
            clock=clock,
            keys=Keys(b"a" * 32, {"1": b"l" * 32}, {"1": b"f" * 32}),
            dkim=FolderDkimKeys(home / "dkim"),
            resolver=DnsResolver(("127.0.0.1", 9)),
            relays=(),
            public_url="http://127.0.0.1:7071",
            timezone="UTC",
            knowledge=SqliteKnowledge(home / "knowledge"),
            reader=ChildReader(),
        )
        parts = ("documents", "ledger", "journal", "files")
        self.fated = replace(self.ports, **{name: Fated(getattr(self.ports, name), self.fate) for name in parts})
        self.outbox = home / "outbox" / str(SCOPE)
        self.not_to: set[str] = set()

    def teardown(self) -> None:
        try:
            if hasattr(self, "flow"):
                self._to_the_end()
        finally:
            self.database.close()
            self._folder.cleanup()

    @initialize(
        hours=st.sampled_from([(0, 24), (9, 18)]),
        days=st.integers(1, 2),
        approval=st.sampled_from(["required", "none"]),
        variants=st.sampled_from([1, 4]),
        holdout=st.sampled_from([0, 0.5]),
        most=st.sampled_from([None, 1, 5]),
        count=st.integers(1, 8),
        id=st.uuids(),
        steps=st.integers(0, 6),
    )
    def begin(self, hours: Any, days: int, approval: Any, count: int, id: UUID, steps: int, **terms: Any) -> None:
        """A book, a campaign, and how far it got before anything came in between."""
        self.people = [_contact(self.ports, f"u{n}", timezone=ZONES[n % len(ZONES)]) for n in range(count)]
        for person in self.people:
            self.ports.documents.put(SCOPE, Kind.CONTACT, person.id, person.model_dump(mode="json"))
        asked = request(
            window={"days": days, "hours": hours},
            approval=approval,
            variants=terms["variants"],
            holdout=terms["holdout"],
            budget={"max_messages": terms["most"]},
        )
        with patch.object(
            uuid_utils, "uuid7", lambda: id
        ):  # Days and variants come from it: a life must be repeatable.
            self.flow = Flow(self.fated, campaigns.accept(self.ports, SCOPE, "owner", asked).id)
        for _ in range(steps):
            self._approve()
            self.on_time()

    # -------------------------------------------------------------- what the flow and the clock do

    @rule()
    def step(self) -> None:
        self._run(self.flow.step)

    @rule()
    def on_time(self) -> None:
        self.hand.set(max(self.hand.now(), self.flow.wake))
        self._run(self.flow.step)

    @rule(time=JUMPS)
    def pass_time(self, time: timedelta) -> None:
        self.hand.set(self.hand.now() + time)

    @rule(calls=STEPS, later=JUMPS)
    def die(self, calls: int, later: timedelta) -> None:
        def kill() -> None:
            raise Killed

        self.fate.set(calls, kill)
        self._run(self.flow.step)
        self.hand.set(self.hand.now() + later)

    @precondition(lambda self: self.campaign.shards)
    @rule(calls=STEPS, later=JUMPS, data=st.data())
    def stall_while_another_sender_works(self, calls: int, later: timedelta, data: st.DataObject) -> None:
        shard = data.draw(st.integers(0, self.campaign.shards - 1))

        def meanwhile() -> None:
            self.hand.set(self.hand.now() + later)
            self.flow.send(shard)

        self.fate.set(calls, meanwhile)
        self._run(lambda: self.flow.send(shard))

    # -------------------------------------------------------------- what people do

    @rule(data=st.data(), calls=st.one_of(st.none(), STEPS))
    def decide(self, data: st.DataObject, calls: int | None) -> None:
        asked = campaigns.approval(self.ports, SCOPE, self.flow.id)
        if asked:
            decision = data.draw(st.sampled_from(["approve", "approve", "changes"]))
            said = ApprovalRequest(decision=decision, digest=asked.digest, comment="Warmer")
            self._soon(calls, lambda: campaigns.decide(self.ports, SCOPE, self.flow.id, "ann", said))

    @rule(calls=st.one_of(st.none(), STEPS))
    def pause(self, calls: int | None) -> None:
        self._soon(calls, lambda: campaigns.pause(self.ports, SCOPE, self.flow.id, "ann"))

    @rule(calls=st.one_of(st.none(), STEPS))
    def resume(self, calls: int | None) -> None:
        self._soon(calls, lambda: campaigns.resume(self.ports, SCOPE, self.flow.id, "ann"))

    @rule(calls=st.one_of(st.none(), STEPS))
    def cancel(self, calls: int | None) -> None:
        self._soon(calls, lambda: campaigns.cancel(self.ports, SCOPE, self.flow.id, "ann"))

    @rule(data=st.data(), calls=st.one_of(st.none(), STEPS))
    def opt_out(self, data: st.DataObject, calls: int | None) -> None:
        person = data.draw(st.sampled_from(self.people))
        link = Link("u", SCOPE, self.flow.id, 0, person.person)
        self._soon(calls, lambda: contacts.unsubscribe(self.ports, link))
        self._never(person)

    @rule(data=st.data())
    def leave_the_book(self, data: st.DataObject) -> None:
        person = data.draw(st.sampled_from(self.people))
        self.ports.documents.delete(SCOPE, Kind.CONTACT, person.id)
        self._never(person)

    # -------------------------------------------------------------- what holds at every moment

    @invariant()
    def the_parts_add_up_and_nobody_got_it_twice(self) -> None:
        if not hasattr(self, "flow"):
            return
        certificate = campaigns.certificate(self.ports, SCOPE, self.flow.id)
        assert certificate.sent_twice == 0
        assert set(self.taken.values()) <= {0, 1}
        if self.campaign.shards:
            assert certificate.planned == len(manifest.read(self.ports, SCOPE, self.flow.id))
        found = {row.key: row for row in rows(self.ports, SCOPE, self.flow.id, self.campaign.shards)}
        sent = self._sent()
        assert {key for key, row in found.items() if row.state == "accepted"} <= sent
        assert all(found[key].state in ("accepted", "unknown", "intent") for key in sent)

    @invariant()
    def nothing_left_that_was_not_approved_or_that_somebody_declined(self) -> None:
        if hasattr(self, "flow"):
            sent = self._sent()
            assert self.campaign.approved or not sent
            assert not sent & self.not_to

    # --------------------------------------------------------------

    @property
    def campaign(self) -> Campaign:
        return campaigns.get(self.ports, SCOPE, self.flow.id)

    def _run(self, work: Callable[[], Any]) -> None:
        """Between activities a stopped campaign stays stopped: nothing more leaves."""
        before, stopped = self._sent(), self.campaign.paused or self.campaign.cancelled
        try:
            work()
        except Killed:
            pass
        finally:
            self.fate.clear()
        if stopped and (self.campaign.paused or self.campaign.cancelled):
            assert self._sent() == before

    def _soon(self, calls: int | None, act: Callable[[], Any]) -> None:
        """Now, or in the midst of the next activity."""

        def dare() -> None:
            try:
                act()
            except Conflict:
                return

        if calls is None:
            dare()
            return
        self.fate.set(calls, dare)
        self._run(self.flow.step)

    def _never(self, person: Contact) -> None:
        suppressed = self.ports.documents.get(SCOPE.agency, Kind.SUPPRESSION, person.person)
        if suppressed or not self.ports.documents.get(SCOPE, Kind.CONTACT, person.id):
            self.not_to |= self._keys(person) - self._sent()

    def _keys(self, person: Contact) -> set[str]:
        return {manifest_key(self.flow.id, person)}

    def _sent(self) -> set[str]:
        return {path.stem for path in self.outbox.glob("*.eml")}

    def _approve(self) -> None:
        asked = campaigns.approval(self.ports, SCOPE, self.flow.id)
        if self.campaign.status == "awaiting_approval" and asked and asked.decision is None:
            said = ApprovalRequest(decision="approve", digest=asked.digest)
            campaigns.decide(self.ports, SCOPE, self.flow.id, "ann", said)

    def _to_the_end(self) -> None:
        """With people who answer, every life ends, and everyone in the plan has one end."""
        asked = campaigns.approval(self.ports, SCOPE, self.flow.id)
        lapsed = asked and asked.decision is None and asked.until and asked.until <= self.hand.now()
        to_complete = self.campaign.status not in ENDED and not lapsed
        for _ in range(400):
            if self.flow.stage == "end":
                break
            if self.campaign.status in ("paused", "missed"):
                campaigns.resume(self.ports, SCOPE, self.flow.id, "ann")
            self._approve()
            self.on_time()
        assert self.flow.stage == "end", f"it hangs: {self.campaign.status}"
        assert self.campaign.status == "completed" if to_complete else self.campaign.status in ENDED
        certificate = campaigns.certificate(self.ports, SCOPE, self.flow.id)
        assert (certificate.remaining, certificate.unknown, certificate.failed) == (0, 0, 0)
        assert "not_approved" not in certificate.held
        assert certificate.sent_once == len(self._sent())


def manifest_key(campaign: str, person: Contact) -> str:
    return effect_key(SCOPE, campaign, STEP, "email", person.person)


TestLife = Life.TestCase
TestLife.settings = settings(
    max_examples=30, stateful_step_count=20, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
