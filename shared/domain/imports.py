"""An import of contacts: what came in, and what became of every row of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

RowOutcome = Literal["created", "updated", "unchanged", "merged", "quarantined"]
OUTCOMES: tuple[RowOutcome, ...] = ("created", "updated", "unchanged", "merged", "quarantined")


class RowError(BaseModel):
    """Why a row is in quarantine; `line` is the one on which it begins, as an editor counts."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    line: int
    field: str
    reason: str


class Import(BaseModel):
    """The document. `received` is always the sum of the five outcomes; while it runs, it grows towards `rows`."""

    model_config = ConfigDict(extra="forbid")

    id: str
    status: Literal["running", "completed", "failed"] = "running"
    status_reason: str | None = None
    created_at: datetime
    by: str
    content_type: str
    rows: int
    double_opt_in: bool = False
    """Who is said to have agreed is to confirm it first."""
    digest: str | None = None
    """SHA-256 of the file: evidence of consent names it."""
    received: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    merged: int = 0
    """Further rows of an address that the same file has already given."""
    quarantined: int = 0
    errors: list[RowError] = Field(default_factory=list)
    """The first 1,000; `errors_total` counts all. A row may have several."""
    errors_total: int = 0
    batches: int | None = None
    """How many batches the source was split into; None until it was."""
    batches_done: int = 0

    def count(self, outcomes: Mapping[str, int]) -> None:
        """Add rows whose outcome is now known."""
        for outcome, rows in outcomes.items():
            setattr(self, outcome, getattr(self, outcome) + rows)
        self.received = sum(getattr(self, outcome) for outcome in OUTCOMES)
