"""A run of a declared process, and its steps: what came of each, every attempt at it (decision 41)."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from shared.domain.run_figures import RunFigures
from shared.domain.texts import Plain

RunStatus = Literal["waiting", "running", "paused", "done", "failed", "cancelled"]
RUN_UNDER_WAY: tuple[RunStatus, ...] = ("waiting", "running", "paused")
StepStatus = Literal["running", "waiting", "asking", "done", "skipped", "failed", "cancelled"]
STEP_ENDED: tuple[StepStatus, ...] = ("done", "skipped", "failed", "cancelled")
ErrorKind = Literal["input", "transient", "provider", "resource", "policy", "code"]
StepId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500), Plain]
MOST_TRIES = 50
"""That are kept of one step, the last ones."""
HIDDEN = "•••"
"""In the place of a sensitive input."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class RunRequest(_Strict):
    """The body of POST /api/v1/processes/{name}/runs."""

    inputs: dict[str, Any] = Field(default_factory=dict, max_length=100)
    version: Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")] | None = None
    """The digest of a version; the present one if nothing stands here."""


class Why(_Strict):
    """The body of what steers a run. `step`: from which a run is retried."""

    reason: Reason | None = None
    step: StepId | None = None


class StepReason(_Strict):
    """A step that is not to be done, and why."""

    step: StepId
    reason: Reason


class Verdict(_Strict):
    """What a person says about a step that asks: do it again, take it as done, or let it fail. An approval is answered
    by `/api/v1/approvals`."""

    step: StepId
    item: Annotated[int, Field(ge=0)] | None = None
    decision: Literal["retry", "done", "fail"]
    reason: Reason | None = None


class NewInputs(_Strict):
    """Inputs that take the place of what a run was given."""

    inputs: dict[str, Any] = Field(min_length=1, max_length=100)


class RunFile(_Strict):
    """A file for a run: the value of an input of the type `file`."""

    file: str
    name: str
    bytes: int
    sha256: str


class RowsFix(_Strict):
    """The body of POST /api/v1/runs/{id}/fix: a quarantine with rows put right, as POST /api/v1/runs/files answered
    it. Without `step` it is found by the quarantine's name, or because there is only one."""

    file: RunFile
    step: StepId | None = None
    item: Annotated[int, Field(ge=0)] | None = None


class Fixing(_Strict):
    """Rows that were put right, for a step that reads a file: in the present attempt it reads only these."""

    step: str
    item: int | None = None
    file: RunFile
    before: str
    """Where in Files the outputs lie that the step had until then."""


class Skip(_Strict):
    """A step that is not to be done, who said so and why."""

    by: str
    at: datetime
    reason: str


class Said(_Strict):
    """What a person decided about a step that asked. `asked` is how many tries it had by then: another question is
    not answered by it."""

    decision: str
    by: str
    at: datetime
    asked: int
    reason: str = ""


class Change(_Strict):
    """Inputs that were changed while the run was under way."""

    at: datetime
    by: str
    names: list[str]


class Parent(_Strict):
    """The step of another run that this one is part of."""

    run: str
    step: str
    item: int | None = None


