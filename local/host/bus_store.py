"""The tables of the bus: what is queued, locked, scheduled and dead. Used inside the engine's transactions only.

A message is ready while `wake` is NULL. Else `wake` is when its schedule comes, or (with a `lock`) when its lock ends.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import uuid4

import orjson

from local.host.bus_model import DEAD_LETTERS, Delivery, Message, Namespace, Outgoing
from local.host.history import to_text

MIGRATION = """
    CREATE TABLE bus_messages (
        seq INTEGER PRIMARY KEY AUTOINCREMENT, entity TEXT NOT NULL, session TEXT, enqueued TEXT NOT NULL,
        wake TEXT, expires TEXT, lock TEXT, count INTEGER NOT NULL, dead BLOB, head BLOB NOT NULL, body BLOB NOT NULL
    );
    CREATE INDEX bus_ready ON bus_messages (entity, seq) WHERE wake IS NULL;
    CREATE INDEX bus_session ON bus_messages (entity, session, seq) WHERE wake IS NULL AND session IS NOT NULL;
    CREATE INDEX bus_asleep ON bus_messages (wake) WHERE wake IS NOT NULL;
    CREATE INDEX bus_expiring ON bus_messages (expires) WHERE expires IS NOT NULL AND wake IS NULL;
    CREATE TABLE bus_seen (
        entity TEXT NOT NULL, message_id TEXT NOT NULL, until TEXT NOT NULL, PRIMARY KEY (entity, message_id)
    ) WITHOUT ROWID;
    CREATE INDEX bus_forgetting ON bus_seen (until);
"""
_AT_ONCE = 1000  # messages that wake or expire in one transaction
_SENT = (
    "INSERT INTO bus_messages (entity, session, enqueued, wake, expires, count, head, body) VALUES (?,?,?,?,?,0,?,?)"
)
_DELIVERED = "seq, enqueued, expires, count, dead, head, body"
_HEAD = [field.name for field in fields(Message) if field.name not in ("body", "time_to_live", "scheduled")]


class BusState(NamedTuple):
    """As of the last COMMIT: what triggers can take from, and when something wakes or expires."""

    ready: frozenset[str] = frozenset()
    next: str | None = None
    scheduled: str | None = None  # the first scheduled message
    moves: int = 0  # messages that have become ready, or have expired, since the host started


@dataclass(slots=True)
class UseBus:
    """A change of the bus for one of the engine's transactions; `result` is there once it is committed."""

    change: Callable[[BusTables], Any]
    result: Any = None


