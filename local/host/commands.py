"""What can be asked of the engine. Each is applied to a batch, and answered after its COMMIT."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from local.host.bus_model import Outgoing
from local.host.bus_store import UseBus
from local.host.entities import Outcome
from local.host.model import Later
from local.host.rows import Caller, Message, Timer, Work


class Parent(NamedTuple):
    """The call that a sub-orchestration answers."""

    id: str
    execution_id: str
    task: int


class Start(NamedTuple):
    """A new instance; `is_first` says that there cannot be one of its id, which was made up for it. `trace` is the W3C
    traceparent of whoever starts it."""

    instance_id: str
    name: str
    input: str | None
    version: str | None
    parent: Parent | None = None
    is_first: bool = False
    trace: str | None = None


class Deliver(NamedTuple):
    """An event for an instance that may be gone or finished by now: a timer, or a sub-orchestration's end."""

    instance_id: str
    message: Message


class FinishWork(NamedTuple):
    """An activity has ended, with this event, and sends these messages."""

    work: Work
    message: Message
    sent: Sequence[Outgoing] = ()


class PutOff(NamedTuple):
    """An activity has not ended: it wants to be called again."""

    work: Work
    later: Later


class CallAgain(NamedTuple):
    """The time has come to call an activity that was put off."""

    timer: Timer
    activity: str


class Operate(NamedTuple):
    """An operation for an entity, with the call it answers (None: a signal)."""

    entity_id: str
    name: str
    input: str | None
    request_id: str
    caller: Caller | None = None


class FinishOperations(NamedTuple):
    """A batch of operations has ended so."""

    outcome: Outcome


class RaiseEvent(NamedTuple):
    """An external event for an instance that must be live."""

    instance_id: str
    name: str
    input: str | None


class Control(NamedTuple):
    """Terminate, suspend or resume a live instance."""

    instance_id: str
    action: str
    reason: str | None


class Restart(NamedTuple):
    """Start again, as `new_id`, with the name and input of an instance."""

    instance_id: str
    new_id: str


class Purge(NamedTuple):
    """Forget finished instances."""

    instance_ids: Sequence[str]


class Wake(NamedTuple):
    """Let an instance take what is waiting for it."""

    instance_id: str


class SetMonitor(NamedTuple):
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
