"""The bus of the embedded host: messages are sent as through Service Bus's REST API."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from threading import Lock
from typing import Any
from urllib.parse import quote

from shared.adapters.bus import _letters
from shared.domain.faults import Missing
from shared.domain.scope import Scope
from shared.ports.bus import BusMessage, DeadLetter

_BATCH = {"content-type": "application/vnd.microsoft.servicebus.json"}
_PAGE = 1000


class HostBus:
    """`url` is where the host listens, `keys` the file with its keys, of which the owner's is used."""

    def __init__(self, url: str, keys: Path) -> None:
        self._url, self._keys = url, keys
        self._open = ExitStack()
        self._client: Any = None
        self._making = Lock()

    def close(self) -> None:
        """Let go of the connections; the next use makes them again."""
        with self._making:
            self._open.close()
            self._client = None

    def send(self, scope: Scope, to: str, messages: Sequence[BusMessage]) -> None:
        items = [_item(scope, message) for message in messages]
        self._ask("POST", f"/{quote(to)}/messages", content=json.dumps(items), headers=_BATCH)

    def dead_letters(self, scope: Scope, source: str, after: int = 0, limit: int = 100) -> list[DeadLetter]:
        found: list[DeadLetter] = []
        look = partial(self._dig, "GET", source)
        while len(found) < limit and (seen := look(params={"after": after, "limit": _PAGE}).json()):
            after = seen[-1]["sequenceNumber"]
            found += [_dead(scope, each) for each in seen if _letters.is_of(scope, each["properties"])]
        return found[:limit]

    def replay(self, scope: Scope, source: str, numbers: Collection[int]) -> list[int]:
        own = [number for number in sorted(numbers) if self._has(scope, source, number)]
        answer = self._dig("POST", source, json={"sequenceNumbers": own})
        return [int(number) for number in answer.json()["sequenceNumbers"]]

    def _has(self, scope: Scope, source: str, number: int) -> bool:
        return [dead.number for dead in self.dead_letters(scope, source, number - 1, 1)] == [number]

    def _dig(self, method: str, source: str, **options: Any) -> Any:
        answer = self._http().request(method, _graves(source), **options)
        if answer.status_code == 404:
            raise Missing("queue", source)
        return answer.raise_for_status()

    def _ask(self, method: str, path: str, **options: Any) -> Any:
        answer = self._http().request(method, path, **options)
        if answer.status_code in (400, 413):
            raise ValueError(answer.text.strip())
        return answer.raise_for_status()

    def _http(self) -> Any:
        with self._making:
            if self._client is None:
                import httpx2

                key = json.loads(self._keys.read_text("utf-8"))["master"]
                client = httpx2.Client(base_url=self._url, headers={"x-functions-key": key}, timeout=30)
                self._client = self._open.enter_context(client)
            return self._client


def _graves(source: str) -> str:
    return f"/admin/host/queues/{quote(source)}/{_letters.DEAD_LETTERS}"


def _item(scope: Scope, message: BusMessage) -> dict[str, Any]:
    broker = {
        "MessageId": _letters.key(scope, message.id),
        "Label": message.subject,
        "ContentType": "application/json",
        "SessionId": _letters.key(scope, message.session) if message.session else None,
        "ScheduledEnqueueTimeUtc": message.at.isoformat() if message.at else None,
    }
    return {
        "Body": _letters.body(message),
        "BrokerProperties": broker,
        "UserProperties": _letters.properties(scope, message),
    }


def _dead(scope: Scope, seen: dict[str, Any]) -> DeadLetter:
    message = _letters.read(scope, seen["properties"], seen.get("label"), seen.get("sessionId"), seen["body"])
    reason, description = seen.get("deadLetterReason", ""), seen.get("deadLetterErrorDescription", "")
    return DeadLetter(seen["sequenceNumber"], message, reason, description)
