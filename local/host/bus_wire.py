"""Messages as Service Bus's REST API writes them: BrokerProperties, custom properties as headers, batches."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from local.host.bus_binding import new_message
from local.host.bus_model import BusRefused, Message, Outgoing

BATCH_TYPE = "application/vnd.microsoft.servicebus.json"
_LONGEST_ID = 128  # characters, of message and session ids
# As far as clients send them; any other header with a JSON text, number or truth value is a property.
_HEADERS_OF_HTTP = re.compile(
    "accept.*|access-control-.*|authorization|brokerproperties|cache-control|connection|content-.*|cookie|date|expect|"
    "forwarded|from|host|if-.*|keep-alive|max-forwards|origin|pragma|priority|proxy-.*|range|referer|sec-.*|te|trace.*|"
    "trailer|transfer-encoding|upgrade.*|user-agent|via|x-forwarded-.*|x-functions-key",
    re.IGNORECASE,
)


def read_single(name: str, headers: Mapping[str, str], body: bytes) -> Outgoing:
    """One message for `name`: headers with a JSON text, number or truth value are its properties.

    Raises BusRefused naming the field.
    """
    broker = _object(headers.get("brokerproperties", "{}"), "BrokerProperties")
    properties = {
        key: value
        for key, text in headers.items()
        if not _HEADERS_OF_HTTP.fullmatch(key) and (value := _scalar(text)) is not None
    }
    broker.setdefault("ContentType", headers.get("content-type"))
    return Outgoing(name, _message(body, broker, properties))


def read_batch(name: str, body: bytes) -> list[Outgoing]:
    """Messages for `name` from a JSON list of {Body, BrokerProperties, UserProperties}. BusRefused names the field."""
    try:
        items = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BusRefused(f"the batch is not valid JSON: {error}") from None
    if not isinstance(items, list) or not items:
        raise BusRefused('the batch must be a list such as [{"Body": "..."}]')
    return [Outgoing(name, _item(item, f"[{number}]")) for number, item in enumerate(items)]


def _item(item: object, place: str) -> Message:
    if not isinstance(item, dict) or not isinstance(item.get("Body"), str):
        raise BusRefused(f"{place}.Body: needs a text")
    broker, properties = (
        _checked(item.get(key, {}), f"{place}.{key}") for key in ("BrokerProperties", "UserProperties")
    )
    for key, value in properties.items():
        if not _is_scalar(value):
            raise BusRefused(f"{place}.UserProperties.{key}: needs a text, a number or a truth value")
    return _message(item["Body"].encode("utf-8", "replace"), broker, properties)


def _message(body: bytes, broker: dict[str, Any], properties: dict[str, Any]) -> Message:
    # What brokers set themselves, and what is newer, is passed over, as Service Bus does.
    values = {field: read(broker[key], key) for key, (field, read) in _BROKER.items() if broker.get(key) is not None}
    return new_message(body, **values, properties=properties)


def _object(text: str, place: str) -> dict[str, Any]:
    try:
        return _checked(json.loads(text), place)
    except (ValueError, RecursionError) as error:
        if isinstance(error, BusRefused):
            raise
        raise BusRefused(f"{place}: not valid JSON: {error}") from None


def _checked(value: object, place: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise BusRefused(f"{place}: must be a JSON object")
    return value


def _scalar(text: str) -> Any:
    """The value of a custom property; None: another header."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value if _is_scalar(value) else None


def _is_scalar(value: object) -> bool:
    if isinstance(value, int):
        return -(2**63) <= value < 2**63
    if isinstance(value, str):
        return _is_whole(value)
    return isinstance(value, float) and abs(value) < float("inf")


def _is_whole(text: str) -> bool:
    """JSON can write half of a character, which no store takes."""
    return not any("\ud800" <= char <= "\udfff" for char in text)


def _text(value: object, name: str) -> str:
    if not isinstance(value, str):
        raise BusRefused(f"{name}: must be a text, not {json.dumps(value)}")
    if not _is_whole(value):
        raise BusRefused(f"{name}: holds half of a character")
    return value


def _id(value: object, name: str) -> str:
    if len(text := _text(value, name)) > _LONGEST_ID:
        raise BusRefused(f"{name}: {len(text)} characters; at most {_LONGEST_ID}")
    return text


def _seconds(value: object, name: str) -> timedelta:
    if isinstance(value, bool) or not isinstance(value, int | float) or not value > 0:
        raise BusRefused(f"{name}: must be a number of seconds above 0, not {json.dumps(value)}")
    try:
        return timedelta(seconds=value)
    except OverflowError:
        return timedelta.max


def _moment(value: object, name: str) -> datetime:
    """An HTTP date, as the REST API has it, or ISO 8601; without a zone it is UTC."""
    text = _text(value, name)
    for read in (parsedate_to_datetime, datetime.fromisoformat):
        try:
            moment = read(text)
            return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
        except (ValueError, OverflowError):
            continue
    raise BusRefused(f"{name}: {text!r} is no time such as Fri, 13 Mar 2026 09:00:00 GMT")


_BROKER: Mapping[str, tuple[str, Callable[[object, str], Any]]] = {
    "MessageId": ("message_id", _id),
    "SessionId": ("session_id", _id),
    "PartitionKey": ("partition_key", _id),
    "CorrelationId": ("correlation_id", _text),
    "Label": ("subject", _text),
    "To": ("to", _text),
    "ReplyTo": ("reply_to", _text),
    "ReplyToSessionId": ("reply_to_session_id", _text),
    "ContentType": ("content_type", _text),
    "TimeToLive": ("time_to_live", _seconds),
    "ScheduledEnqueueTimeUtc": ("scheduled", _moment),
}
