"""Queues, topics and subscriptions of Service Bus: locks, sessions, dead letters, schedules, duplicates, rules.

Nothing here knows the wire; `now` is in seconds since 1970 and is given by whoever asks.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from tests.servers.service_bus.codec import Int, Long, Symbol, Timestamp
from tests.servers.service_bus.message import Message

DEAD = "/$deadletterqueue"
ACTIVE, DEFERRED, SCHEDULED = 0, 1, 2
_numbers = itertools.count(1)
MESSAGE_LOCK_LOST, SESSION_LOCK_LOST = "com.microsoft:message-lock-lost", "com.microsoft:session-lock-lost"


class Refused(Exception):
    """What is asked cannot be done; `condition` is the error of AMQP or of Service Bus."""

    def __init__(self, condition: str, description: str, status: int = 410) -> None:
        super().__init__(description)
        self.condition, self.status = condition, status


@dataclass(frozen=True)
class Rule:
    """A correlation filter: these standard properties (`label`, `session_id` …) and these of the sender's own."""

    standard: Mapping[str, str] = field(default_factory=dict)
    properties: Mapping[str, Any] = field(default_factory=dict)

    def matches(self, message: Message) -> bool:
        return all(message.standard(name) == value for name, value in self.standard.items()) and all(
            message.application.get(name) == value for name, value in self.properties.items()
        )


@dataclass(frozen=True)
class Settings:
    """How a queue or subscription behaves; no `rules`: a subscription takes everything."""

    lock_seconds: float = 30
    max_delivery_count: int = 10
    requires_session: bool = False
    duplicate_seconds: float = 0
    dead_letter_expired: bool = False
    rules: Sequence[Rule] = ()


class Held:
    """A message in a queue, and what has become of it there."""

    def __init__(self, message: Message, now: float) -> None:
        self.message, self.sequence, self.enqueued = message, next(_numbers), now
        self.state, self.deliveries, self.unlocks = ACTIVE, 0, 0.0
        self.lock: UUID | None = None
        lives = message.time_to_live
        self.expires = None if lives is None else now + lives

    @property
    def session(self) -> str | None:
        found: str | None = self.message.standard("session_id")
        return found

    def encode(self, delivery_count: int) -> bytes:
        notes: dict[str, Any] = {
            "x-opt-sequence-number": Long(self.sequence),
            "x-opt-enqueued-time": Timestamp(int(self.enqueued * 1000)),
            "x-opt-message-state": Int(self.state),
        }
        if self.lock:
            notes["x-opt-locked-until"] = Timestamp(int(self.unlocks * 1000))
        return self.message.encode(delivery_count, notes)


@dataclass
class Session:
    """Who holds a session (a link), until when, and the state that was stored with it."""

    owner: Any = None
    unlocks: float = 0.0
    state: bytes | None = None