class BusTables:
    """The public methods from `send` on are the changes that UseBus can make.

    `changed` is called, on the thread that commits, after a COMMIT by which there may be more to take or to wait for.
    """

    def __init__(self, db: sqlite3.Connection, namespace: Namespace) -> None:
        self._db, self._namespace = db, namespace
        self._now = ""
        self._moves = 0
        self.state = BusState()
        self.changed: Callable[[], None] = _nobody

    def apply(self, changes: Sequence[UseBus], now: datetime) -> BusState:
        """Wake what is due, make the changes in their order; what this returns is for `publish`, after the COMMIT."""
        self._begin(now)
        for use in changes:
            use.result = use.change(self)
        self._expire()  # what was given back after its time
        return self._look()

    def publish(self, state: BusState) -> None:
        """The changes are committed: show what they left, whoever made them."""
        before, self.state = self.state, state
        if (before.moves, before.next) != (state.moves, state.next):
            self.changed()

    def recover(self, now: datetime) -> None:
        """Locks do not outlive their host: what an earlier one was working on is ready again."""
        self._db.execute("BEGIN IMMEDIATE")
        for row in self._db.execute("SELECT seq, entity, count FROM bus_messages WHERE lock IS NOT NULL").fetchall():
            self._give_back(*row)
        self._begin(now)
        self.state = self._look()
        self._db.execute("COMMIT")

    def _begin(self, now: datetime) -> None:
        """What was scheduled for now is enqueued, locks end, messages expire."""
        self._now = to_text(now)
        sql = "SELECT seq, entity, count, lock FROM bus_messages WHERE wake <= ? ORDER BY wake, seq LIMIT ?"
        for seq, entity, count, lock in self._db.execute(sql, (self._now, _AT_ONCE)).fetchall():
            if lock is None:
                self._enqueue_scheduled(seq)
            else:
                self._give_back(seq, entity, count)
        self._expire()
        self._db.execute("DELETE FROM bus_seen WHERE until <= ?", (self._now,))

    def _look(self) -> BusState:
        sql = "SELECT 1 FROM bus_messages WHERE entity = ? AND wake IS NULL LIMIT 1"
        ready = frozenset(entity for entity in self._namespace.consumed if self._one(sql, entity))
        wakes = self._one("SELECT min(wake) FROM bus_messages WHERE wake IS NOT NULL")
        expires = self._one("SELECT min(expires) FROM bus_messages WHERE expires IS NOT NULL AND wake IS NULL")
        sql = "SELECT wake FROM bus_messages WHERE wake IS NOT NULL AND lock IS NULL ORDER BY wake LIMIT 1"
        due = min((time for time in (wakes, expires) if time), default=None)
        return BusState(ready, due, self._one(sql), self._moves)

    def send(self, outgoing: Sequence[Outgoing]) -> None:
        """Enqueue messages, each once within the window of its queue or topic."""
        for item in outgoing:
            if not self._is_duplicate(item):
                self._moves += 1
                for entity in self._namespace.destinations(item.name, item.message):
                    self._db.execute(_SENT, self._row(entity, item))

    def receive(self, entity: str, limit: int, session: str | None = None) -> list[Delivery]:
        """Lock the oldest ready messages of an entity, or of one of its sessions."""
        of_session, values = ("AND session = ?", [session]) if session is not None else ("", [])
        sql = f"""SELECT {_DELIVERED} FROM bus_messages WHERE entity = ? AND wake IS NULL {of_session}
                  ORDER BY seq LIMIT ?"""  # noqa: S608
        until = self._lock_end(entity)
        deliveries = [_delivery(row, until) for row in self._db.execute(sql, (entity, *values, limit))]
        sql = "UPDATE bus_messages SET wake = ?, lock = ?, count = count + 1 WHERE seq = ?"
        self._db.executemany(sql, [(until, delivery.lock, delivery.sequence) for delivery in deliveries])
        return deliveries

    def next_session(self, entity: str, held: Collection[str]) -> str | None:
        """The session with the oldest ready message, without those that are served already."""
        sql = f"""SELECT session FROM bus_messages WHERE entity = ? AND wake IS NULL AND session IS NOT NULL
                  AND session NOT IN ({", ".join("?" * len(held))}) ORDER BY seq LIMIT 1"""  # noqa: S608
        session: str | None = self._one(sql, entity, *held)
        return session

    def renew(self, entity: str, deliveries: Sequence[Delivery]) -> None:
        """Lock for another while what is still locked."""
        sql = "UPDATE bus_messages SET wake = ? WHERE seq = ? AND lock = ?"
        self._db.executemany(sql, [(self._lock_end(entity), *_key(delivery)) for delivery in deliveries])

    def complete(self, deliveries: Sequence[Delivery], outgoing: Sequence[Outgoing]) -> bool:
        """Settle, and send what the function sent; False: a lock was lost, so another delivery does both again."""
        sql = "SELECT count(*) FROM bus_messages WHERE seq = ? AND lock = ?"
        if not all(self._one(sql, *_key(delivery)) for delivery in deliveries):
            return False
        self._db.executemany("DELETE FROM bus_messages WHERE seq = ? AND lock = ?", map(_key, deliveries))
        self.send(outgoing)
        return True

    def abandon(self, deliveries: Sequence[Delivery]) -> None:
        """Let the messages be delivered again, or die after too many times."""
        sql = "SELECT seq, entity, count FROM bus_messages WHERE seq = ? AND lock = ?"
        for delivery in deliveries:
            if row := self._db.execute(sql, _key(delivery)).fetchone():
                self._give_back(*row)

    def replay(self, entity: str, sequences: Collection[int]) -> list[int]:
        """Send dead letters of an entity to it again, as if they were sent now; returns the numbers that were there."""
        sql = "SELECT head, body FROM bus_messages WHERE seq = ? AND entity = ? AND lock IS NULL"
        found = {seq: self._db.execute(sql, (seq, entity + DEAD_LETTERS)).fetchone() for seq in sorted(sequences)}
        done = [seq for seq, row in found.items() if row]
        for seq in done:
            self._moves += 1
            self._db.execute(_SENT, self._row(entity, Outgoing(entity, read_message(*found[seq]))))
            self._db.execute("DELETE FROM bus_messages WHERE seq = ?", (seq,))
        return done

    def _give_back(self, seq: int, entity: str, count: int) -> None:
        self._moves += 1
        limit = self._namespace.queue(entity).max_delivery_count
        if count < limit or entity.endswith(DEAD_LETTERS):
            self._db.execute("UPDATE bus_messages SET wake = NULL, lock = NULL WHERE seq = ?", (seq,))
        else:
            why = f"Message could not be consumed after {count} delivery attempts."
            self._bury(seq, entity, "MaxDeliveryCountExceeded", why)

    def _expire(self) -> None:
        sql = "SELECT seq, entity FROM bus_messages WHERE expires <= ? AND wake IS NULL ORDER BY expires, seq LIMIT ?"
        for seq, entity in self._db.execute(sql, (self._now, _AT_ONCE)).fetchall():
            self._moves += 1
            if self._namespace.queue(entity).dead_letter_expired:
                self._bury(seq, entity, "TTLExpiredException", "The message expired and was dead lettered.")
            else:
                self._db.execute("DELETE FROM bus_messages WHERE seq = ?", (seq,))

    def _bury(self, seq: int, entity: str, reason: str, description: str) -> None:
        dead = orjson.dumps({"reason": reason, "description": description, "source": entity})
        sql = "UPDATE bus_messages SET entity = ?, dead = ?, wake = NULL, lock = NULL, expires = NULL WHERE seq = ?"
        self._db.execute(sql, (entity + DEAD_LETTERS, dead, seq))

    def _enqueue_scheduled(self, seq: int) -> None:
        """As in Service Bus it gets a new number, as if it were sent now."""
        self._moves += 1
        sql = """INSERT INTO bus_messages (entity, session, enqueued, expires, count, head, body)
                 SELECT entity, session, ?, expires, count, head, body FROM bus_messages WHERE seq = ?"""
        self._db.execute(sql, (self._now, seq))
        self._db.execute("DELETE FROM bus_messages WHERE seq = ?", (seq,))

    def _is_duplicate(self, item: Outgoing) -> bool:
        window = self._namespace.entry(item.name).duplicate_window
        if window is None:
            return False
        until = to_text(datetime.fromisoformat(self._now) + window)
        sql = "INSERT OR IGNORE INTO bus_seen VALUES (?, ?, ?)"
        return self._db.execute(sql, (item.name.lower(), item.message.message_id, until)).rowcount == 0

    def _row(self, entity: str, item: Outgoing) -> tuple[Any, ...]:
        message = item.message
        start = to_text(message.scheduled) if message.scheduled else self._now
        limits = (self._namespace.entry(item.name), self._namespace.queue(entity))
        lives = min(
            (life for life in (message.time_to_live, *(limit.time_to_live for limit in limits)) if life), default=None
        )
        wake = start if start > self._now else None
        head = orjson.dumps(_head(message, lives))
        return entity, message.session_id, self._now, wake, _later(max(start, self._now), lives), head, message.body

    def _lock_end(self, entity: str) -> str:
        return to_text(datetime.fromisoformat(self._now) + self._namespace.queue(entity).lock_duration)

    def _one(self, sql: str, *values: Any) -> Any:
        row = self._db.execute(sql, values).fetchone()
        return row[0] if row else None


def _nobody() -> None:
    """Before there are consumers."""


def read_message(head: bytes, body: bytes) -> Message:
    """The message of a row."""
    stored = orjson.loads(head)
    lives = stored.pop("time_to_live", None)
    return Message(body=body, time_to_live=timedelta(seconds=lives) if lives else None, **stored)


def _head(message: Message, lives: timedelta | None) -> dict[str, Any]:
    stored = {name: value for name in _HEAD if (value := getattr(message, name)) is not None}
    return {**stored, "time_to_live": lives.total_seconds()} if lives else stored


def _later(start: str, lives: timedelta | None) -> str | None:
    try:
        return to_text(datetime.fromisoformat(start) + lives) if lives else None
    except OverflowError:
        return None  # beyond the calendar: for ever


def _delivery(row: tuple[Any, ...], locked_until: str) -> Delivery:
    seq, enqueued, expires, count, dead, head, body = row
    return Delivery(
        seq,
        str(uuid4()),
        locked_until,
        enqueued,
        expires,
        count + 1,
        read_message(head, body),
        orjson.loads(dead or b"{}"),
    )


def _key(delivery: Delivery) -> tuple[int, str]:
    return delivery.sequence, delivery.lock
