"""What travels on the bus: messages, and the queues, topics and subscriptions that hold them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

BODY_LIMIT = 256 * 1024  # bytes, as in the standard tier
DEAD_LETTERS = "/$deadletterqueue"


class BusRefused(ValueError):
    """A message that cannot be taken: `unknown` when nothing has the name, else the text says which field is wrong."""

    def __init__(self, reason: str, unknown: bool = False) -> None:
        super().__init__(reason)
        self.unknown = unknown


@dataclass(frozen=True, slots=True)
class Message:
    """A message as its sender makes it; the names are those of Service Bus."""

    body: bytes
    message_id: str
    content_type: str | None = None
    correlation_id: str | None = None
    subject: str | None = None
    to: str | None = None
    reply_to: str | None = None
    session_id: str | None = None
    reply_to_session_id: str | None = None
    partition_key: str | None = None
    time_to_live: timedelta | None = None
    scheduled: datetime | None = None
    properties: Mapping[str, Any] = field(default_factory=dict)


class Rule(NamedTuple):
    """A correlation filter: all of its fields (by the name in Message) and properties are equal in the message."""

    fields: Mapping[str, str]
    properties: Mapping[str, Any]

    def matches(self, message: Message) -> bool:
        """Names of properties ignore case: HTTP headers, which carry them, have none."""
        given = {name.lower(): value for name, value in message.properties.items()}
        return all(getattr(message, name) == value for name, value in self.fields.items()) and all(
            name.lower() in given and given[name.lower()] == value for name, value in self.properties.items()
        )


class Queue(NamedTuple):
    """How a queue or subscription behaves; for a topic, only the two times count. `rules` None takes everything."""

    requires_session: bool = False
    max_delivery_count: int = 10
    lock_duration: timedelta = timedelta(minutes=1)
    time_to_live: timedelta | None = None
    dead_letter_expired: bool = False
    duplicate_window: timedelta | None = None
    rules: tuple[Rule, ...] | None = None


@dataclass(slots=True)
class Namespace:
    """All entities by lower-cased path; a subscription's is `topic/subscriptions/name`."""

    queues: dict[str, Queue] = field(default_factory=dict)
    topics: dict[str, Queue] = field(default_factory=dict)
    consumed: set[str] = field(default_factory=set)  # paths that triggers receive from

    def __contains__(self, name: str) -> bool:
        return name.lower() in self.queues or name.lower() in self.topics

    def queue(self, path: str) -> Queue:
        """The behaviour of a queue or subscription; dead letters neither need sessions nor die again."""
        return _PLAIN if path.endswith(DEAD_LETTERS) else self.queues.get(path, _PLAIN)

    def entry(self, name: str) -> Queue:
        """The behaviour of the queue or topic that messages are sent to."""
        return self.topics.get(name.lower()) or self.queue(name.lower())

    def check(self, name: str, message: Message) -> None:
        """Raise BusRefused when the message cannot be sent there."""
        key = name.lower()
        if key not in self or "/subscriptions/" in key:
            raise BusRefused(f"no queue or topic is named {name!r}", unknown=True)
        if len(message.body) > BODY_LIMIT:
            raise BusRefused(f"body: {len(message.body)} bytes; a message may hold {BODY_LIMIT}")
        needing = [path for path in self.destinations(name, message) if self.queue(path).requires_session]
        if needing and not message.session_id:
            raise BusRefused(f"SessionId: {needing[0]} requires sessions, and the message has none")

    def destinations(self, name: str, message: Message) -> list[str]:
        """The queue itself, or the subscriptions of the topic with a rule that matches."""
        key = name.lower()
        return (
            [path for path in self._subscriptions(key) if _takes(self.queues[path], message)]
            if (key in self.topics)
            else [key]
        )

    def _subscriptions(self, topic: str) -> Iterator[str]:
        return (path for path in self.queues if path.startswith(f"{topic}/subscriptions/"))


class Outgoing(NamedTuple):
    """A message on its way to a queue or topic, of a namespace of Azure's if `connection` names one."""

    name: str
    message: Message
    connection: str = ""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message that is locked for a receiver, and its place in the queue. Times are ISO texts in UTC."""

    sequence: int
    lock: str
    locked_until: str
    enqueued: str
    expires: str | None
    count: int
    message: Message
    dead: Mapping[str, str]  # reason, description and source, if it is a dead letter


def subscription_path(topic: str, name: str) -> str:
    """Where the messages of a subscription are."""
    return f"{topic}/subscriptions/{name}".lower()


def _takes(queue: Queue, message: Message) -> bool:
    return queue.rules is None or any(rule.matches(message) for rule in queue.rules)


_PLAIN = Queue()
