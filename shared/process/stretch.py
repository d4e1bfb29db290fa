"""Light steps, many in one turn: done one after another, then written down together (decision 41)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from shared.domain.names import Kind
from shared.domain.outcome import Done
from shared.domain.run import Run, RunStep, step_id
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.ports import Ports, Write
from shared.process.attempt import Doing
from shared.process.books import Book, note, stands, steps_of
from shared.process.declared import Plan
from shared.process.plan import MOST_LIGHT
from shared.process.steps import is_light
from shared.process.turn import Turn

_MOST_BYTES = 500_000
"""What is written together fits into one transaction of every store, also if the last step has made a million."""


def stretch(ports: Ports, scope: Scope, run: Run, plan: Plan, begun: Sequence[int], doing: Doing) -> Done:
    """Do the light steps at these places of the plan, and those that only waited for them; what stands from an earlier
    attempt is not touched. `ended` says how each of them ended; `left` are those of the given ones that have to be done
    as others are: they wait, or it was too much."""
    steps = list(plan.by_id.values())
    places = _with_followers(plan, begun)
    book = _Gathered(ports, scope, run.id, [steps[at].id for at in places])
    kept = {at for at in places if at not in begun and at < len(plan.steps) and _stands(book.read(steps[at].id), run)}
    ended: list[tuple[int, str]] = []
    done: set[str] = set()
    for at in places:
        step = steps[at]
        if book.is_full or at in kept or (at not in begun and not done.issuperset(step.needs)):
            continue
        state = Turn(ports, scope, run, plan, step.id, None, doing, book).do()
        if isinstance(state, Done):
            ended.append((at, state.data["state"]))
            done |= {step.id} if state.data["state"] == "done" else set()
    book.settle()
    told = {at for at, _ in ended}
    return Done({"ended": ended, "left": [at for at in begun if at not in told]})


def _stands(step: RunStep | None, run: Run) -> bool:
    return step is not None and stands(step, run)


def _with_followers(plan: Plan, begun: Sequence[int]) -> list[int]:
    """These places and those of the light steps that need nothing else, in an order in which they can be done."""
    steps, main = list(plan.by_id.values()), len(plan.steps)
    needed_by: dict[str, list[int]] = {}
    for at, step in enumerate(steps):
        for need in step.needs:
            needed_by.setdefault(need, []).append(at)
    found, known = list(begun), {steps[at].id for at in begun}
    for at in found:
        for after in needed_by.get(steps[at].id, ()):
            step = steps[after]
            follows = step.id not in known and not step.foreach and is_light(step.type) and known.issuperset(step.needs)
            if follows and (after < main) == (at < main) and len(found) < MOST_LIGHT:
                found.append(after)
                known.add(step.id)
    return found


class _Gathered(Book):
    """What the steps of a stretch write, until it is written down at once; read at once, too."""

    def __init__(self, ports: Ports, scope: Scope, run: str, steps: Sequence[str]) -> None:
        super().__init__(ports, scope, run)
        there = steps_of(ports, scope, run, filters=[Filter("id", "in", [step_id(run, each) for each in steps])])
        self._steps: dict[str, RunStep | None] = dict.fromkeys(steps) | {each.step: each for each in there}
        self._written: dict[str, RunStep] = {}
        self._bytes = 0
        self._ends: dict[str, list[str]] = {}
        self._attempt = 0

    def read(self, step: str, item: int | None = None) -> RunStep | None:
        return self._steps[step] if item is None and step in self._steps else super().read(step, item)

    def write(self, step: RunStep) -> None:
        self._steps[step.step] = self._written[step.step] = step
        if step.status != "running":
            self._bytes += len(orjson.dumps((step.inputs, step.outputs)))

    def note(self, by: str, what: str, data: Mapping[str, Any]) -> None:
        """How steps end is told in one fact; anything else at once."""
        if not what.startswith("step-"):
            super().note(by, what, data)
            return
        self._ends.setdefault(what.removeprefix("step-"), []).append(data["step"])
        self._attempt = data["attempt"]

    @property
    def is_full(self) -> bool:
        return self._bytes > _MOST_BYTES

    def settle(self) -> None:
        """Write it all down. A kill after the fact and before the documents does the steps anew, and tells them once
        more: a fact too many is better than one that is missing."""
        if self._ends:
            note(self._ports, self._scope, self._run, "flow", "step-ends", {"attempt": self._attempt, **self._ends})
        written = self._written.items()
        if writes := [Write(step_id(self._run, id), each.model_dump(mode="json"), "*") for id, each in written]:
            self._ports.documents.batch(self._scope, Kind.RUN_STEP, writes)
