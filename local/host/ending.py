"""How an instance stops: completed, failed, continued as new, terminated, or parked until somebody looks at it."""

from __future__ import annotations

import json
import logging
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from local.host.commands import Command, Deliver, Wake
from local.host.history import Event, Kind, event, stamped
from local.host.rows import Message, Record
from local.host.session import Session
from local.host.steps import Outcome

_log = logging.getLogger(__name__)


def execution_id(instance_id: str, created: str, generation: int) -> str:
    """The same for the same instance, creation and generation, so that histories can be repeated."""
    return uuid5(NAMESPACE_URL, f"{instance_id}|{created}|{generation}").hex


def end(session: Session, outcome: Outcome, chunk: list[Event], at: str) -> list[Command]:
    """End an execution as it asked, with `chunk` as its last turn; returns what other instances must hear."""
    if outcome.kind == "ContinuedAsNew":
        return _continue(session, outcome.output)
    record = session.record
    record.status, record.updated, result = outcome.kind, at, outcome.output
    if outcome.kind == "Failed":
        record.failure = result = f"Orchestrator function '{record.name}' failed: {outcome.error}"
        record.output = json.dumps(result)
    else:
        record.output = result
    ended = event(Kind.EXECUTION_COMPLETED, OrchestrationStatus=outcome.kind, Result=result)
    save(session, chunk + stamped([ended], at))
    session.close()
    if outcome.kind == "Failed":
        return _answer(record, Kind.SUB_ORCHESTRATION_FAILED, Reason=result, Details="")
    return _answer(record, Kind.SUB_ORCHESTRATION_COMPLETED, Result=result)


def terminate(session: Session, reason: str | None, at: str) -> list[Command]:
    """End an instance from outside; its timers, messages and waiting activities go."""
    record = session.record
    record.status, record.failure, record.updated = "Terminated", reason, at
    record.output = json.dumps(reason)
    save(session, stamped([event(Kind.EXECUTION_TERMINATED, Input=reason)], at))
    session.close()
    session.forget_work()
    return _answer(record, Kind.SUB_ORCHESTRATION_FAILED, Reason=f"terminated: {reason}", Details="")


def park(session: Session, why: str, at: str) -> list[Command]:
    """Suspend an instance that cannot go on: its messages wait, and resuming it tries again."""
    _log.error("instance %s (%s) is parked: %s", session.record.id, session.record.name, why)
    record = session.record
    record.status, record.failure, record.updated = "Suspended", why, at
    session.execution = None
    return []


def save(session: Session, chunk: list[Event]) -> None:
    """Add a turn to the history."""
    session.changes.chunks.append(chunk)
    session.record.chunks += 1


def _continue(session: Session, input_text: str | None) -> list[Command]:
    record = session.record
    record.input = input_text
    record.generation += 1
    record.execution_id = execution_id(record.id, record.created, record.generation)
    session.begin_again()
    return [Wake(record.id)]


def _answer(record: Record, kind: Kind, **properties: Any) -> list[Command]:
    if record.parent_id is None:
        return []
    answer = event(kind, TaskScheduledId=record.parent_task, **properties)
    return [Deliver(record.parent_id, Message(answer, record.parent_execution))]
