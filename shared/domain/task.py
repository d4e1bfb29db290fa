"""A task: something that an agent is to do, with every attempt at it (S3.18)."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator

from shared.domain.agent import AgentId
from shared.domain.budget import Budget
from shared.domain.routing import Sensitivity
from shared.domain.texts import Line, Plain

TaskStatus = Literal["created", "queued", "running", "waiting", "done", "failed"]
UNDER_WAY: tuple[TaskStatus, ...] = ("queued", "running", "waiting")
MOST_ATTEMPTS = 100
"""That are kept of one task, the last ones."""
_MOST_INPUT = 20_000

Work = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=8000), Plain]
Foreign = Annotated[str, StringConstraints(min_length=1, max_length=20_000), Plain]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class OutsideText(_Strict):
    """Text that somebody outside wrote, and where it comes from: material, never instructions (rule L3)."""

    source: Line
    text: Foreign


class Assignment(_Strict):
    """What is to be done. `budget` limits the account `task-<id>`."""

    title: Line
    instructions: Work
    input: dict[str, Any] = Field(default_factory=dict)
    outside: Annotated[list[OutsideText], Field(max_length=10)] = Field(default_factory=list)
    sensitivity: Sensitivity = "internal"
    budget: Budget | None = None
    waits_for: Line | None = None
    """A workflow of another system, by its id there: the work begins when it is reported as completed."""

    @field_validator("input")
    @classmethod
    def _small(cls, given: dict[str, Any]) -> dict[str, Any]:
        if len(repr(given)) > _MOST_INPUT:
            raise ValueError(f"is longer than {_MOST_INPUT:,} characters")
        return given


class TaskRequest(Assignment):
    """The body of POST /api/v1/tasks. `execute`: begin at once."""

    agent: AgentId
    execute: bool = False


class Attempt(_Strict):
    """One execution; or `times` in a row that ended alike, waiting for the same. `interrupted`: it never told its end;
    the machine stopped, or another took over."""

    run: int
    at: datetime
    ended_at: datetime | None = None
    outcome: Literal["running", "done", "waiting", "failed", "fault", "interrupted"] = "running"
    why: str = ""
    times: int = 1


class ToolUse(_Strict):
    """One use of a tool, and what came of it in a few words."""

    run: int
    tool: str
    said: str


class Task(Assignment):
    """The document. `run` counts how often it was begun; `cost` is a tally of all its calls."""

    id: str
    agent: AgentId
    status: TaskStatus = "created"
    status_reason: str | None = None
    run: int = 0
    created_at: datetime
    created_by: str
    result: str | None = None
    written_by: str | None = None
    """The model that wrote the result."""
    waited_for: bool = False
    """It was reported."""
    cost: dict[str, int] = Field(default_factory=dict)
    tools_used: list[ToolUse] = Field(default_factory=list)
    attempts: list[Attempt] = Field(default_factory=list)
