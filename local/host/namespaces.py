"""Namespaces of Azure Service Bus: those whose connection is configured, under the names that bindings use.

`NAME` is a connection string; or `NAME__fullyQualifiedNamespace` is asked with an identity, which
`NAME__credential` (`managedidentity`) and `NAME__clientId` choose. A binding without either uses the host's own queues.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager
from importlib.util import find_spec
from threading import Lock
from typing import Any

from local.host.bus_config import resolved
from local.host.bus_model import DEAD_LETTERS, Delivery, Message, Outgoing, subscription_path
from local.host.config import ConfigError, app_setting
from local.host.history import to_text

_HOST, _CREDENTIAL, _CLIENT_ID = "__fullyQualifiedNamespace", "__credential", "__clientId"


def configured(binding: Any) -> str:
    """The connection of a trigger or output binding, if it is configured; "": the host's own queues.

    Raises ConfigError when the SDK is not installed."""
    name = str(binding.connection or "")
    if not name or not (app_setting(name) or app_setting(name + _HOST)):
        return ""
    if find_spec("azure.servicebus") is None:
        raise ConfigError(f"{name} is set, but azure-servicebus is not installed: pip install azure-servicebus")
    return name


def entity_of(binding: Any) -> str:
    """The queue, topic or `topic/subscriptions/name` that a binding names."""
    topic = getattr(binding, "topic_name", None)
    if not topic:
        return resolved(binding.queue_name)
    subscription = getattr(binding, "subscription_name", None)
    return subscription_path(resolved(topic), resolved(subscription)) if subscription else resolved(topic)


@asynccontextmanager
async def receiving(name: str) -> AsyncIterator[Any]:
    """The client of a connection that receives, on the running loop."""
    from azure.servicebus.aio import ServiceBusClient

    async with AsyncExitStack() as stack:
        if secret := app_setting(name):
            client = ServiceBusClient.from_connection_string(secret)
        else:
            from azure.identity import aio

            credential = await stack.enter_async_context(_identity(name, aio))
            client = ServiceBusClient(app_setting(name + _HOST), credential)
        yield await stack.enter_async_context(client)


def _identity(name: str, identities: Any) -> Any:
    client_id = app_setting(name + _CLIENT_ID)
    if app_setting(name + _CREDENTIAL):
        return identities.ManagedIdentityCredential(client_id=client_id)
    return identities.DefaultAzureCredential(managed_identity_client_id=client_id)


def receiver(client: Any, source: str, **options: Any) -> Any:
    """What receives from a queue, a subscription, or the dead letters of one."""
    alive = source
    if source.lower().endswith(DEAD_LETTERS):
        alive, options["sub_queue"] = source[: -len(DEAD_LETTERS)], "deadletter"
    topic, _, subscription = alive.partition("/subscriptions/")
    if subscription:
        return client.get_subscription_receiver(topic, subscription, **options)
    return client.get_queue_receiver(alive, **options)


class Senders:
    """Sends what output bindings set; a sender is kept for each queue or topic, made at its first use."""

    def __init__(self) -> None:
        self._open = ExitStack()
        self._made: dict[str, Any] = {}
        self._using = Lock()

    def send(self, outgoing: Sequence[Outgoing]) -> None:
        """Returns when Service Bus has them. Blocks; for one thread at a time, as the SDK asks."""
        from azure.servicebus import ServiceBusMessage

        with self._using:
            for item in outgoing:
                letter = ServiceBusMessage(item.message.body, message_id=item.message.message_id)
                self._sender(item.connection, item.name).send_messages(letter)

    def close(self) -> None:
        with self._using:
            self._open.close()

    def _sender(self, connection: str, name: str) -> Any:
        key = f"{connection} {name}"
        if key not in self._made:
            client = self._kept(connection, lambda: self._open.enter_context(_sending(connection)))
            self._made[key] = self._open.enter_context(client.get_queue_sender(name))  # a topic's is the same
        return self._made[key]

    def _kept(self, key: str, make: Any) -> Any:
        if key not in self._made:
            self._made[key] = make()
        return self._made[key]


def _sending(name: str) -> Any:
    from azure.servicebus import ServiceBusClient

    if secret := app_setting(name):
        return ServiceBusClient.from_connection_string(secret)
    import azure.identity

    return ServiceBusClient(app_setting(name + _HOST), _identity(name, azure.identity))


def delivery(letter: Any) -> Delivery:
    """A received message as triggers are given it."""
    told = {
        "reason": letter.dead_letter_reason,
        "description": letter.dead_letter_error_description,
        "source": letter.dead_letter_source,
    }
    expires = letter.expires_at_utc
    return Delivery(
        letter.sequence_number or 0,
        str(letter.lock_token),
        to_text(letter.locked_until_utc) if letter.locked_until_utc else "",
        to_text(letter.enqueued_time_utc),
        to_text(expires) if expires else None,
        (letter.delivery_count or 0) + 1,  # on the wire: those that failed before
        _message(letter),
        {name: text for name, text in told.items() if text is not None},
    )


def _message(letter: Any) -> Message:
    body = b"".join(letter.body) if letter.body_type.value == "data" else str(letter).encode()
    return Message(
        body,
        letter.message_id or "",
        content_type=letter.content_type,
        correlation_id=letter.correlation_id,
        subject=letter.subject,
        to=letter.to,
        reply_to=letter.reply_to,
        session_id=letter.session_id,
        reply_to_session_id=letter.reply_to_session_id,
        partition_key=letter.partition_key,
        time_to_live=letter.time_to_live,
        properties={_plain(name): _plain(value) for name, value in (letter.application_properties or {}).items()},
    )


def _plain(value: Any) -> Any:
    """The SDK gives texts as bytes; what JSON does not know is told as a text."""
    value = value.decode("utf-8", "replace") if isinstance(value, bytes) else value
    return value if isinstance(value, str | int | float) or value is None else str(value)