class Queue:
    """The receiving side of a queue or subscription. `forget_settlements`: so many completed messages come again."""

    def __init__(self, name: str, settings: Settings, dead: Queue | None = None) -> None:
        self.name, self.settings, self.dead = name, settings, dead
        self.held: dict[int, Held] = {}
        self.sessions: dict[str, Session] = {}
        self.forget_settlements = 0

    def put(self, message: Message, now: float) -> Held:
        held = Held(message, now)
        self.held[held.sequence] = held
        return held

    def take(self, now: float, session: str | None = None) -> Held | None:
        """Lock the oldest message that is ready, of this session."""
        found = next((held for held in self.ready() if session is None or held.session == session), None)
        if found:
            self._lock(found, now)
            if session is not None:
                found.unlocks = self.sessions[session].unlocks
        return found

    def ready(self) -> list[Held]:
        """What can be taken, oldest first."""
        return [held for held in self.held.values() if held.state == ACTIVE and held.lock is None]

    def _lock(self, held: Held, now: float) -> None:
        held.lock, held.unlocks = uuid4(), now + self.settings.lock_seconds
        held.deliveries += 1

    def locked(self, lock: UUID, now: float) -> Held:
        found = next((held for held in self.held.values() if held.lock == lock and held.unlocks > now), None)
        if found is None:
            lost = SESSION_LOCK_LOST if self.settings.requires_session else MESSAGE_LOCK_LOST
            raise Refused(lost, "The lock supplied is invalid. Either the lock expired, or the message was settled.")
        return found

    def renew(self, lock: UUID, now: float) -> float:
        held = self.locked(lock, now)
        held.unlocks = now + self.settings.lock_seconds
        return held.unlocks

    def complete(self, held: Held) -> None:
        if self.forget_settlements:  # as after a failover: the sender was told that it is done
            self.forget_settlements -= 1
            held.lock = None
        else:
            del self.held[held.sequence]

    def release(self, held: Held) -> None:
        """Nobody has looked at it."""
        held.deliveries -= 1
        held.lock = None

    def abandon(self, held: Held, now: float) -> None:
        held.lock = None
        if self.dead and held.deliveries >= self.settings.max_delivery_count:
            why = f"Message could not be consumed after {held.deliveries} delivery attempts."
            self.bury(held, now, "MaxDeliveryCountExceeded", why)

    def defer(self, held: Held) -> None:
        held.lock, held.state = None, DEFERRED

    def bury(self, held: Held, now: float, reason: str | None, description: str | None) -> None:
        del self.held[held.sequence]
        if self.dead is None:
            return
        told = {"DeadLetterReason": reason, "DeadLetterErrorDescription": description}
        held.message.application |= {name: text for name, text in told.items() if text is not None}
        held.message.annotations[Symbol("x-opt-deadletter-source")] = self.name
        self.dead.put(held.message, now).expires = None

    def deferred(self, sequence: int, now: float) -> Held:
        held = self.held.get(sequence)
        if held is None or held.state != DEFERRED:
            raise Refused("com.microsoft:message-not-found", f"No message {sequence} is deferred.", 404)
        self._lock(held, now)
        return held

    def accept_session(self, wanted: str | None, owner: Any, now: float) -> str | None:
        """The session that `owner` holds now; without a wish, one with a message that nobody holds. None: wait."""
        if wanted is None:
            waiting = (held.session for held in self.ready() if held.session is not None)
            wanted = next((name for name in waiting if not self._is_held(name)), None)
            if wanted is None:
                return None
        if self._is_held(wanted):
            raise Refused("com.microsoft:session-cannot-be-locked", f"The session '{wanted}' is held by another.")
        session = self.sessions.setdefault(wanted, Session())
        session.owner, session.unlocks = owner, now + self.settings.lock_seconds
        return wanted

    def _is_held(self, name: str) -> bool:
        return name in self.sessions and self.sessions[name].owner is not None

    def session(self, name: str) -> Session:
        if not self._is_held(name):
            raise Refused(SESSION_LOCK_LOST, f"The session '{name}' is not locked.")
        return self.sessions[name]

    def renew_session(self, name: str, now: float) -> float:
        session = self.session(name)
        session.unlocks = now + self.settings.lock_seconds
        for held in self._locked_of(name):
            held.unlocks = session.unlocks
        return session.unlocks

    def end_session(self, name: str, now: float) -> None:
        """Its holder is gone."""
        self.sessions[name].owner = None
        for held in self._locked_of(name):
            self.abandon(held, now)

    def _locked_of(self, session: str) -> list[Held]:
        return [held for held in self.held.values() if held.session == session and held.lock]

    def tick(self, now: float) -> list[Any]:
        """End locks and lives; returns the links that have lost their session."""
        lost = [(name, session.owner) for name, session in self.sessions.items()
                if session.owner is not None and session.unlocks <= now]  # fmt: skip
        for name, _ in lost:
            self.end_session(name, now)
        for held in list(self.held.values()):
            if held.lock and held.unlocks <= now:
                self.abandon(held, now)
            elif held.expires and held.expires <= now and held.lock is None:
                self._expire(held, now)
        return [owner for _, owner in lost]

    def _expire(self, held: Held, now: float) -> None:
        if self.settings.dead_letter_expired:
            self.bury(held, now, "TTLExpiredException", "The message expired and was dead lettered.")
        else:
            del self.held[held.sequence]

    def due(self) -> Iterator[float]:
        """When `tick` has something to do."""
        yield from (held.unlocks for held in self.held.values() if held.lock)
        yield from (held.expires for held in self.held.values() if held.expires)
        yield from (session.unlocks for session in self.sessions.values() if session.owner is not None)


class Entrance:
    """The sending side: a queue's own, or a topic's with its subscriptions."""

    def __init__(self, queues: Sequence[Queue], settings: Settings, is_topic: bool = False) -> None:
        self.queues, self.settings, self.is_topic = queues, settings, is_topic
        self.scheduled: dict[int, Held] = {}
        self._seen: dict[Any, float] = {}

    def check(self, messages: Sequence[Message]) -> None:
        """Raise Refused for a message that cannot be taken; of a batch all are taken or none."""
        if self.settings.requires_session and any(message.standard("session_id") is None for message in messages):
            raise Refused("amqp:not-allowed", "The entity requires sessions, and the message has no session id.")

    def send(self, message: Message, now: float) -> Held | None:
        """Enqueue, schedule, or drop what came already."""
        if self._is_duplicate(message, now):
            return None
        at = message.annotations.get("x-opt-scheduled-enqueue-time")
        if at is not None and at / 1000 > now:
            held = Held(message, now)
            held.state, held.unlocks = SCHEDULED, at / 1000
            self.scheduled[held.sequence] = held
            return held
        return self._enqueue(message, now)

    def _enqueue(self, message: Message, now: float) -> Held | None:
        if not self.is_topic:
            return self.queues[0].put(message, now)
        raw = message.encode(0, {})
        for queue in self.queues:
            rules = queue.settings.rules
            if not rules or any(rule.matches(message) for rule in rules):
                queue.put(Message(raw), now)
        return None

    def _is_duplicate(self, message: Message, now: float) -> bool:
        message_id = message.standard("message_id")
        if not self.settings.duplicate_seconds or message_id is None:
            return False
        self._seen = {seen: until for seen, until in self._seen.items() if until > now}
        if message_id in self._seen:
            return True
        self._seen[message_id] = now + self.settings.duplicate_seconds
        return False

    def cancel(self, sequence: int) -> None:
        if self.scheduled.pop(sequence, None) is None:
            raise Refused("com.microsoft:message-not-found", f"No message {sequence} is scheduled.", 404)

    def tick(self, now: float) -> None:
        """Enqueue what was scheduled for now, with a new number as if it were sent now."""
        for held in [held for held in self.scheduled.values() if held.unlocks <= now]:
            del self.scheduled[held.sequence]
            self._enqueue(held.message, now)

    def due(self) -> Iterator[float]:
        yield from (held.unlocks for held in self.scheduled.values())
