"""What the engine and the edge of the host say to each other: functions, settings, instances, errors."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal, NamedTuple

from local.host.bus_model import Outgoing

Status = Literal["Pending", "Running", "Suspended", "Completed", "Failed", "Terminated", "ContinuedAsNew", "Canceled"]
FINISHED: frozenset[str] = frozenset({"Completed", "Failed", "Terminated", "Canceled"})


class OrchestratorFunction(NamedTuple):
    """An orchestrator: `generator` is the user's own function, called with the SDK's context."""

    name: str
    generator: Callable[[Any], Any]
    input_type: type | None = None


class Later(NamedTuple):
    """What an activity returns that has not ended: it is called again, with this input, after this time."""

    input: str
    after: timedelta


class Sent(NamedTuple):
    """What an activity returns that sends messages: its result, and those that are enqueued when it is committed."""

    result: str
    messages: Sequence[Outgoing]


class ActivityFunction(NamedTuple):
    """An activity: `call` takes the input and returns the result, both JSON texts, and raises what the user raised."""

    name: str
    call: Callable[[str | None], str | Sent | None] | Callable[[str | None], Awaitable[str | Sent | Later | None]]
    is_async: bool = False


class EntityFunction(NamedTuple):
    """An entity: `handle` takes a batch of operations and returns what they did, as the SDK's JSON texts."""

    name: str
    handle: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Functions:
    """The durable functions of an app, by lower-cased name (durable names ignore case)."""

    orchestrators: Mapping[str, OrchestratorFunction]
    activities: Mapping[str, ActivityFunction]
    entities: Mapping[str, EntityFunction] = field(default_factory=dict)


class EngineSettings(NamedTuple):
    """What host.json and the command line decide for the engine."""

    default_version: str | None = None
    version_match: Literal["CurrentOrOlder", "Strict", "None"] = "CurrentOrOlder"
    version_failure: Literal["Reject", "Fail"] = "Reject"
    max_activities: int = 8
    max_entities: int = 8
    http_poll: timedelta = timedelta(seconds=30)  # between two looks at an HTTP call, when the server names no time
    sticky: bool = True
    ordered_events: bool = True
    function_timeout: float | None = None  # seconds, of an activity or an entity's operation


class Instance(NamedTuple):
    """An orchestration instance as the management API shows it; input, output and custom status are JSON texts."""

    id: str
    name: str
    status: str
    input: str | None
    output: str | None
    custom_status: str | None
    created: datetime
    last_updated: datetime
    execution_id: str
    version: str | None
    failure: str | None  # why it failed, or why it is parked


class Entity(NamedTuple):
    """An entity as the management API shows it; its state is a JSON text."""

    id: str
    state: str
    last_operation: datetime


class EngineError(Exception):
    """A request that the engine refuses, with the reason."""


class UnknownOrchestrator(EngineError):
    """The app has no orchestrator of this name."""


class UnknownEntity(EngineError):
    """The app has no entity of this name."""


class InvalidInstanceId(EngineError):
    """The id is empty, too long, starts with @ or holds a character that ids may not hold."""


class InstanceExists(EngineError):
    """A live instance has this id."""


class InstanceNotFound(EngineError):
    """No instance has this id."""


class InstanceFinished(EngineError):
    """The instance has come to its end and takes no more messages."""


class StateRefused(EngineError):
    """The state directory cannot be used: another host holds it, or a newer host wrote it."""


class EngineStopped(EngineError):
    """The engine has met an error that it cannot go on from."""


class FunctionTimeout(Exception):
    """A function ran longer than `functionTimeout` of host.json allows."""

    def __init__(self, name: str, seconds: float) -> None:
        super().__init__(f"Timeout value of {timedelta(seconds=seconds)} exceeded by function {name!r}")


class UnknownSdk(EngineError):
    """The installed azure-functions-durable does not work as this host knows it."""
