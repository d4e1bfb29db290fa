"""What can be asked of the engine. Each is applied to a batch, and answered after its COMMIT."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from local.host.bus_model import Outgoing
from local.host.bus_store import UseBus
from local.host.entities import Outcome
from local.host.model import Later
from local.host.rows import Caller, Message, Timer, Work


@dataclass(frozen=True, slots=True)
class Parent:
    """The call that a sub-orchestration answers."""

    id: str
    execution_id: str
    task: int


@dataclass(frozen=True, slots=True)
class Start:
    """A new instance; `is_first` says that there cannot be one of its id, which was made up for it."""

    instance_id: str
    name: str
    input: str | None
    version: str | None
    parent: Parent | None = None
    is_first: bool = False


@dataclass(frozen=True, slots=True)
class Deliver:
    """An event for an instance that may be gone or finished by now: a timer, or a sub-orchestration's end."""

    instance_id: str
    message: Message


@dataclass(frozen=True, slots=True)
class FinishWork:
    """An activity has ended, with this event, and sends these messages."""

    work: Work
    message: Message
    sent: Sequence[Outgoing] = ()


@dataclass(frozen=True, slots=True)
class PutOff:
    """An activity has not ended: it wants to be called again."""

    work: Work
    later: Later


@dataclass(frozen=True, slots=True)
class CallAgain:
    """The time has come to call an activity that was put off."""

    timer: Timer
    activity: str


@dataclass(frozen=True, slots=True)
class Operate:
    """An operation for an entity, with the call it answers (None: a signal)."""

    entity_id: str
    name: str
    input: str | None
    request_id: str
    caller: Caller | None = None


@dataclass(frozen=True, slots=True)
class FinishOperations:
    """A batch of operations has ended so."""

    outcome: Outcome


@dataclass(frozen=True, slots=True)
class RaiseEvent:
    """An external event for an instance that must be live."""

    instance_id: str
    name: str
    input: str | None


@dataclass(frozen=True, slots=True)
class Control:
    """Terminate, suspend or resume a live instance."""

    instance_id: str
    action: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class Restart:
    """Start again, as `new_id`, with the name and input of an instance."""

    instance_id: str
    new_id: str


@dataclass(frozen=True, slots=True)
class Purge:
    """Forget finished instances."""

    instance_ids: Sequence[str]


@dataclass(frozen=True, slots=True)
class Wake:
    """Let an instance take what is waiting for it."""

    instance_id: str


@dataclass(frozen=True, slots=True)
class SetMonitor:
    """Keep a small row for the edge."""

    name: str
    row: dict[str, Any]


Command = (
    Start
    | Deliver
    | FinishWork
    | PutOff
    | CallAgain
    | Operate
    | FinishOperations
    | RaiseEvent
    | Control
    | Restart
    | Purge
    | Wake
    | SetMonitor
    | UseBus
)
