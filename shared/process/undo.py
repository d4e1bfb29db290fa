"""What a run changed outside, taken back: the last step first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from shared.domain.names import Kind
from shared.domain.run import Run, RunStep, Undo, Undone
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.ports import Order, Ports
from shared.process import runs
from shared.process.books import RUN_BOOK, note, write_step
from shared.process.compensate import is_taken_back, taken_back_as
from shared.process.errors import StepError
from shared.process.fixing import only_whole
from shared.process.places import Place
from shared.process.trash import take_back

_BACK = ("restored", "as it was")


def undo(ports: Ports, scope: Scope, id: str, by: str) -> Undo:
    """Take back what its steps changed in folders, and those of the runs within it; what somebody changed since stays,
    and what has left the machine is said. A step that came back whole is done anew when the run is retried. Repeatable.
    Raises Missing, and Conflict for a run that is under way or part of another."""
    run = runs.read(ports, scope, id)
    only_whole(run)
    changes = list(_undone(ports, scope, run))
    back = sum(each.came_back for each in changes)
    note(ports, scope, id, by, "undone", {"attempt": run.attempt, "back": back, "not_back": len(changes) - back})
    run = RUN_BOOK.change(ports, scope, id, _once_more)
    return Undo(run=run.shown(), changes=changes)


def _once_more(run: Run) -> None:
    run.undone += 1


def _undone(ports: Ports, scope: Scope, run: Run) -> Iterator[Undone]:
    """The changes of its steps, the last step first; then it is written down which steps came back whole."""
    found = sorted(runs.steps(ports, scope, run.id), key=lambda each: each.ended_at or each.began_at)
    children, whole = _within(ports, scope, run), dict[str, bool]()
    for each in reversed(found):
        if each.step.startswith(taken_back_as("")) or is_taken_back(ports, scope, each):
            continue
        for child in [child for child in children if _is_of(child, each)]:
            yield from _undone(ports, scope, child)
        for change in _of_step(ports, scope, each):
            whole[each.step] = whole.get(each.step, True) and change.came_back
            yield change
    for each in found:
        if each.item is None and whole.get(each.step):
            _say_so(ports, scope, run, each)


def _within(ports: Ports, scope: Scope, run: Run) -> list[Run]:
    """The runs that its steps were, the last one first."""
    found: list[Run] = []
    on, newest, cursor = [Filter("parent.run", "eq", run.id)], Order("created_at", descending=True), None
    while True:
        page = ports.documents.find(scope, Kind.RUN, on, newest, 1000, cursor)
        found += [Run.model_validate(each.body) for each in page.documents]
        cursor = page.cursor
        if cursor is None:
            return found


def _is_of(child: Run, step: RunStep) -> bool:
    return child.parent is not None and (child.parent.step, child.parent.item) == (step.step, step.item)


def _of_step(ports: Ports, scope: Scope, step: RunStep) -> Iterator[Undone]:
    told = partial(Undone, run=step.run, step=step.step, item=step.item)
    for entry in reversed(step.undo):
        why = _taken_back(ports, scope, entry)
        yield told(what=str(Place.model_validate(entry["place"])), came_back=why in _BACK, why=why)
    failure = step.tries[-1].failure if step.tries and step.status == "failed" else None
    for left in [*([] if step.undo else step.left), *(failure.left if failure else [])]:
        yield told(what=left, came_back=False, why="it cannot be taken back from here")


def _taken_back(ports: Ports, scope: Scope, entry: Mapping[str, Any]) -> str:
    try:
        return take_back(ports, scope, [entry])[0].outcome
    except StepError as error:
        return str(error)


def _say_so(ports: Ports, scope: Scope, run: Run, step: RunStep) -> None:
    now = ports.clock.now()
    document = RunStep(
        run=run.id, step=taken_back_as(step.step), type=step.type, title=step.title, attempt=run.attempt,
        status="done", began_at=now, ended_at=now,
    )  # fmt: skip
    write_step(ports, scope, document)
