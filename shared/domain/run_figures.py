"""The figures of a run, counted when it ends: what a report over many runs adds up without reading their steps."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Answered(_Strict):
    """A question of a step that was decided: by whom, and how long it had waited (seconds). `flow` decides when the
    time is over."""

    step: str
    decision: str
    by: str
    waited: float


class RunFigures(_Strict):
    """Counts, codes and ids; nothing of what was in the data."""

    steps: dict[str, int] = Field(default_factory=dict)
    """State -> how many steps of the plan; `waiting` also counts what has not begun."""
    tries: int = 0
    """Attempts at steps and items, of all attempts of the run."""
    errors: dict[str, int] = Field(default_factory=dict)
    """Class of error -> how many tries ended so."""
    failing: dict[str, dict[str, int]] = Field(default_factory=dict)
    """Step -> class of error -> how many of its tries ended so."""
    received: int = 0
    """Rows that were read; each of them was kept, or put in quarantine."""
    kept: int = 0
    quarantined: int = 0
    approvals: list[Answered] = Field(default_factory=list)
    sent: dict[str, int] = Field(default_factory=dict)
    """State of the ledger -> how many notices."""
    cpu_seconds: float = 0
    peak_bytes: int | None = None
    """Of the program that took most; null where nothing was measured."""
