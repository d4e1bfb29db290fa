"""The steps of a run read once: each as a summary tells it, and the figures of all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from graphlib import TopologicalSorter

from shared.domain.run import Run, RunStep
from shared.domain.run_figures import Answered, RunFigures
from shared.domain.run_summary import StepTold
from shared.process.audit.told import step_told
from shared.process.audit.veil import Veil
from shared.process.books import stands
from shared.process.compensate import taken_back_as
from shared.process.declared import Plan, Step

MOST_ITEMS = 50
"""Of one loop that are listed: those that did not succeed first."""
_ADDED = ("rows_in", "rows_out", "quarantined")
_BACK = taken_back_as("")


class Reading:
    """What the documents of the steps of one run add up to. Only what is told of them is held, never their outputs."""

    def __init__(self, run: Run, plan: Plan, documents: Iterable[RunStep]) -> None:
        self._run, self._veil = run, Veil(run)
        self._plan: dict[str, Step] = {step.id: step for step in (*plan.steps, *plan.last)}
        self._last = {step.id for step in plan.last}
        self._steps: dict[str, StepTold] = {}
        self._valid: set[str] = set()
        """Steps that are of this attempt, or stand from one before."""
        self._counts: dict[str, int] = {}
        """Loop -> how many items it has now; it comes before its items."""
        self._items: dict[str, list[StepTold]] = {}
        self._states: dict[str, Counter[str]] = {}
        self._rows: dict[str, Counter[str]] = {}
        self._figures = RunFigures()
        self.more_items = 0
        self.senders: list[tuple[str, int | None, str]] = []
        """Steps and items that may have rows in the ledger: (step, item, channel)."""
        for document in documents:
            self._take(document)

    def steps(self) -> list[StepTold]:
        """In the order of the plan, those that did not begin among them; the items of a loop after it, at most so many;
        then what was taken back."""
        states = self._all_states()
        told: list[StepTold] = []
        for id, step in self._plan.items():
            found = self._steps.get(id) or StepTold(step=id, type=step.type, title=step.title, status=states[id][0])
            told.append(self._whole(found, *states[id]))
            told += self._listed(id)
        return [*told, *(each for id, each in self._steps.items() if id.startswith(_BACK))]

    def figures(self, approvals: list[Answered], sent: Mapping[str, int]) -> RunFigures:
        """The sums; a step that stands from an attempt before, and is not done, counts as not begun."""
        states = Counter(state for state, _ in self._all_states().values())
        return self._figures.model_copy(update={"steps": dict(states), "approvals": approvals, "sent": dict(sent)})

    def _take(self, document: RunStep) -> None:
        told, is_valid = step_told(document, self._plan.get(document.step), self._veil), self._is_valid(document)
        if not is_valid:
            told = told.model_copy(update=dict.fromkeys(_ADDED))
        self._count(document, told)
        if document.type.startswith("notify.") or document.type == "approve":
            channel = document.type.removeprefix("notify.") if document.type != "approve" else "email"
            self.senders.append((document.step, document.item, channel))
        if document.item is None:
            self._steps[document.step], self._counts[document.step] = told, document.items or 0
            self._valid |= {document.step} if is_valid else set()
            return
        if not is_valid:
            return
        self._states.setdefault(document.step, Counter())[document.status] += 1
        rows = self._rows.setdefault(document.step, Counter())
        for name in _ADDED:
            rows[name] += getattr(told, name) or 0
        self._keep(told)

    def _is_valid(self, document: RunStep) -> bool:
        """Whether what it says of its rows and its end is true of the run now: a loop may have fewer items than it had,
        and what is to be done anew is not done."""
        if document.item is not None and document.item >= self._counts.get(document.step, 0):
            return False
        return document.attempt == self._run.attempt or stands(document, self._run)

    def _keep(self, told: StepTold) -> None:
        kept = self._items.setdefault(told.step, [])
        kept.append(told)
        if len(kept) > MOST_ITEMS:
            kept.sort(key=lambda each: (each.status == "done", each.item))
            kept.pop()
            self.more_items += 1

    def _count(self, document: RunStep, told: StepTold) -> None:
        figures = self._figures
        figures.tries += document.tried
        figures.cpu_seconds = round(figures.cpu_seconds + told.cpu_seconds, 3)
        figures.peak_bytes = max(figures.peak_bytes or 0, told.peak_bytes or 0) or None
        for each in told.tries:
            if each.error:
                figures.errors[each.error] = figures.errors.get(each.error, 0) + 1
                classes = figures.failing.setdefault(told.step, {})
                classes[each.error] = classes.get(each.error, 0) + 1
        if document.type == "read":
            figures.received += told.rows_in or 0
            figures.kept += told.rows_out or 0
            figures.quarantined += told.quarantined or 0

    def _whole(self, told: StepTold, state: str, why: str) -> StepTold:
        """With the sums of its items, and why it is as it is."""
        rows = self._rows.get(told.step, Counter[str]())
        sums = {name: rows[name] for name in _ADDED if rows.get(name)}
        items = dict(self._states.get(told.step, {}))
        return told.model_copy(update={"status": state, "why": told.why or why, "items": items, **sums})

    def _listed(self, id: str) -> list[StepTold]:
        return sorted(self._items.get(id, ()), key=lambda each: each.item or 0)

    def _all_states(self) -> dict[str, tuple[str, str]]:
        """Step -> its state and, for one without a document of this attempt, why."""
        found: dict[str, tuple[str, str]] = {}
        for id in TopologicalSorter({id: step.needs for id, step in self._plan.items()}).static_order():
            if id in self._plan:
                found[id] = self._state(self._plan[id], found)
        return {id: found[id] for id in self._plan}

    def _state(self, step: Step, found: Mapping[str, tuple[str, str]]) -> tuple[str, str]:
        if step.id in self._valid:
            return self._steps[step.id].status, self._steps[step.id].why
        skipped = next(self._skipped(step, found), None)
        if skipped and step.when is None:
            return "skipped", f"{skipped}, which it needs, was skipped"
        return "not-begun", ""

    def _skipped(self, step: Step, found: Mapping[str, tuple[str, str]]) -> Iterator[str]:
        """What it needs that was skipped; a step of `finally` waits only for others of its kind."""
        for need in step.needs:
            if need in found and found[need][0] == "skipped" and (step.id not in self._last or need in self._last):
                yield need
