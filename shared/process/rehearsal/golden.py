"""Golden tapes: a run is recorded, and later played again on what it was given and what outside answered."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from difflib import unified_diff
from pathlib import Path
from typing import Any

import uuid_utils

from shared.domain.faults import Conflict, FieldError, Rejected
from shared.domain.golden import About, OutsideAnswer, TapeState, TapeStep, TapeTest
from shared.domain.run import Run, RunStep
from shared.domain.scope import Scope
from shared.ports import Ports
from shared.process import runs
from shared.process.declared import Plan
from shared.process.rehearsal.apart import Time
from shared.process.rehearsal.dry import kept_plan, walked
from shared.process.rehearsal.outside import PLACE, Answered, sealed
from shared.process.rehearsal.play import play
from shared.process.rehearsal.tape import Tape, unpacked
from shared.process.rehearsal.told import personal, told, told_of_run
from shared.process.store import ready
from shared.process.workplace import workplace

WHOLE = "the-run"
"""The last step of every tape: how the run ended, and what it gave."""
_ID = "tape"
_MOST_LINES = 200
_Answer = Callable[[str], OutsideAnswer | None]


def record(ports: Ports, scope: Scope, id: str) -> bytes:
    """The tape of a run that has ended, as a ZIP. Its steps are done once more, in a throw-away place, outside being
    answered as it was: what does not come out so cannot be tested by a tape. Raises Missing, Conflict, Rejected."""
    run = runs.read(ports, scope, id)
    _check(run)
    plan = runs.plan_of_run(ports, scope, id)
    at = run.started_at or run.created_at
    tape = Tape(About(process=run.process, digest=run.digest, at=at, inputs={}, steps=[]))
    tape.about.inputs = tape.brought(ports.files, scope, _given(run, plan))
    were = dict(walked(ports, scope, run))

    def answer(path: str) -> OutsideAnswer | None:
        step = were.get(path)
        if step is not None and path not in tape.answers:
            tape.answers[path] = _answer_of(tape, ports, scope, step)
        return _here(tape, path)

    states = dict[str, str]()
    tape.steps = _played(ports, scope, tape, run.digest, answer, states)
    tape.about.steps = list(tape.steps)
    _check_same(were, states, tape.steps)
    return tape.packed()


def compare(ports: Ports, scope: Scope, by: str, process: str, packed: bytes) -> TapeTest:
    """Play the tape against the newest version of the process, or the plan that came with it. Raises Missing, and
    Rejected for what is no tape, or a plan that does not take its inputs."""
    tape = unpacked(packed)
    if tape.about.process != process:
        raise Rejected(FieldError("tape.json", f"process: this is a tape of {tape.about.process!r}"))
    now = _played(ports, scope, tape, "", lambda path: _here(tape, path), {}, by)
    before = {**{path: tape.steps[path] for path in tape.about.steps if path in tape.steps}, **tape.steps}
    paths = [*(path for path in now if path != WHOLE), *(path for path in before if path not in now), WHOLE]
    steps = [_compared(path, before.get(path), now.get(path)) for path in paths]
    first = next((each.step for each in steps if each.state != "same"), None)
    return TapeTest(process=process, same=first is None, first=first, steps=steps)


def _played(
    ports: Ports, scope: Scope, tape: Tape, digest: str, answer: _Answer, states: dict[str, str], by: str = "tape"
) -> dict[str, str]:
    """The text of each step, as it is made today; `states` are told."""
    with workplace(ports, f"tape-{uuid_utils.uuid7().hex}") as place:
        time = Time(ports.clock, tape.about.at)
        here = sealed(ports, scope, Path(place), time)
        tape.put_into(here.files, PLACE)
        process = tape.about.process
        version = kept_plan(here, PLACE, by, process, tape.plan) or ready(here, PLACE, process, digest)
        inputs = tape.restored(tape.about.inputs)
        run = runs.start(here, PLACE, by, process, version, inputs, id=_ID)
        doing = Answered(here, lambda path: _put(tape, here, answer(path)))
        ended = play(here, time, PLACE, run, doing)
        texts, steps = {}, list(walked(here, PLACE, ended))
        is_personal = any(personal(here, PLACE, step) for _, step in steps)
        for path, step in steps:
            texts[path] = told(here, PLACE, step, path in doing.asked, is_personal)
            states[path] = step.status
        return {**texts, WHOLE: told_of_run(ended)}


def _put(tape: Tape, here: Ports, answer: OutsideAnswer | None) -> OutsideAnswer | None:
    """The answer, and the files that it speaks of where steps find them."""
    if answer is not None:
        tape.put_into(here.files, PLACE)
    return answer


def _here(tape: Tape, path: str) -> OutsideAnswer | None:
    found = tape.answers.get(path)
    return found and found.model_copy(update={"outputs": tape.restored(found.outputs)})


def _answer_of(tape: Tape, ports: Ports, scope: Scope, step: RunStep) -> OutsideAnswer:
    failure = step.tries[-1].failure if step.status == "failed" and step.tries else None
    outputs = tape.brought(ports.files, scope, step.outputs)
    return OutsideAnswer(outputs=outputs, left=step.left, failure=failure)


def _check(run: Run) -> None:
    """Only what went through by itself can go through again. Raises Conflict."""
    if run.status not in ("done", "failed"):
        raise Conflict("status", f"the run is {run.status}: a tape is made of one that is done, or failed")
    if run.attempt > 1 or run.skips or run.said or run.changes:
        raise Conflict(
            "run", "somebody steered it (retried, fixed, skipped, settled, other inputs): record another run"
        )


def _given(run: Run, plan: Plan) -> dict[str, Any]:
    """Its inputs; what nobody may see is a made-up text. Raises Rejected if that cannot be."""
    hidden = {name: f"made-up-{name}" for name in run.sensitive if run.inputs.get(name) is not None}
    for name in hidden:
        if plan.inputs[name].type != "text":
            raise Rejected(FieldError(f"inputs.{name}", "is sensitive and no text: it does not go on a tape"))
    return {**run.inputs, **hidden}


def _check_same(were: dict[str, RunStep], states: dict[str, str], texts: dict[str, str]) -> None:
    for path, step in were.items():
        if states.get(path) != step.status:
            why = texts.get(path, "it is not there")[:1000]
            raise Conflict("run", f"step {path} was {step.status} in the run, and not when played again: {why}")


def _compared(path: str, before: str | None, now: str | None) -> TapeStep:
    state: TapeState = "new" if before is None else "missing" if now is None else "same" if before == now else "differs"
    lines = [] if state == "same" else list(_diff(before or "", now or ""))
    return TapeStep(step=path, state=state, lines=lines[:_MOST_LINES])


def _diff(before: str, now: str) -> Iterator[str]:
    return unified_diff(before.splitlines(), now.splitlines(), "tape", "now", lineterm="")
