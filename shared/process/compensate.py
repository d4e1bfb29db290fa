"""Taking back what was done, after a step failed that says so: the last step first."""

from __future__ import annotations

from shared.domain.outcome import Done, Later, Outcome
from shared.domain.run import Failure, Run, RunStep
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.ports import Ports
from shared.process.attempt import Doing, attempt, really
from shared.process.books import note, read_step, steps_of, write_step
from shared.process.declared import Plan, Step
from shared.process.known import names_of, span
from shared.process.steps.call import Again, Answer


def compensate(ports: Ports, scope: Scope, run: Run, plan: Plan, doing: Doing = really) -> Outcome:
    """Take back one step; Done says whether there may be more. One that cannot be taken back is left, and said."""
    if not _is_wanted(ports, scope, run, plan):
        return Done({"more": False})
    due = next((each for each in _done(ports, scope, run, plan) if not _tried(ports, scope, run, each)), None)
    if due is None:
        return Done({"more": False})
    return _take_back(ports, scope, run, plan, due, doing)


def taken_back_as(step: str) -> str:
    """What the taking back of a step is called among the steps of the run."""
    return f"undo.{step}"


def is_taken_back(ports: Ports, scope: Scope, step: RunStep) -> bool:
    """Whether that was done after the step (or item) had been done last."""
    found = read_step(ports, scope, step.run, taken_back_as(step.step))
    return found is not None and found.status == "done" and found.attempt >= step.attempt


def _is_wanted(ports: Ports, scope: Scope, run: Run, plan: Plan) -> bool:
    wishes = {step.id for step in plan.steps if step.on_error == "compensate"}
    failed = steps_of(ports, scope, run.id, filters=[Filter("status", "eq", "failed")])
    return any(each.step in wishes and each.attempt == run.attempt for each in failed)


def _done(ports: Ports, scope: Scope, run: Run, plan: Plan) -> list[Step]:
    """The steps that were done and can be taken back, the last one first."""
    able = {step.id: step for step in plan.steps if step.compensate}
    done = [
        each
        for each in steps_of(ports, scope, run.id, filters=[Filter("status", "eq", "done")])
        if each.item is None and each.step in able
    ]
    done.sort(key=lambda each: (each.ended_at or each.began_at, each.step), reverse=True)
    return [able[each.step] for each in done]


def _tried(ports: Ports, scope: Scope, run: Run, step: Step) -> bool:
    found = read_step(ports, scope, run.id, taken_back_as(step.id))
    return found is not None and found.attempt == run.attempt and found.status in ("done", "failed")


def _take_back(ports: Ports, scope: Scope, run: Run, plan: Plan, step: Step, doing: Doing) -> Outcome:
    assert step.compensate
    document = RunStep(
        run=run.id, step=taken_back_as(step.id), type=step.compensate.type, title=step.title, attempt=run.attempt,
        began_at=ports.clock.now(),
    )  # fmt: skip
    names = names_of(ports, scope, run, plan)
    outcome = attempt(ports, scope, run, document, step.compensate, names, span(step.timeout), doing)
    if isinstance(outcome, Again):
        return Later(outcome.at, outcome.why[:40])
    document.ended_at = ports.clock.now()
    match outcome:
        case Failure(message=message):
            document.status, document.why = "failed", message
        case Answer(outputs=outputs, left=left):
            document.status, document.outputs, document.left = "done", dict(outputs), list(left)
    note(ports, scope, run.id, "flow", f"step-{document.status}", {"step": document.step, "attempt": run.attempt})
    write_step(ports, scope, document)
    return Done({"more": True})
