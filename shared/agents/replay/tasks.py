"""A task replayed: its last run, turn by turn, with what its tools had answered."""

from __future__ import annotations

from typing import Any

from shared.agents import tasks
from shared.agents.replay.follow import Follower
from shared.agents.replay.still import still
from shared.agents.replay.tape import tape_of
from shared.domain.faults import Conflict
from shared.domain.names import Flow, Kind, instance_id
from shared.domain.replay import Step
from shared.domain.scope import Scope
from shared.domain.task import Task
from shared.ports import Body, Document, Ports

_DECIDED = ("status", "status_reason", "result", "written_by", "cost", "tools_used")
_BEFORE: Body = {"status": "queued", "status_reason": None, "result": None, "written_by": None, "cost": {},
                 "tools_used": [], "attempts": []}  # fmt: skip


def replay_task(ports: Ports, scope: Scope, task: Task, agents: list[Document]) -> list[Step]:
    """The last run. Raises Conflict while it is under way, before it was ever executed, and without a tape."""
    if task.status not in ("done", "failed"):
        raise Conflict("status", f"it has not ended; the task is {task.status}")
    instance = instance_id(scope, Flow.TASK, task.id, task.run)
    name = f"run {task.run}"
    tape = tape_of(ports, scope, f"{instance}~")
    follower = Follower(tape, lambda key: f"{name}{_named(key.removeprefix(f'{instance}~{task.id}~{task.run}~'))}")
    for key in tape.found:
        follower.damaged(key)
    document = Document(Kind.TASK, task.id, {**task.model_dump(mode="json"), **_BEFORE}, "then", "", "", 1)
    replayed = still(ports, [document, *tape.documents, *agents], task.attempts[-1].at, follower)
    order = {"scope": [*scope], "task": task.id, "run": task.run, "instance": instance}
    ended = task.status_reason if task.status == "failed" else None
    if follower.carry(name, lambda: tasks.run(replayed, order), ended) is not None:
        follower.decision(f"{name}, the result", _decided(task), _decided(tasks.read(replayed, scope, task.id)))
        follower.unused(lambda key: True)
    return follower.steps


def _decided(task: Task) -> dict[str, Any]:
    """What came of the run."""
    found = task.model_dump(mode="json", include={*_DECIDED})
    return {**found, "tools_used": [each for each in found["tools_used"] if each["run"] == task.run]}


def _named(rest: str) -> str:
    turn, *more = rest.split("~")
    name = f", turn {int(turn) + 1}" if turn.isdigit() else f", {turn}"
    return f"{name}, tool {int(more[1]) + 1}" if more[:1] == ["tool"] and more[1:] and more[1].isdigit() else name
