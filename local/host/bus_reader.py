"""What lies on the bus, for the owner: read beside the writer, nothing is locked or settled."""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from typing import Any

import orjson

from local.host.bus_model import DEAD_LETTERS, Namespace
from local.host.bus_store import read_message

_READY = "SELECT entity, 'active', count(*) FROM bus_messages WHERE wake IS NULL GROUP BY entity"
_ASLEEP = """
    SELECT entity, iif(lock IS NULL, 'scheduled', 'locked') AS state, count(*)
    FROM bus_messages INDEXED BY bus_asleep WHERE wake IS NOT NULL GROUP BY entity, state
"""
_PEEK = """
    SELECT seq, enqueued, wake, expires, lock IS NOT NULL, count, dead, head, body
    FROM bus_messages WHERE entity = ? AND seq > ? ORDER BY seq LIMIT ?
"""


def count_messages(db: sqlite3.Connection, namespace: Namespace) -> list[dict[str, Any]]:
    """Each queue and subscription with its messages that are ready, locked, scheduled and dead.

    The many that are ready are counted in an index: a long queue is not read for it."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for entity, state, n in [*db.execute(_READY), *db.execute(_ASLEEP)]:
        counts[entity][state] = n
    alive = [name for name in counts if not name.endswith(DEAD_LETTERS)]
    return [_counted(name, counts) for name in sorted({*namespace.queues, *alive})]


def peek(db: sqlite3.Connection, entity: str, after: int, limit: int) -> list[dict[str, Any]]:
    """At most `limit` messages of an entity with a number above `after`, whatever their state."""
    return [_shown(*row) for row in db.execute(_PEEK, (entity, after, limit))]


def _counted(name: str, counts: dict[str, Counter[str]]) -> dict[str, Any]:
    states = {state: counts[name][state] for state in ("active", "locked", "scheduled")}
    return {"name": name, **states, "deadLettered": counts[name + DEAD_LETTERS].total()}


def _shown(
    seq: int, enqueued: str, wake: str | None, expires: str | None, locked: int, count: int, dead: bytes | None,
    head: bytes, body: bytes,
) -> dict[str, Any]:  # fmt: skip
    message, why = read_message(head, body), orjson.loads(dead or b"{}")
    shown = {
        "sequenceNumber": seq,
        "state": "locked" if locked else "scheduled" if wake else "active",
        "messageId": message.message_id,
        "sessionId": message.session_id,
        "correlationId": message.correlation_id,
        "label": message.subject,
        "contentType": message.content_type,
        "enqueuedTimeUtc": enqueued,
        "scheduledEnqueueTimeUtc": None if locked else wake,
        "expiresAtUtc": expires,
        "deliveryCount": count,
        "deadLetterReason": why.get("reason"),
        "deadLetterErrorDescription": why.get("description"),
        "properties": message.properties,
        "body": body.decode("utf-8", "replace"),
    }
    return {name: value for name, value in shown.items() if value is not None}
