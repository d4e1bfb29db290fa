"""The compliance report: what many runs add up to, for whoever checks that processes were run as they should be."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict, Field

from shared.domain.run_summary import Pin


class _Frozen(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Totals(_Frozen):
    """Runs and what came of them. `kept` and `breached` are runs with a time that their plan allows; whether one with
    an earlier attempt that was late counts as kept: no."""

    runs: int = 0
    within: int = 0
    """Of them, those that were a step of another run."""
    states: dict[str, int] = Field(default_factory=dict)
    kept: int = 0
    breached: int = 0
    retried: int = 0
    """Attempts beyond the first."""
    fixed: int = 0
    undone: int = 0
    tries: int = 0
    errors: dict[str, int] = Field(default_factory=dict)
    """Class -> tries of steps that ended so."""
    received: int = 0
    quarantined: int = 0
    sent: dict[str, int] = Field(default_factory=dict)
    mean_seconds: float | None = None
    """Of those that are done; null where none is."""


class VersionTotals(_Frozen):
    """Of one version (SHA-256 of its plan) of one process."""

    process: str
    version: str
    totals: Totals


class Approver(_Frozen):
    """What one person answered in one process. `flow` is nobody: the time was over. Waits are in seconds."""

    process: str
    by: str
    decisions: dict[str, int]
    mean_waited: float
    longest_waited: float


class FailingStep(_Frozen):
    """A step of which tries failed: in how many runs of how many, by class of error, and what may be done about it."""

    process: str
    step: str
    runs: int
    of: int
    errors: dict[str, int]
    advice: str


class Span(_Frozen):
    """A day, week or month, from `start` on."""

    start: date
    runs: int
    failed: int
    errors: dict[str, int]


class Worse(_Frozen):
    """Something that was better in the time of the same length before, beyond chance. Shares lie between 0 and 1;
    of `seconds` it is the mean."""

    process: str
    what: str
    now: float
    before: float
    of_now: int
    of_before: int
    text: str


class ProgramTotals(_Frozen):
    """A step that runs a program, as the version of the plan pins it, and how many runs that version had."""

    process: str
    version: str
    step: str
    pin: Pin
    runs: int


class Broken(_Frozen):
    """A run whose chain in the journal does not hold."""

    run: str
    problem: str


class JournalCheck(_Frozen):
    """Chains of the journal, recomputed for as many runs as a request has time for."""

    runs: int
    facts: int
    not_holding: int
    broken: list[Broken]
    """The first hundred of them."""
    not_checked: int


class ComplianceReport(_Frozen):
    """Runs that were taken in from `since` to `until`, both included, in `timezone`. `before`: the first day of the
    time of the same length that they are compared with."""

    made_at: datetime
    timezone: str
    since: date
    until: date
    before: date
    process: str | None
    sentence: str
    totals: Totals
    versions: list[VersionTotals]
    worse: list[Worse]
    compared: int
    """Comparisons that there were enough runs for."""
    spans: list[Span]
    failing: list[FailingStep]
    approvers: list[Approver]
    programs: list[ProgramTotals]
    journal: JournalCheck
