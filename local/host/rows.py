"""The rows of the host's database, and what a batch changes in them. Times are ISO texts in UTC."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from local.host.bus_store import UseBus
from local.host.history import Event


@dataclass(slots=True)
class Record:
    """A row of instances."""

    id: str
    execution_id: str
    generation: int
    name: str
    version: str | None
    status: str
    input: str | None
    output: str | None
    custom_status: str | None
    failure: str | None
    created: str
    updated: str
    parent_id: str | None
    parent_execution: str | None
    parent_task: int | None
    chunks: int  # turns in the history
    tail: int | None = None  # the last of them
    trace: str | None = None  # W3C traceparent of whoever started it


class Work(NamedTuple):
    """An activity that is to run; its row goes when its result is committed."""

    seq: int
    instance_id: str
    execution_id: str
    task: int
    name: str
    input: str | None
    trace: str | None = None  # W3C traceparent of its orchestration


class Timer(NamedTuple):
    """A durable timer; its row goes when it has fired or is cancelled. With `activity`, it calls that one again."""

    instance_id: str
    task: int
    execution_id: str
    fire_at: str
    activity: str | None = None
    input: str | None = None


class Caller(NamedTuple):
    """The call that an operation of an entity answers."""

    instance_id: str
    execution_id: str
    task: int


class Operation(NamedTuple):
    """An operation that an entity is to run; its row goes when its outcome is committed. No caller: a signal."""

    seq: int
    entity_id: str
    name: str
    input: str | None
    request_id: str
    caller: Caller | None


@dataclass(slots=True)
class Message:
    """An event for an instance: for one execution or (None) the current one; `seq` once it is in the inbox."""

    event: Event
    execution_id: str | None = None
    seq: int | None = None


@dataclass(slots=True)
class Changes:
    """What a batch does to one instance. `forget` names the tables whose rows of it go first."""

    is_start: bool = False
    forget: set[str] = field(default_factory=set)
    chunks: list[list[Event]] = field(default_factory=list)
    work: list[Work] = field(default_factory=list)
    timers: dict[int, Timer] = field(default_factory=dict)
    timers_gone: list[int] = field(default_factory=list)
    mail: list[Message] = field(default_factory=list)
    mail_gone: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Transaction:
    """What a batch does in all, at a time."""

    now: datetime
    instances: list[tuple[Record, Changes]] = field(default_factory=list)
    finished_work: list[int] = field(default_factory=list)
    operations: list[Operation] = field(default_factory=list)
    finished_operations: list[int] = field(default_factory=list)
    entities: dict[str, tuple[str | None, str]] = field(default_factory=dict)  # id: state (None: gone), time
    purged: list[str] = field(default_factory=list)
    monitors: dict[str, dict[str, Any]] = field(default_factory=dict)
    bus: list[UseBus] = field(default_factory=list)
    clock: str | None = None
