"""Sums over runs: each is added and forgotten, so that a report over a hundred thousand holds no more than one page."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

from shared.domain.run import Run
from shared.domain.run_compliance import Totals
from shared.domain.run_figures import RunFigures


class Mean(NamedTuple):
    """Of `n` values; `variance` is that of the mean itself."""

    n: int
    value: float
    variance: float


@dataclass
class Tally:
    """Of the runs that were added to it."""

    counts: Counter[str] = field(default_factory=Counter)
    states: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)
    sent: Counter[str] = field(default_factory=Counter)
    failing: dict[str, Counter[str]] = field(default_factory=dict)
    failed_in: Counter[str] = field(default_factory=Counter)
    """Step -> runs in which a try of it failed."""
    _seconds: float = 0
    _squares: float = 0

    def add(self, run: Run, figures: RunFigures) -> None:
        """One more run."""
        late, counts = run.late or run.was_late, self.counts
        counts["runs"] += 1
        counts["within"] += run.parent is not None
        counts["breached"] += late
        counts["kept"] += run.due_at is not None and run.ended_at is not None and not late
        counts["retried"] += run.attempt - 1
        counts["fixed"] += run.fixed
        counts["undone"] += run.undone
        counts["tries"] += figures.tries
        counts["received"] += figures.received
        counts["quarantined"] += figures.quarantined
        self.states[run.status] += 1
        if figures.errors or figures.sent:
            self.errors.update(figures.errors)
            self.sent.update(figures.sent)
        for step, classes in figures.failing.items():
            self.failing.setdefault(step, Counter()).update(classes)
            self.failed_in[step] += 1
        if run.status == "done" and run.started_at and run.ended_at:
            seconds = (run.ended_at - run.started_at).total_seconds()
            self._seconds += seconds
            self._squares += seconds * seconds

    def include(self, other: Tally) -> None:
        """All runs of another."""
        for mine, theirs in (
            (self.counts, other.counts), (self.states, other.states), (self.errors, other.errors),
            (self.sent, other.sent), (self.failed_in, other.failed_in),
        ):  # fmt: skip
            mine.update(theirs)
        for step, classes in other.failing.items():
            self.failing.setdefault(step, Counter()).update(classes)
        self._seconds += other._seconds
        self._squares += other._squares

    def mean(self) -> Mean:
        """How long the runs took that are done."""
        n = self.states["done"]
        if n < 2:
            return Mean(n, self._seconds, 0)
        spread = max(0.0, (self._squares - self._seconds**2 / n) / (n - 1))
        return Mean(n, self._seconds / n, spread / n)

    def totals(self) -> Totals:
        """As it is told."""
        mean = self.mean()
        return Totals(
            **self.counts, states=dict(self.states), errors=dict(self.errors), sent=dict(self.sent),
            mean_seconds=round(mean.value, 3) if mean.n else None,
        )  # fmt: skip
