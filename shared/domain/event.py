"""Events: what other systems are told of. They are read off documents that changed, so none can be forgotten."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, PlainSerializer

from shared.domain.names import Kind
from shared.domain.scope import Scope

EventType = Literal[
    "campaign.awaiting_approval",
    "campaign.completed",
    "campaign.failed",
    "campaign.cancelled",
    "task.completed",
    "task.failed",
    "contact.unsubscribed",
    "webhook.disabled",
    "run.started",
    "run.done",
    "run.failed",
    "run.late",
]


def stamp(at: datetime) -> str:
    """To the microsecond, always: so texts are in order as times are."""
    utc = at if at.tzinfo is UTC else at.astimezone(UTC)
    return utc.isoformat(timespec="microseconds")[:-6] + "Z"


Moment = Annotated[datetime, PlainSerializer(stamp, when_used="json")]
"""A time that documents are looked for by."""


class Event(BaseModel):
    """One event: ids and codes, never personal data. The same change always makes the same `id`."""

    model_config = ConfigDict(extra="forbid")

    id: str
    type: EventType
    at: Moment
    data: dict[str, str | int]

    def payload(self, scope: Scope) -> dict[str, Any]:
        """What is told, over the bus and to webhooks alike (Standard Webhooks: type, timestamp, data)."""
        data = {**self.data, "workspace": scope.workspace}
        return {"type": self.type, "timestamp": self.at.isoformat(), "data": data}


def event(scope: Scope, type: EventType, at: datetime, occurrence: str, **data: str | int) -> Event:
    """`occurrence` tells this one from all others of its type."""
    name = hashlib.sha256("\n".join((*scope, type, occurrence)).encode()).hexdigest()[:32]
    return Event(id=f"evt_{name}", type=type, at=at, data=data)


def events_in(scope: Scope, kind: str, id: str, body: Mapping[str, Any], changed: datetime) -> Iterator[Event]:
    """What a document, as it is now, tells; again and again the same, however often it is read."""
    match kind:
        case Kind.CAMPAIGN:
            yield from _of_campaign(scope, id, body, changed)
        case Kind.TASK:
            yield from _of_task(scope, id, body)
        case Kind.RUN if body["parent"] is None:
            yield from _of_run(scope, id, body)
        case Kind.CONSENT if body.get("status") == "withdrawn":
            yield _of_withdrawal(scope, body)
        case Kind.WEBHOOK if body.get("disabled_at"):
            at = datetime.fromisoformat(body["disabled_at"])
            yield event(scope, "webhook.disabled", at, f"{id}~{at.isoformat()}", webhook=id)


def _of_campaign(scope: Scope, id: str, body: Mapping[str, Any], changed: datetime) -> Iterator[Event]:
    status, version, attempt = body["status"], int(body["version"]), int(body["attempt"])
    if status == "awaiting_approval":
        yield event(scope, "campaign.awaiting_approval", changed, f"{id}~{version}", campaign=id, version=version)
    elif status == "completed":
        yield event(scope, "campaign.completed", changed, f"{id}~{attempt}", campaign=id)
    elif status == "failed":
        yield event(scope, "campaign.failed", changed, f"{id}~{attempt}", campaign=id)
    elif status == "cancelled":
        yield event(scope, "campaign.cancelled", changed, id, campaign=id)


def _of_task(scope: Scope, id: str, body: Mapping[str, Any]) -> Iterator[Event]:
    types: Mapping[str, EventType] = {"done": "task.completed", "failed": "task.failed"}
    for attempt in body["attempts"]:
        if type := types.get(attempt["outcome"]):
            run, ended = int(attempt["run"]), datetime.fromisoformat(attempt["ended_at"])
            yield event(scope, type, ended, f"{id}~{run}", task=id, agent=body["agent"], run=run)


def _of_run(scope: Scope, id: str, body: Mapping[str, Any]) -> Iterator[Event]:
    """Of the present attempt. A process within a process is told with the run that it is part of."""
    ended: Mapping[str, EventType] = {"done": "run.done", "failed": "run.failed"}
    told: list[tuple[EventType, str | None]] = [("run.started", body["started_at"])]
    told += [("run.late", body["due_at"])] if body["late"] else []
    if end := ended.get(body["status"]):
        told.append((end, body["ended_at"]))
    attempt, about = int(body["attempt"]), {name: str(body[name]) for name in ("process", "trigger")}
    for type, at in told:
        if at:
            yield event(scope, type, datetime.fromisoformat(at), f"{id}~{attempt}", run=id, attempt=attempt, **about)


def _of_withdrawal(scope: Scope, body: Mapping[str, Any]) -> Event:
    about = {name: str(body[name]) for name in ("campaign", "topic", "purpose") if body.get(name)}
    at = datetime.fromisoformat(body["recorded_at"])
    data = {"contact": str(body["contact"]), "channel": str(body["channel"]), "method": str(body["method"]), **about}
    return event(scope, "contact.unsubscribed", at, str(body["id"]), **data)
