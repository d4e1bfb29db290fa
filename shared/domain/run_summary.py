"""The execution summary of one run: what an auditor needs to know of it, and nothing of what was in the data.

Free texts in it have gone through `shared.process.audit.veil`."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from shared.domain.run import ErrorKind, RunStatus
from shared.domain.run_figures import RunFigures


class _Frozen(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FileTold(_Frozen):
    """A file by its checksum (SHA-256). `bytes` is null where the step did not say."""

    name: str
    bytes: int | None
    sha256: str


class ValueTold(_Frozen):
    """An input or output of the run. Of an output only numbers, dates, digests and files are told; of other texts how
    long they are."""

    name: str
    value: str
    files: list[FileTold] = Field(default_factory=list)


class TryTold(_Frozen):
    """One attempt at a step; `attempt` is that of the run."""

    attempt: int
    at: datetime
    ended_at: datetime | None
    outcome: str
    seconds: float
    cpu_seconds: float
    peak_bytes: int | None
    error: ErrorKind | None
    message: str


class Pin(_Frozen):
    """What a step that runs a program runs: exactly which, whose, and in which level of the sandbox it ran last."""

    kind: Literal["script", "executable"]
    name: str
    pinned: str
    """`sha256:…` or `git:…`; of an executable nothing is pinned: whoever runs the machine allows it by name."""
    trust: str
    level: int | None = None


class StepTold(_Frozen):
    """A step or an item of a loop. `status` is `not-begun` where the run ended, or has not come there."""

    step: str
    item: int | None = None
    type: str
    title: str | None
    status: str
    why: str = ""
    attempt: int | None = None
    began_at: datetime | None = None
    ended_at: datetime | None = None
    seconds: float = 0
    """Of all tries that are kept, waits for a person or an hour within them included."""
    cpu_seconds: float = 0
    peak_bytes: int | None = None
    tried: int = 0
    tries: list[TryTold] = Field(default_factory=list)
    items: dict[str, int] = Field(default_factory=dict)
    """Of a loop: state -> how many."""
    rows_in: int | None = None
    rows_out: int | None = None
    quarantined: int | None = None
    files_in: list[FileTold] = Field(default_factory=list)
    files_out: list[FileTold] = Field(default_factory=list)
    more_files: int = 0
    left: list[str] = Field(default_factory=list)
    """What left the machine or was changed outside, as the step said."""
    pin: Pin | None = None
    child: str | None = None


class Decided(_Frozen):
    """Something that a person decided about the run, or has yet to decide (`decision` null)."""

    kind: Literal["approval", "question", "skip", "inputs"]
    step: str | None
    decision: str | None
    by: str | None
    at: datetime | None
    asked_at: datetime | None = None
    waited: float | None = None
    """Seconds."""
    reason: str = ""
    digest: str | None = None
    """Of exactly what was shown."""


class LedgerTold(_Frozen):
    """One notice: its effect key, and how it stands. Nobody is named."""

    key: str
    state: str
    attempt: int
    at: datetime | None
    reason: str = ""


class SentTold(_Frozen):
    """What a step sent to people and systems, row by row of the ledger; `states` counts all of them."""

    step: str
    item: int | None
    channel: str
    states: dict[str, int]
    rows: list[LedgerTold]


class Happened(_Frozen):
    """A fact of the run's stream of the journal, other than the ends of steps."""

    at: datetime
    what: str
    by: str
    about: str


class JournalTold(_Frozen):
    """The run's stream, its chain recomputed just now. `head` is the hash of its last fact."""

    holds: bool
    facts: int
    head: str
    problem: str = ""


class RunSummary(_Frozen):
    """Everything about one run, as it stands."""

    run: str
    process: str
    title: str
    version: str
    """SHA-256 of the plan that it followed."""
    sentence: str
    status: RunStatus
    reason: str | None
    attempt: int
    started_by: str
    trigger: str
    trigger_about: dict[str, str]
    parent: str | None
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    seconds: float | None
    """Of the present attempt."""
    due_at: datetime | None
    sla: Literal["kept", "breached", "open"] | None
    """Null where the plan sets no time; breached also if an earlier attempt was late."""
    undone: int
    fixed: int
    figures: RunFigures
    inputs: list[ValueTold]
    outputs: list[ValueTold]
    steps: list[StepTold]
    more_items: int
    """Items of loops that are not listed."""
    decisions: list[Decided]
    sent: list[SentTold]
    history: list[Happened]
    journal: JournalTold
