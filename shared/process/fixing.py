"""Rows in quarantine that somebody put right: a new attempt of the run, from the step that had refused them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from shared.domain.faults import Conflict, FieldError, Rejected
from shared.domain.run import RUN_UNDER_WAY, Fixing, RowsFix, Run, RunFile, RunStep
from shared.domain.scope import Scope
from shared.ports import Ports
from shared.process import runs
from shared.process.books import steps_of
from shared.process.given import file_of

_Refused = tuple[RunStep, dict[str, Any]]
"""A step that refused rows, and its outputs."""


def fix(ports: Ports, scope: Scope, id: str, by: str, asked: RowsFix) -> Run:
    """The step whose quarantine it is reads the corrected rows only, and every step that needs it is done anew: in the
    end the run stands as if the file had been right at once. The caller starts its flow. Raises Missing, Conflict and
    Rejected."""
    run = runs.read(ports, scope, id)
    only_whole(run)
    try:
        file = RunFile.model_validate(file_of(ports, scope, asked.file.model_dump()))
    except ValueError as error:
        raise Rejected(FieldError("file", str(error))) from None
    step, before = _meant(list(_refused(ports, scope, run)), asked)
    item = "" if step.item is None else f"{step.item}-"
    where = f"runs/{id}/{step.step}/before-{item}{run.attempt}.json"
    ports.files.put(scope, where, json.dumps(before).encode())
    return runs.retry(ports, scope, id, by, step.step, Fixing(step=step.step, item=step.item, file=file, before=where))


def only_whole(run: Run) -> None:
    """Raises Conflict for a run that is under way, or part of another."""
    if run.status in RUN_UNDER_WAY:
        raise Conflict("status", f"the run is {run.status}; wait until it has ended, or cancel it")
    if run.parent is not None:
        raise Conflict("run", f"it is part of the run {run.parent.run}")


def _refused(ports: Ports, scope: Scope, run: Run) -> Iterator[_Refused]:
    """The steps that have rows in quarantine; also one whose last correction was wrong itself."""
    tried = {(each.step, each.item): each.before for each in run.fixes}
    for each in steps_of(ports, scope, run.id):
        before = each.outputs
        if each.status != "done" and (each.step, each.item) in tried:
            before = json.loads(ports.files.get(scope, tried[each.step, each.item]))
        if each.type == "read" and before.get("quarantine"):
            yield each, before


def _meant(found: list[_Refused], asked: RowsFix) -> _Refused:
    if asked.step is not None:
        found = [each for each in found if each[0].step == asked.step and asked.item in (None, each[0].item)]
    if not found:
        raise Conflict("step", f"{asked.step or 'no step'} has {'no' if asked.step else 'any'} rows in quarantine")
    if len(found) > 1:
        named = [each for each in found if each[1]["quarantine"]["name"] == asked.file.name]
        if len(named) != 1:
            there = ", ".join(_place(step) for step, _ in found[:20])
            raise Rejected(FieldError("step", f"say whose quarantine it is: {there}"))
        return named[0]
    return found[0]


def _place(step: RunStep) -> str:
    return step.step if step.item is None else f"{step.step} (item {step.item})"
