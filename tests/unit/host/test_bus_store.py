"""Whatever senders and receivers do, a message is in one place, in order, and is settled once."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from local.host.bus_model import DEAD_LETTERS, Delivery, Message, Namespace, Outgoing, Queue
from local.host.bus_store import MIGRATION, BusTables, UseBus
from local.host.history import to_text

START = datetime(2026, 3, 13, 9, tzinfo=UTC)
LOCK = timedelta(seconds=60)
MAX = 3


class Bus(RuleBasedStateMachine):
    """One queue and its dead letters, followed message by message."""

    def __init__(self) -> None:
        super().__init__()
        self.db = sqlite3.connect(":memory:", isolation_level=None)
        self.db.executescript(MIGRATION)
        queue = Queue(max_delivery_count=MAX, lock_duration=LOCK, dead_letter_expired=True)
        self.tables = BusTables(self.db, Namespace({"q": queue, "out": Queue()}, consumed={"q"}))
        self.now = START
        self.sent: dict[str, Message] = {}
        self.settled: set[str] = set()
        self.open: list[tuple[Delivery, datetime]] = []  # taken, with the end of the lock

    def teardown(self) -> None:
        self.db.close()

    def change(self, change: Callable[[BusTables], Any]) -> Any:
        use = UseBus(change)
        self.tables.state = self.tables.apply([use], self.now)
        return use.result

    @rule(
        later=st.none() | st.integers(1, 300),
        lives=st.none() | st.integers(1, 300),
        session=st.none() | st.sampled_from(["a", "b"]),
    )
    def send(self, later: int | None, lives: int | None, session: str | None) -> None:
        message = Message(
            b"body",
            str(len(self.sent)),
            session_id=session,
            time_to_live=timedelta(seconds=lives) if lives else None,
            scheduled=self.now + timedelta(seconds=later) if later else None,
        )
        self.sent[message.message_id] = message
        self.change(lambda tables: tables.send([Outgoing("Q", message)]))

    @rule(limit=st.integers(1, 3), session=st.none() | st.sampled_from(["a", "b"]))
    def receive(self, limit: int, session: str | None) -> None:
        ready = "SELECT seq FROM bus_messages WHERE entity = 'q' AND wake IS NULL AND coalesce(session = ?, ? IS NULL)"
        self.change(lambda tables: None)
        oldest = [row[0] for row in self.db.execute(f"{ready} ORDER BY seq LIMIT ?", (session, session, limit))]
        taken = self.change(lambda tables: tables.receive("q", limit, session))
        assert [delivery.sequence for delivery in taken] == oldest
        assert all(delivery.message == _stored(self.sent[delivery.message.message_id]) for delivery in taken)
        assert all(1 <= delivery.count <= MAX for delivery in taken)
        self.open += [(delivery, self.now + LOCK) for delivery in taken]

    @rule(which=st.integers(0, 9))
    def complete(self, which: int) -> None:
        if not self.open:
            return
        delivery, until = self.open.pop(which % len(self.open))
        answer = Outgoing("out", Message(b"", delivery.message.message_id))
        done = self.change(lambda tables: tables.complete([delivery], [answer]))
        assert done is (self.now < until)
        if done:
            assert delivery.message.message_id not in self.settled
            self.settled.add(delivery.message.message_id)

    @rule(which=st.integers(0, 9))
    def abandon(self, which: int) -> None:
        if self.open:
            delivery, _ = self.open.pop(which % len(self.open))
            self.change(lambda tables: tables.abandon([delivery]))

    @rule(which=st.integers(0, 9))
    def renew(self, which: int) -> None:
        if self.open:
            delivery, until = self.open.pop(which % len(self.open))
            self.change(lambda tables: tables.renew("q", [delivery]))
            self.open.append((delivery, self.now + LOCK if self.now < until else until))

    @rule(seconds=st.integers(1, 120))
    def wait(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)
        self.change(lambda tables: None)

    @rule()
    def kill(self) -> None:
        self.tables = BusTables(self.db, self.tables._namespace)
        self.tables.recover(self.now)
        self.open = [(delivery, self.now) for delivery, _ in self.open]

    @invariant()
    def each_message_is_in_one_place(self) -> None:
        rows = self.db.execute("SELECT entity, json_extract(head, '$.message_id'), dead FROM bus_messages").fetchall()
        left = [id_ for entity, id_, _ in rows if entity != "out"]
        assert sorted([*left, *self.settled]) == sorted(self.sent)
        assert sorted(id_ for entity, id_, _ in rows if entity == "out") == sorted(self.settled)
        assert all((dead is not None) == entity.endswith(DEAD_LETTERS) for entity, _, dead in rows)

    @invariant()
    def the_state_says_when_to_look_again(self) -> None:
        state, now = self.tables.state, to_text(self.now)
        assert state.next is None or state.next > now
        waking = self.db.execute("SELECT min(wake) FROM bus_messages WHERE lock IS NULL").fetchone()[0]
        assert state.scheduled == waking
        ready = self.db.execute("SELECT count(*) FROM bus_messages WHERE entity = 'q' AND wake IS NULL").fetchone()[0]
        assert state.ready == (frozenset({"q"}) if ready else frozenset())


def _stored(message: Message) -> Message:
    return Message(message.body, message.message_id, session_id=message.session_id, time_to_live=message.time_to_live)


TestBus = Bus.TestCase
TestBus.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)


def test_only_so_many_wake_in_one_transaction() -> None:
    with_db = sqlite3.connect(":memory:", isolation_level=None)
    with_db.executescript(MIGRATION)
    tables = BusTables(with_db, Namespace({"q": Queue()}))
    later = [Outgoing("q", Message(b"", str(n), scheduled=START + timedelta(minutes=1))) for n in range(1500)]
    tables.apply([UseBus(lambda bus: bus.send(later))], START)
    state = tables.apply([UseBus(lambda bus: None)], START + timedelta(minutes=1))
    assert state.next == to_text(START + timedelta(minutes=1))  # so the host looks again at once
    assert tables.apply([UseBus(lambda bus: None)], START + timedelta(minutes=1)).next is None
    numbers = [
        row[0] for row in with_db.execute("SELECT json_extract(head, '$.message_id') FROM bus_messages ORDER BY seq")
    ]
    assert numbers == [str(n) for n in range(1500)]
    with_db.close()
