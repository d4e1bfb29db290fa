"""What states of runs and steps, and kinds of errors, are called on pages; and how long something took."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from shared.domain.run import ErrorKind, Run, RunStatus, StepStatus

RUN_WORDS: Mapping[RunStatus, str] = {
    "waiting": "Waits to begin",
    "running": "Under way",
    "paused": "Paused",
    "done": "Done",
    "failed": "Failed",
    "cancelled": "Cancelled",
}
RUN_COLOURS: Mapping[RunStatus, str] = {
    "waiting": "unknown",
    "running": "accent",
    "paused": "held",
    "done": "sent",
    "failed": "failed",
    "cancelled": "soft",
}
STEP_WORDS: Mapping[StepStatus, str] = {
    "running": "under way",
    "waiting": "waits",
    "asking": "asks a person",
    "done": "done",
    "skipped": "skipped",
    "failed": "failed",
    "cancelled": "cancelled",
}
STEP_COLOURS: Mapping[StepStatus, str] = {
    "running": "accent",
    "waiting": "unknown",
    "asking": "held",
    "done": "sent",
    "skipped": "soft",
    "failed": "failed",
    "cancelled": "soft",
}
KINDS: Mapping[ErrorKind, str] = {
    "input": "What it was given is wrong; the same again will fail again",
    "transient": "It may go well in a moment",
    "provider": "Another system refused, or is not there",
    "resource": "A limit of time, memory, output or disk was reached",
    "policy": "A rule of this house forbids it",
    "code": "The script or program itself failed",
}
_TRIGGERS = {"cron": "by the clock", "event": "by an event", "bus": "by a command on the bus", "file": "by a file"}


def begun_by(run: Run) -> str:
    """Who or what began it."""
    return _TRIGGERS.get(run.trigger, f"by {run.created_by}")


def lasted(run: Run, now: datetime) -> str:
    """How long it took, or takes so far."""
    return duration(((run.ended_at or now) - run.started_at).total_seconds()) if run.started_at else ""


def duration(seconds: float) -> str:
    """0.4 s; 12 s; 3 min 20 s; 2 h 5 min; 3 days 4 h."""
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    for size, unit, lower, name in ((86_400, "days", 3_600, "h"), (3_600, "h", 60, "min"), (60, "min", 1, "s")):
        if whole >= size:
            return f"{whole // size} {unit} {whole % size // lower} {name}"
    return f"{whole} s"
