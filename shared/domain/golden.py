"""A golden tape: what a process was given, what outside answered, and what each step made of it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from shared.domain.run import Failure

TapeState = Literal["same", "differs", "missing", "new"]
"""Of a step. missing: only the tape has it; new: only today's run has it."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class About(_Strict):
    """`tape.json`: the run that was recorded. `at` is when it began, which is now when the tape is played."""

    tape: Literal[1] = 1
    process: str
    digest: str
    at: Annotated[AwareDatetime, Field(ge=datetime(2000, 1, 1, tzinfo=UTC), le=datetime(2200, 1, 1, tzinfo=UTC))]
    inputs: dict[str, Any]
    steps: list[str]
    """In the order of the plan."""


class OutsideAnswer(_Strict):
    """What a step that reaches outside was answered, or how that failed."""

    outputs: dict[str, Any]
    left: list[str]
    failure: Failure | None = None


class TapeStep(BaseModel):
    """A step beside what the tape has of it; `lines` are those of a unified diff."""

    step: str
    state: TapeState
    lines: list[str]


class TapeTest(BaseModel):
    """The answer: `first` names the first step that is not the same, in the order of the plan."""

    process: str
    same: bool
    first: str | None
    steps: list[TapeStep]
