"""Messages as functions see them: the payload of a trigger, and what output bindings send."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import uuid4

import azure.functions as func
from azure.functions.meta import Datum

from local.host.bus_model import Delivery, Message, Namespace, Outgoing


class Output(NamedTuple):
    """An output binding: the parameter (or `$return`) and the queue or topic that it sends to: of `namespace`, or of
    the one of Azure's that `connection` names."""

    parameter: str
    entity: str
    namespace: Namespace
    connection: str = ""

    def message(self, value: object) -> Outgoing:
        """What sends a text or bytes. Raises TypeError for another value, BusRefused when it cannot be taken there."""
        message = new_message(_body(self, value))
        if not self.connection:
            self.namespace.check(self.entity, message)
        return Outgoing(self.entity, message, self.connection)


class OutValue(func.Out[Any]):  # type: ignore[misc]  # azure.functions is not typed
    """What a function sets its output parameter to."""

    def __init__(self) -> None:
        self._value: Any = None

    def set(self, val: Any) -> None:
        self._value = val

    def get(self) -> Any:
        return self._value


class _Bodies(NamedTuple):
    """A collection as the worker's protocol has it."""

    bytes: Sequence[bytes]


_registry = func.get_binding_registry()
_TRIGGER, _OUTPUT = _registry.get("serviceBusTrigger"), _registry.get("serviceBus")


def trigger_value(deliveries: Sequence[Delivery], many: bool) -> object:
    """The decoded ServiceBusMessage, or a list of them when the cardinality is many."""
    described = [_metadata(delivery) for delivery in deliveries]
    if not many:
        body = Datum(deliveries[0].message.body, "bytes")
        return _TRIGGER.decode(body, trigger_metadata=_datums(described[0]))
    names = dict.fromkeys(name for metadata in described for name in metadata)
    columns = {f"{name}Array": [metadata.get(name) for metadata in described] for name in names}
    bodies = Datum(_Bodies([delivery.message.body for delivery in deliveries]), "collection_bytes")
    return _TRIGGER.decode(bodies, trigger_metadata=_datums(columns))


def outgoing(outputs: Iterable[Output], values: Mapping[str, Any]) -> list[Outgoing]:
    """The messages that a function has sent: one of each output parameter that was set. Raises as Output.message."""
    set_ = [(output, values.get(output.parameter)) for output in outputs]
    return [output.message(value) for output, value in set_ if value is not None]


def new_message(body: bytes, **properties: Any) -> Message:
    """A message; one without an id gets one."""
    return Message(body, properties.pop("message_id", None) or uuid4().hex, **properties)


def _body(output: Output, value: object) -> bytes:
    try:
        encoded = _OUTPUT.encode(value, expected_type=None).value
    except NotImplementedError:
        kind = type(value).__name__
        raise TypeError(f"{output.parameter}: a message to {output.entity} is a str or bytes, not {kind}") from None
    return encoded.encode() if isinstance(encoded, str) else bytes(encoded)


def _datums(metadata: Mapping[str, Any]) -> dict[str, Datum]:
    return {name: _datum(value) for name, value in metadata.items()}


def _datum(value: Any) -> Datum:
    if isinstance(value, str):
        return Datum(value, "string")
    return Datum(value, "int") if isinstance(value, int) else Datum(json.dumps(value), "json")


def _metadata(delivery: Delivery) -> dict[str, Any]:
    """Under the names of the Service Bus extension; what a message does not have is left out."""
    message = delivery.message
    found = {
        "MessageId": message.message_id,
        "CorrelationId": message.correlation_id,
        "ContentType": message.content_type,
        "Subject": message.subject,
        "Label": message.subject,
        "To": message.to,
        "ReplyTo": message.reply_to,
        "SessionId": message.session_id,
        "ReplyToSessionId": message.reply_to_session_id,
        "PartitionKey": message.partition_key,
        # Whole seconds: the SDK reads no days.
        "TimeToLive": str(int(message.time_to_live.total_seconds())) if message.time_to_live else None,
        "SequenceNumber": delivery.sequence,
        "EnqueuedSequenceNumber": delivery.sequence,
        "EnqueuedTimeUtc": delivery.enqueued,
        "ExpiresAtUtc": delivery.expires,
        "LockedUntil": delivery.locked_until,
        "LockToken": delivery.lock,
        "DeliveryCount": delivery.count,
        "DeadLetterReason": delivery.dead.get("reason"),
        "DeadLetterErrorDescription": delivery.dead.get("description"),
        "DeadLetterSource": delivery.dead.get("source"),
        "UserProperties": dict(message.properties),
        "ApplicationProperties": dict(message.properties),
    }
    return {name: value for name, value in found.items() if value is not None}
