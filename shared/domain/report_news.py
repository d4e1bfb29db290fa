"""What another system reports, signed: that a task it had is done, that a workflow it ran has ended."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints

from shared.domain.texts import Line, Plain

Told = Annotated[str, StringConstraints(max_length=20_000), Plain]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class TaskReport(_Strict):
    """About one of our tasks. `result` is for people to read; no model is shown it."""

    task: Line
    status: Literal["done", "failed", "running"]
    result: Told | None = None
    reason: Line | None = None


class TaskNews(_Strict):
    """The body of POST /api/v1/webhooks/task/status."""

    type: Literal["task.status"] = "task.status"
    data: TaskReport


class WorkflowReport(_Strict):
    """About a workflow that some of our tasks wait for, by its id in the other system."""

    workflow: Line
    status: Literal["completed", "failed"]
    reason: Line | None = None


class WorkflowNews(_Strict):
    """The body of POST /api/v1/webhooks/workflow/completed."""

    type: Literal["workflow.completed"] = "workflow.completed"
    data: WorkflowReport


class Reported(BaseModel):
    """Which tasks are otherwise now; none if it was known."""

    changed: list[str]
