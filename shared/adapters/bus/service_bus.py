"""The bus on Azure Service Bus: queues and topics of one namespace."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from threading import Lock
from typing import Any

from shared.adapters.bus import _letters
from shared.domain.faults import Missing
from shared.domain.scope import Scope
from shared.ports.bus import BusMessage, DeadLetter

_AT_ONCE = 100
_PATIENCE = 1
"""Seconds for which no dead letter comes: then there is none."""
_LOOK = 5
"""Seconds after which a look at dead letters is given up: somebody waits for it."""


class ServiceBus:
    """`connect` makes the `ServiceBusClient` at the first use. A sender is kept for each queue or topic."""

    def __init__(self, connect: Callable[[], Any]) -> None:
        self._connect = connect
        self._open = ExitStack()
        self._client: Any = None
        self._senders: dict[str, Any] = {}
        self._using = Lock()

    def close(self) -> None:
        """Let go of the connections; the next use makes them again."""
        with self._using:
            self._open.close()
            self._client, self._senders = None, {}

    def send(self, scope: Scope, to: str, messages: Sequence[BusMessage]) -> None:
        from azure.servicebus.exceptions import ServiceBusError

        letters = [_letter(scope, message) for message in messages]
        with self._using:
            try:
                self._sender(to).send_messages(letters)
            except ServiceBusError as error:
                if _is_refusal(error):
                    raise ValueError(f"{to} does not take {len(letters)} messages: {error}") from None
                raise

    def dead_letters(self, scope: Scope, source: str, after: int = 0, limit: int = 100) -> list[DeadLetter]:
        found: list[DeadLetter] = []
        with self._graves(source) as graves:
            while len(found) < limit and (seen := _peek(graves, after + 1)):
                after = seen[-1].sequence_number
                found += [_dead(scope, letter) for letter in seen if _letters.is_of(scope, _properties(letter))]
        return found[:limit]

    def replay(self, scope: Scope, source: str, numbers: Collection[int]) -> list[int]:
        wanted, done, seen = set(numbers), list[int](), set[int]()
        with self._graves(source) as graves:
            others: list[Any] = []
            while wanted and (taken := graves.receive_messages(_AT_ONCE, _PATIENCE)):
                # What comes a second time was held for longer than its lock: all were seen.
                if {letter.sequence_number for letter in taken} <= seen:
                    others += taken
                    break
                for letter in taken:
                    seen.add(letter.sequence_number)
                    if letter.sequence_number in wanted and _letters.is_of(scope, _properties(letter)):
                        self._send_again(scope, source, letter)
                        graves.complete_message(letter)
                        wanted.discard(letter.sequence_number)
                        done.append(letter.sequence_number)
                    else:
                        others.append(letter)
            for letter in others:
                graves.abandon_message(letter)
        return sorted(done)

    def _send_again(self, scope: Scope, source: str, letter: Any) -> None:
        """Under another message id, for duplicate detection knows the first; of two replays it takes one."""
        from azure.servicebus import ServiceBusMessage

        message = _dead(scope, letter).message
        again = ServiceBusMessage(
            str(letter),
            message_id=_letters.key(scope, f"{message.id}~r{letter.sequence_number}"),
            session_id=letter.session_id,
            subject=letter.subject,
            content_type=letter.content_type,
            application_properties=dict(_letters.properties(scope, message)),
        )
        self._sender(source.partition("/")[0]).send_messages(again)

    @contextmanager
    def _graves(self, source: str) -> Iterator[Any]:
        from azure.servicebus.exceptions import MessagingEntityNotFoundError

        topic, _, subscription = source.partition("/subscriptions/")
        with self._using:
            client = self._service()
            options = {"sub_queue": "deadletter"}
            made = (
                client.get_subscription_receiver(topic, subscription, **options)
                if subscription
                else client.get_queue_receiver(topic, **options)
            )
            try:
                with made as receiver:
                    yield receiver
            except MessagingEntityNotFoundError:
                raise Missing("queue", source) from None

    def _sender(self, to: str) -> Any:
        """A topic is sent to as a queue is."""
        if to not in self._senders:
            self._senders[to] = self._open.enter_context(self._service().get_queue_sender(to))
        return self._senders[to]

    def _service(self) -> Any:
        if self._client is None:
            self._client = self._open.enter_context(self._connect())
        return self._client


def _peek(graves: Any, first: int) -> Any:
    """Letters are peeked at over a link of its own, of which the SDK says only that it failed; the receiver's link says
    whether the queue is missing."""
    from azure.servicebus.exceptions import ServiceBusError

    try:
        return graves.peek_messages(_AT_ONCE, sequence_number=first, timeout=_LOOK)
    except ServiceBusError:
        for letter in graves.receive_messages(1, _PATIENCE):
            graves.abandon_message(letter)
        raise


def _is_refusal(error: Exception) -> bool:
    """Whether it would be refused again: too large, or without the session that is needed."""
    from azure.servicebus.exceptions import MessageSizeExceededError

    condition = getattr(getattr(error, "inner_exception", None), "condition", None)
    return isinstance(error, MessageSizeExceededError) or condition == b"amqp:not-allowed"


def _letter(scope: Scope, message: BusMessage) -> Any:
    from azure.servicebus import ServiceBusMessage

    return ServiceBusMessage(
        _letters.body(message),
        message_id=_letters.key(scope, message.id),
        session_id=_letters.key(scope, message.session) if message.session else None,
        subject=message.subject,
        content_type="application/json",
        scheduled_enqueue_time_utc=message.at,
        application_properties=dict(_letters.properties(scope, message)),
    )


def _properties(letter: Any) -> dict[str, Any]:
    """The SDK gives names, and texts, as bytes."""
    found = letter.application_properties or {}
    return {_text(name): _text(value) for name, value in found.items()}


def _text(value: Any) -> Any:
    return value.decode() if isinstance(value, bytes) else value


def _dead(scope: Scope, letter: Any) -> DeadLetter:
    message = _letters.read(scope, _properties(letter), letter.subject, letter.session_id, str(letter))
    reason, description = letter.dead_letter_reason or "", letter.dead_letter_error_description or ""
    return DeadLetter(letter.sequence_number, message, reason, description)
