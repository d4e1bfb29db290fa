"""The compliance report, put together page by page of the store."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from shared.domain.faults import Missing
from shared.domain.figures import percent
from shared.domain.names import Kind
from shared.domain.run import RUN_UNDER_WAY, Run
from shared.domain.run_compliance import (
    Approver,
    Broken,
    ComplianceReport,
    FailingStep,
    JournalCheck,
    ProgramTotals,
    Span,
    Totals,
    VersionTotals,
    Worse,
)
from shared.domain.run_figures import Answered
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.ports import Order, Ports
from shared.process.audit.summary import figures_of
from shared.process.audit.tally import Tally
from shared.process.audit.told import pin_of
from shared.process.audit.worse import worse
from shared.process.books import plan_of

MOST_VERIFIED = 5_000
"""Runs whose chain in the journal is recomputed: more would take longer than a request may."""
LONGEST = 400
"""Days."""
_MOST_BROKEN, _MOST_STEPS = 100, 50
_ADVICE: Mapping[str, str] = {
    "input": "the data are not what the plan expects: see the quarantine, widen its columns, or ask who sends them",
    "transient": "it passes by itself: let the step try again (retry: {transient: 3})",
    "provider": "another system refuses: look at its account and limits, then settle or retry the step",
    "resource": "raise what it may use (bounds, timeout), or give it less at once",
    "policy": "somebody or a rule of this machine forbids it: ask whoever approves, or runs the machine",
    "code": "the program or plan is at fault: the run's log has its last words",
}


def compliance(ports: Ports, scope: Scope, since: date, until: date, process: str | None = None) -> ComplianceReport:
    """Of all runs that were taken in from `since` to `until`, both included; they are compared with those of as many
    days before. Memory does not grow with the number of runs."""
    books, journal = _Books(ZoneInfo(ports.timezone), since, until), _Journal(ports, scope)
    before = since - (until - since) - timedelta(days=1)
    for run in _runs(ports, scope, since, until, process):
        books.add(run, ports, scope)
        journal.check(run.id)
    past: dict[str, Tally] = {}
    for run in _runs(ports, scope, before, since - timedelta(days=1), process):
        past.setdefault(run.process, Tally()).add(run, figures_of(ports, scope, run))
    found, compared = worse(books.processes, past)
    totals = books.totals()
    failing = books.failing()
    return ComplianceReport(
        made_at=ports.clock.now(), timezone=ports.timezone, since=since, until=until, before=before, process=process,
        sentence=_sentence(totals, failing, found, compared, journal.told()), totals=totals, versions=books.versions(),
        worse=found, compared=compared, spans=books.spans(), failing=failing, approvers=books.approvers(),
        programs=list(_programs(ports, scope, books.by_version)), journal=journal.told(),
    )  # fmt: skip


def _runs(ports: Ports, scope: Scope, since: date, until: date, process: str | None) -> Iterator[Run]:
    """In the order of their ids, by which every store finds the next page without looking at those before."""
    zone = ZoneInfo(ports.timezone)
    first, after = (datetime.combine(day, time(), zone) for day in (since, until + timedelta(days=1)))
    on = [Filter("created_at", "ge", _written(first)), Filter("created_at", "lt", _written(after))]
    on += [Filter("process", "eq", process)] if process else []
    cursor = None
    while True:
        page = ports.documents.find(scope, Kind.RUN, on, Order("id", descending=True), 1000, cursor)
        for document in page.documents:
            yield Run.model_validate(document.body)
        cursor = page.cursor
        del page  # before the next one is read
        if cursor is None:
            return


def _written(at: datetime) -> str:
    """As the store compares it."""
    return at.astimezone(ZoneInfo("UTC")).strftime("%Y-%m-%dT%H:%M:%S")


@dataclass
class _Waits:
    decisions: Counter[str] = field(default_factory=Counter)
    seconds: float = 0
    longest: float = 0

    def add(self, each: Answered) -> None:
        self.decisions[each.decision] += 1
        self.seconds += each.waited
        self.longest = max(self.longest, each.waited)


class _Books:
    """What is added up, by version, by day and by person."""

    def __init__(self, zone: ZoneInfo, since: date, until: date) -> None:
        self._zone, self._days = zone, (until - since).days + 1
        self.by_version: dict[tuple[str, str], Tally] = {}
        self._spans: dict[date, Counter[str]] = {}
        self._waits: dict[tuple[str, str], _Waits] = {}

    def add(self, run: Run, ports: Ports, scope: Scope) -> None:
        figures = figures_of(ports, scope, run)
        self.by_version.setdefault((run.process, run.digest), Tally()).add(run, figures)
        span = self._spans.setdefault(self._span(run.created_at), Counter())
        span["runs"] += 1
        span["failed"] += run.status == "failed"
        for name, count in figures.errors.items():
            span[f"error {name}"] += count
        for each in figures.approvals:
            self._waits.setdefault((run.process, each.by), _Waits()).add(each)

    @cached_property
    def processes(self) -> dict[str, Tally]:
        """By process, when all runs are added."""
        found: dict[str, Tally] = {}
        for (name, _), each in self.by_version.items():
            found.setdefault(name, Tally()).include(each)
        return found

    def totals(self) -> Totals:
        found = Tally()
        for each in self.by_version.values():
            found.include(each)
        return found.totals()

    def versions(self) -> list[VersionTotals]:
        """The busiest process first, of it the busiest version."""
        found = [
            VersionTotals(process=name, version=version, totals=each.totals())
            for (name, version), each in self.by_version.items()
        ]
        runs = {name: each.counts["runs"] for name, each in self.processes.items()}
        return sorted(found, key=lambda each: (-runs[each.process], each.process, -each.totals.runs, each.version))

    def spans(self) -> list[Span]:
        return [
            Span(
                start=start, runs=each["runs"], failed=each["failed"],
                errors={name[6:]: count for name, count in each.items() if name.startswith("error ")},
            )
            for start, each in sorted(self._spans.items())
        ]  # fmt: skip

    def failing(self) -> list[FailingStep]:
        """Those that fail most often first."""
        found = [
            FailingStep(
                process=name, step=step, runs=each.failed_in[step], of=each.counts["runs"], errors=dict(classes),
                advice=_ADVICE.get(classes.most_common(1)[0][0], ""),
            )
            for name, each in self.processes.items()
            for step, classes in each.failing.items()
        ]  # fmt: skip
        found.sort(key=lambda each: (-each.runs, -sum(each.errors.values()), each.process, each.step))
        return found[:_MOST_STEPS]

    def approvers(self) -> list[Approver]:
        found = [
            Approver(
                process=process,
                by=by,
                decisions=dict(each.decisions),
                longest_waited=round(each.longest, 3),
                mean_waited=round(each.seconds / each.decisions.total(), 3),
            )
            for (process, by), each in self._waits.items()
        ]
        return sorted(found, key=lambda each: (each.process, each.by))

    def _span(self, at: datetime) -> date:
        """The day, its Monday or the first of its month: about thirty of them at most."""
        day = at.astimezone(self._zone).date()
        if self._days <= 31:
            return day
        return day - timedelta(days=day.weekday()) if self._days <= 200 else day.replace(day=1)


class _Journal:
    """The chains of runs, recomputed one after the other."""

    def __init__(self, ports: Ports, scope: Scope) -> None:
        self._ports, self._scope = ports, scope
        self._runs = self._facts = self._not_checked = self._not_holding = 0
        self._broken: list[Broken] = []

    def check(self, run: str) -> None:
        if self._runs >= MOST_VERIFIED:
            self._not_checked += 1
            return
        self._runs += 1
        if problem := self._problem(run):
            self._not_holding += 1
            self._broken = [*self._broken, Broken(run=run, problem=problem[:300])][:_MOST_BROKEN]

    def _problem(self, run: str) -> str:
        try:
            facts = self._ports.journal.verify(self._scope, f"run/{run}")
        except ValueError as error:
            return str(error)
        self._facts += facts
        return "" if facts else "it has no facts, not even that the run was taken in"

    def told(self) -> JournalCheck:
        return JournalCheck(
            runs=self._runs, facts=self._facts, not_holding=self._not_holding, broken=self._broken,
            not_checked=self._not_checked,
        )  # fmt: skip


def _programs(ports: Ports, scope: Scope, versions: Mapping[tuple[str, str], Tally]) -> Iterator[ProgramTotals]:
    for (process, digest), tally in sorted(versions.items()):
        try:
            plan = plan_of(ports, scope, process, digest)
        except Missing:
            continue
        for step in (*plan.steps, *plan.last):
            if pin := pin_of(step):
                yield ProgramTotals(process=process, version=digest, step=step.id, pin=pin, runs=tally.counts["runs"])


def _chains(journal: JournalCheck) -> str:
    if journal.not_holding:
        return f"{journal.not_holding:,} CHAINS OF THE JOURNAL DO NOT HOLD."
    return "The journal holds." if not journal.not_checked else "The journal holds as far as it was recomputed."


def _news(worse: int, compared: int) -> str:
    if worse:
        return f"{worse:,} thing{'s' if worse > 1 else ''} got worse."
    return (
        "Nothing got worse beyond chance." if compared else "There are too few runs to say whether anything got worse."
    )


def _sentence(
    totals: Totals, failing: list[FailingStep], found: list[Worse], compared: int, journal: JournalCheck
) -> str:
    if not totals.runs:
        return "No run was taken in."
    done, ended = totals.states.get("done", 0), totals.runs - sum(totals.states.get(each, 0) for each in RUN_UNDER_WAY)
    parts = [f"{done:,} of {totals.runs:,} runs are done, {totals.states.get('failed', 0):,} failed"]
    if under_way := totals.runs - ended:
        parts.append(f"{under_way:,} are under way")
    if totals.received:
        share = percent(totals.quarantined / totals.received)
        parts.append(f"{totals.quarantined:,} of {totals.received:,} rows ({share}) went to quarantine")
    told = [f"{'; '.join(parts)}."]
    if totals.kept + totals.breached:
        told.append(f"{totals.breached:,} of {totals.kept + totals.breached:,} were late.")
    if failing:
        told.append(f"What failed most often is step {failing[0].step} of {failing[0].process}.")
    told.append(_news(len(found), compared))
    told.append(_chains(journal))
    return " ".join(told)
