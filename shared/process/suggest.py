"""Suggested fixes (S4.2, S4.27): rules say at once what they know; a model is asked as any agent is, in a task with its
budget and its tape, and is told nothing of the data: declarations, classes of errors, reasons and how often."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from shared.agents import roster, tasks
from shared.domain.faults import Conflict, Missing
from shared.domain.names import Verb
from shared.domain.run import ErrorKind, Failure, Run, RunFile, RunStep
from shared.domain.scope import Scope
from shared.domain.suggestion import Suggestion, Trouble
from shared.domain.task import Assignment, Task
from shared.ports import Ports, Stale
from shared.process import runs
from shared.process.books import plan_of
from shared.process.declared import Action, Plan
from shared.process.for_models import field_told, message_told, reasons_told
from shared.process.rows.sensitive import masked

_MOST_WITH = 3000
_MOST_TROUBLES = 5
"""That a model is told of."""
_RULES: Mapping[ErrorKind, str] = {
    "input": "The same again fails again: what it was given has to change, or how the plan reads it.",
    "transient": "It may go well in a moment; `retry: {transient: 5}` lets the plan wait for that by itself.",
    "provider": "Another system refused: look there first; `retry: {provider: 3}` asks again by itself.",
    "resource": "A limit was reached: raise the step's `timeout` or `bounds`, or give it less at once.",
    "policy": "A rule of this house forbids it: whoever runs Baton can allow it, a retry cannot.",
    "code": "The program itself failed: the lines it said last are in the log of the step.",
}
_TASK = """\
A run of a declared process (steps in YAML, as data) is in trouble. For each trouble say what most likely is wrong and
what to change: in the plan (quote the lines as they should be) or in the data that is sent. You see no data, only how
columns are declared and why rows were refused, and how often. Use at most 200 words. A person reads it and decides.
"""


def suggestion(ports: Ports, scope: Scope, id: str) -> Suggestion:
    """What is known now: the rules' word, and the model's if it was asked about this attempt. Raises Missing."""
    run = runs.read(ports, scope, id)
    try:
        task: Task | None = tasks.read(ports, scope, _task_id(run))
    except Missing:
        task = None
    return _told(ports, run, list(_troubles(ports, scope, run)), task)


def ask(ports: Ports, scope: Scope, id: str, by: str) -> tuple[Suggestion, Task | None]:
    """Have a model asked, if there is one, once for each attempt of the run; the caller starts the task's flow. Raises
    Missing, and Conflict if nothing is wrong, or nobody can analyse."""
    run = runs.read(ports, scope, id)
    troubles = list(_troubles(ports, scope, run))
    if not troubles:
        raise Conflict("run", "no step has failed, and no rows are in quarantine")
    if not _has_model(ports):
        return _told(ports, run, troubles, None), None
    task = _task(ports, scope, run, troubles, by)
    begins = task.status in ("created", "failed")
    task = tasks.queue(ports, scope, task.id) if begins else task
    return _told(ports, run, troubles, task), task if begins else None


def _told(ports: Ports, run: Run, troubles: list[Trouble], task: Task | None) -> Suggestion:
    found = Suggestion(run=run.id, attempt=run.attempt, troubles=troubles)
    if task is None:
        none = "no model is configured (BATON_MODEL_URL): this is what rules know"
        found.note = none if troubles and not _has_model(ports) else ""
        return found
    found.task, found.status, found.written_by = task.id, task.status, task.written_by
    found.text = masked(task.result) if task.status == "done" and task.result else None
    found.note = "" if task.status == "done" else task.status_reason or ""
    return found


def _has_model(ports: Ports) -> bool:
    """The built-in writer composes what it knows; it can say nothing about a plan."""
    return any(home != "built-in" for home in ports.models)


def _task(ports: Ports, scope: Scope, run: Run, troubles: list[Trouble], by: str) -> Task:
    try:
        return tasks.read(ports, scope, _task_id(run))
    except Missing:
        pass
    able = [each.agent.id for each in roster.listing(ports, scope) if each.agent.verb == Verb.ANALYZE]
    if not able:
        raise Conflict("agent", "no agent of this workspace analyses")
    plan = plan_of(ports, scope, run.process, run.digest)
    given = {"process": run.process, "troubles": [_for_model(plan, each) for each in troubles[:_MOST_TROUBLES]]}
    asked = Assignment(title=f"Suggest a fix for the run {run.id}", instructions=_TASK, input=given)
    try:
        return tasks.create(ports, scope, by, able[0], asked, _task_id(run))
    except Stale:  # somebody else asked just now
        return tasks.read(ports, scope, _task_id(run))


def _task_id(run: Run) -> str:
    return hashlib.sha256(f"suggestion~{run.id}~{run.attempt}".encode()).hexdigest()[:32]


def _troubles(ports: Ports, scope: Scope, run: Run) -> Iterator[Trouble]:
    for step in runs.steps(ports, scope, run.id):
        if step.attempt != run.attempt and step.status == "failed":
            continue
        name = step.step if step.item is None else f"{step.step}.{step.item}"
        reasons, quarantine = step.outputs.get("reasons"), step.outputs.get("quarantine")
        if step.status in ("failed", "asking") and (failure := _failure(step)):
            rules, what = list(_of_failure(run, step, failure)), masked(failure.message)
            about: dict[str, Any] = {"kind": failure.kind, "field": failure.field, "what": what}
            yield Trouble(step=name, type=step.type, **about, rules=rules, reasons={})
        elif step.type == "read" and isinstance(reasons, dict) and isinstance(quarantine, dict):
            what = f"{step.outputs.get('quarantined')} of {step.outputs.get('received')} rows are in quarantine"
            file = RunFile.model_validate(quarantine)
            rules = [
                f"{file.name} has the reason of each row and, where a rule knows one, a value in baton_suggestion.",
                f"Put the rows right there, then: baton process fix {run.id} {file.name}",
            ]
            yield Trouble(step=name, type=step.type, what=what, rules=rules, reasons=reasons, quarantine=file)


def _failure(step: RunStep) -> Failure | None:
    return next((each.failure for each in reversed(step.tries) if each.failure), None)


def _of_failure(run: Run, step: RunStep, failure: Failure) -> Iterator[str]:
    yield _RULES[failure.kind]
    if failure.left:
        yield f"By then this had left or was changed: {', '.join(map(masked, failure.left))}."
    again = f"baton process settle {run.id} {step.step} retry"
    retry = again if step.status == "asking" else f"baton process retry {run.id} --from {step.step}"
    yield f"To do it again is safe: {retry}" if failure.safe_to_retry else f"Look what has happened before: {retry}"


def _for_model(plan: Plan, trouble: Trouble) -> dict[str, Any]:
    """Nothing of the data: what the plan declares, without what looks personal, and classes, reasons and counts."""
    action = _declared(plan, trouble.step) or Action(type=trouble.type)
    told = {
        "step": trouble.step,
        "type": trouble.type,
        "error": trouble.kind,
        "field": field_told(action, trouble.field),
        "what": masked(message_told(action, trouble.what)),
        "reasons": {masked(reason): count for reason, count in reasons_told(action, trouble.reasons).items()},
    }
    return {**told, "with": masked(json.dumps(action.given, ensure_ascii=False))[:_MOST_WITH]}


def _declared(plan: Plan, step: str) -> Action | None:
    return next((each for each in (*plan.steps, *plan.last) if each.id == step.partition(".")[0]), None)
