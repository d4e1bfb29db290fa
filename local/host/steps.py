"""What an orchestrator asks for, by the SDK's task ids, and how it ends. Inputs and outputs are JSON texts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

HTTP_ACTIVITY = "BuiltIn::HttpActivity"  # runs call_http; Azure's name for it


@dataclass(frozen=True, slots=True)
class Activity:
    """The orchestrator calls an activity."""

    id: int
    name: str
    input: str | None


@dataclass(frozen=True, slots=True)
class SubOrchestration:
    """The orchestrator calls another one; without an id or a version the engine chooses."""

    id: int
    name: str
    input: str | None
    instance_id: str | None
    version: str | None


@dataclass(frozen=True, slots=True)
class Timer:
    """The orchestrator waits until `at`, or (before a retry) for `delay`."""

    id: int
    at: datetime | None = None
    delay: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True)
class EntityOperation:
    """The orchestrator calls an entity and waits for its answer, or (a signal) does not."""

    id: int
    entity_id: str
    name: str
    input: str
    is_signal: bool


Step = Activity | SubOrchestration | Timer | EntityOperation


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an execution ended: with an output, an error, or the input to continue as new with."""

    kind: str  # Completed, Failed, ContinuedAsNew
    output: str | None = None
    error: str | None = None
