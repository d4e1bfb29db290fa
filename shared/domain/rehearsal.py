"""What a dry run of a process showed: counts, ten rows of each output, and what would have been done."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from shared.domain.run import RunRequest, RunStatus, StepStatus

PlanText = Annotated[str, StringConstraints(min_length=1, max_length=900_000)]


class DryRequest(RunRequest):
    """The body of POST /api/v1/processes/{name}/dry-run. With `plan` that text is rehearsed, and not kept."""

    plan: PlanText | None = None


class SomeRows(BaseModel):
    """The first rows of a table, in the order of its columns, values as texts; those of `masked` columns are hidden."""

    columns: list[str]
    rows: list[list[str | None]]
    count: int
    """How many rows there are in all."""
    masked: list[str]


class DryStep(BaseModel):
    """A step, an item of a loop (`step.0`), or one of a process within it (`step/inner`)."""

    step: str
    type: str
    title: str | None
    state: StepStatus
    why: str
    counts: dict[str, int]
    """The numbers among its outputs, such as received, kept, quarantined."""
    reasons: dict[str, int] = Field(default_factory=dict)
    """Why rows went to the quarantine, and how often."""
    would: list[str]
    """What it would have done outside."""
    rows: SomeRows | None = None
    """Of the rows that it made, wrote or loaded."""


class DryRun(BaseModel):
    """The answer: nothing of it is kept."""

    process: str
    title: str
    digest: str
    status: RunStatus
    why: str
    seconds: float
    steps: list[DryStep]