class Run(_Strict):
    """The document. `attempt` counts how often it was begun; what people wish of it stands here, and steps read it
    before they begin."""

    id: str
    process: str
    title: str
    digest: str
    """Of the version of the plan."""
    attempt: int = 1
    status: RunStatus = "waiting"
    status_reason: str | None = None
    inputs: dict[str, Any] = Field(default_factory=dict)
    sensitive: list[str] = Field(default_factory=list)
    """Names of inputs that are never shown."""
    outputs: dict[str, Any] = Field(default_factory=dict)
    trigger: str = "person"
    event: dict[str, Any] = Field(default_factory=dict)
    """What the trigger told."""
    parent: Parent | None = None
    depth: int = 0
    key: str | None = None
    """Runs with the same key wait for each other."""
    created_at: datetime
    created_by: str
    started_at: datetime | None = None
    ended_at: datetime | None = None
    retried_at: datetime | None = None
    """When its present attempt was asked for; null for the first, which was when the run was taken in."""
    due_at: datetime | None = None
    late: bool = False
    was_late: bool = False
    """An attempt before the present one was."""
    paused_by: str | None = None
    cancelled_by: str | None = None
    reason: str | None = None
    """Why it was paused or cancelled, in the words of whoever did it."""
    again: list[str] = Field(default_factory=list)
    """Steps that the present attempt does anew."""
    fixes: list[Fixing] = Field(default_factory=list)
    """Of these steps, those that only read rows that were put right."""
    skips: dict[str, Skip] = Field(default_factory=dict)
    said: dict[str, Said] = Field(default_factory=dict)
    """By the id of the step's document."""
    changes: list[Change] = Field(default_factory=list)
    fixed: int = 0
    """How often rows were put right."""
    undone: int = 0
    """How often it was taken back."""
    figures: RunFigures | None = None
    """Counted when it ends; null while it is under way."""

    def shown(self) -> Run:
        """Without its sensitive inputs."""
        hidden = {name: HIDDEN for name in self.sensitive if name in self.inputs}
        return self.model_copy(update={"inputs": {**self.inputs, **hidden}})


class Failure(_Strict):
    """Why a step failed. `left`: what had left the machine or was changed outside by then."""

    kind: ErrorKind
    message: str
    field: str = ""
    left: list[str] = Field(default_factory=list)
    safe_to_retry: bool = True
    traceback: str = ""


class Undone(_Strict):
    """What became of one change outside when its run was undone."""

    run: str
    """The one that is undone, or one within it."""
    step: str
    item: int | None = None
    what: str
    """The place (`folder:path`), or what the step said had left the machine."""
    came_back: bool
    why: str
    """`restored`, `as it was`, or why it could not come back."""


class Undo(_Strict):
    """The answer to POST /api/v1/runs/{id}/undo: what came back and what could not, the last change first."""

    run: Run
    changes: list[Undone]


class Try(_Strict):
    """One attempt at a step. `interrupted`: it never told its end; the machine stopped."""

    attempt: int
    """Of the run."""
    at: datetime
    ended_at: datetime | None = None
    outcome: Literal["running", "done", "again", "failed", "interrupted"] = "running"
    failure: Failure | None = None
    why: str = ""
    seconds: float = 0
    cpu_seconds: float = 0
    peak_bytes: int | None = None


class Progress(_Strict):
    """How far a step is."""

    done: int
    total: int | None = None
    unit: str = "rows"


class RunStep(_Strict):
    """The document of a step, or of one item of a loop: `<run>~<step>` and `<run>~<step>~<item>`."""

    run: str
    step: str
    item: int | None = None
    type: str
    title: str | None = None
    attempt: int
    """Of the run, in which it began last."""
    status: StepStatus = "running"
    why: str = ""
    """What it waits for, why it was skipped, or what it asks."""
    until: datetime | None = None
    """It waits until then, unless somebody rings."""
    began_at: datetime
    ended_at: datetime | None = None
    items: int | None = None
    inputs: dict[str, Any] = Field(default_factory=dict)
    """What it was given, expressions resolved, sensitive inputs left out."""
    outputs: dict[str, Any] = Field(default_factory=dict)
    left: list[str] = Field(default_factory=list)
    undo: list[dict[str, Any]] = Field(default_factory=list)
    progress: Progress | None = None
    child: str | None = None
    """The run that it is."""
    tries: list[Try] = Field(default_factory=list)
    tried: int = 0
    """How often in all; of that the last ones are kept."""


class LogLine(_Strict):
    """One line of what a step said."""

    at: datetime
    step: str
    item: int | None = None
    text: str


class News(_Strict):
    """How a run stands, the steps under way, how many are in which state, and the lines since the cursor before."""

    run: Run
    steps: list[RunStep] = Field(default_factory=list)
    counts: dict[str, int] = Field(default_factory=dict)
    lines: list[LogLine] = Field(default_factory=list)
    cursor: str | None = None


def step_id(run: str, step: str, item: int | None = None) -> str:
    """The id of a step's document."""
    return f"{run}~{step}" if item is None else f"{run}~{step}~{item}"
