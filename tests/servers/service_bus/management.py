"""The nodes that are asked instead of read from: $cbs, which takes tokens, and ENTITY/$management.

Operations and their fields: "AMQP 1.0 in Azure Service Bus: request-response-based operations".
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, quote_plus

from tests.servers.service_bus.codec import Array, Long, Timestamp
from tests.servers.service_bus.entities import Entrance, Held, Queue, Refused
from tests.servers.service_bus.message import Message, messages_in

Answer = tuple[int, Any]


def check_token(request: Message, key: str, now: float) -> Answer:
    """A shared access signature must be of this key and not have run out; any other token counts as Entra ID's."""
    kind, _, fields = str(request.value or "").partition(" ")
    if kind != "SharedAccessSignature":
        return (202 if kind else 401), None
    given = {name: values[0] for name, values in parse_qs(fields).items()}
    signed = f"{quote_plus(given.get('sr', ''))}\n{given.get('se', '')}"
    expected = base64.b64encode(hmac.new(key.encode(), signed.encode(), hashlib.sha256).digest()).decode()
    is_good = hmac.compare_digest(expected, given.get("sig", "")) and float(given.get("se", 0)) > now
    return (202 if is_good else 401), None


def operate(operation: str, body: dict[str, Any], queue: Queue | None, entrance: Entrance | None, now: float) -> Answer:
    """Carry out an operation on an entity; returns the status and the body. Raises Refused."""
    name = operation.removeprefix("com.microsoft:")
    if name in _ON_ENTRANCE and entrance:
        return _ON_ENTRANCE[name](entrance, body, now)
    if name in _ON_QUEUE and queue:
        return _ON_QUEUE[name](queue, body, now)
    if name == "peek-message" and queue:
        return _peek(queue, entrance, body)
    raise Refused("amqp:not-implemented", f"{operation} is not known here.", 501)


def _schedule(entrance: Entrance, body: dict[str, Any], now: float) -> Answer:
    messages = [message for item in body["messages"] for message in messages_in(item["message"], None)]
    entrance.check(messages)
    sent = [entrance.send(message, now) for message in messages]
    return 200, {"sequence-numbers": Array(Long(held.sequence if held else 0) for held in sent)}


def _cancel(entrance: Entrance, body: dict[str, Any], now: float) -> Answer:
    for sequence in body["sequence-numbers"]:
        entrance.cancel(sequence)
    return 200, None


def _peek(queue: Queue, entrance: Entrance | None, body: dict[str, Any]) -> Answer:
    scheduled = entrance.scheduled if entrance and not entrance.is_topic else {}
    everything = sorted((queue.held | scheduled).items())
    wanted = [held for number, held in everything if number >= body["from-sequence-number"]]
    if (session := body.get("session-id")) is not None:
        wanted = [held for held in wanted if held.session == session]
    found = [{"message": held.encode(held.deliveries)} for held in wanted[: body["message-count"]]]
    return (200, {"messages": found}) if found else (204, None)


def _renew(queue: Queue, body: dict[str, Any], now: float) -> Answer:
    ends = [queue.renew(lock, now) for lock in body["lock-tokens"]]
    return 200, {"expirations": Array(Timestamp(int(end * 1000)) for end in ends)}


def _settle(queue: Queue, body: dict[str, Any], now: float) -> Answer:
    for lock in body["lock-tokens"]:
        _settle_one(queue, queue.locked(lock, now), body, now)
    return 200, None


def _settle_one(queue: Queue, held: Held, body: dict[str, Any], now: float) -> None:
    match body["disposition-status"]:
        case "completed":
            queue.complete(held)
        case "abandoned":
            queue.abandon(held, now)
        case "defered":  # so spelled by the protocol
            queue.defer(held)
        case "suspended":
            queue.bury(held, now, body.get("deadletter-reason"), body.get("deadletter-description"))


def _receive_deferred(queue: Queue, body: dict[str, Any], now: float) -> Answer:
    taken = [queue.deferred(sequence, now) for sequence in body["sequence-numbers"]]
    found = [{"message": held.encode(held.deliveries - 1), "lock-token": held.lock} for held in taken]
    if body.get("receiver-settle-mode") == 0:
        for held in taken:
            queue.complete(held)
    return 200, {"messages": found}


def _renew_session(queue: Queue, body: dict[str, Any], now: float) -> Answer:
    return 200, {"expiration": Timestamp(int(queue.renew_session(body["session-id"], now) * 1000))}


def _state(queue: Queue, body: dict[str, Any], now: float) -> Answer:
    return 200, {"session-state": queue.session(body["session-id"]).state}


def _set_state(queue: Queue, body: dict[str, Any], now: float) -> Answer:
    queue.session(body["session-id"]).state = body["session-state"]
    return 200, None


_ON_ENTRANCE: dict[str, Callable[[Entrance, dict[str, Any], float], Answer]] = {
    "schedule-message": _schedule,
    "cancel-scheduled-message": _cancel,
}
_ON_QUEUE: dict[str, Callable[[Queue, dict[str, Any], float], Answer]] = {
    "renew-lock": _renew,
    "update-disposition": _settle,
    "receive-by-sequence-number": _receive_deferred,
    "renew-session-lock": _renew_session,
    "get-session-state": _state,
    "set-session-state": _set_state,
}
