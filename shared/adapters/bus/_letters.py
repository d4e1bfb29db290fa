"""How a message of a scope is written on the bus: its scope and id are properties, its keys begin with the scope."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from shared.domain.scope import Scope
from shared.ports.bus import BusMessage

DEAD_LETTERS = "$DeadLetterQueue"
_TRACE = ("traceparent", "Diagnostic-Id")
"""W3C's name, and that by which Azure's SDKs and the Functions host find the sender's span."""


def key(scope: Scope, part: str) -> str:
    """A message or session id of the scope's own."""
    return f"{scope}~{part}"


def properties(scope: Scope, message: BusMessage) -> dict[str, str]:
    found = {"tenant": scope.tenant, "workspace": scope.workspace, "id": message.id}
    return found | dict.fromkeys(_TRACE, message.trace) if message.trace else found


def body(message: BusMessage) -> str:
    return json.dumps(message.body, ensure_ascii=False, separators=(",", ":"))


def is_of(scope: Scope, found: Mapping[str, Any]) -> bool:
    """Whether the properties are those of a message of the scope."""
    return (found.get("tenant"), found.get("workspace")) == scope and "id" in found


def read(scope: Scope, found: Mapping[str, Any], subject: str | None, session: str | None, text: str) -> BusMessage:
    """The message as it was sent; not when: that time has passed."""
    own = session.removeprefix(key(scope, "")) if session else None
    return BusMessage(str(found["id"]), subject or "", _object(text), own, trace=str(found.get("traceparent", "")))


def _object(text: str) -> dict[str, Any]:
    """Whoever may send may write anything; a dead letter is shown all the same."""
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        content = None
    return content if isinstance(content, dict) else {"unreadable": text}
