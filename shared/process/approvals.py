"""Questions of steps to a person: asked once, sealed with exactly what is shown, decided once (design 4.3)."""

from __future__ import annotations

import json
from datetime import timedelta
from hashlib import sha256
from typing import Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict

from shared.agents.records import Records
from shared.domain.approval import StepApproval
from shared.domain.faults import Conflict, FieldError, Missing, Rejected
from shared.domain.inbox import Asked, Decision
from shared.domain.names import Kind
from shared.domain.run import RUN_UNDER_WAY, Run, RunFile, RunStep, step_id
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.ports import Ports, Stale
from shared.process.books import RUN_BOOK, note
from shared.process.declared import Input
from shared.process.given import filled
from shared.process.steps.call import Desk, Kept

Who = Literal["approver", "manager", "owner"]
NOBODY = "flow"
"""Who has decided when the time was over."""
_BOOK = Records(Kind.APPROVAL, StepApproval)


class Question(BaseModel):
    """Exactly what a person is shown, and where it was asked: its bytes are what the digest is computed over."""

    model_config = ConfigDict(extra="forbid")

    run: str
    step: str
    item: int | None
    attempt: int
    again: int
    """How many tries the step had when a person last had it done again: then it asks anew."""
    title: str
    text: str
    files: list[Kept]
    form: dict[str, Input]
    who: Who


class Answered(NamedTuple):
    """What was decided, and the run that goes on with it."""

    id: str
    status: str
    run: Run


def ask(desk: Desk, question: Question, within: timedelta) -> StepApproval:
    """The question as it stands: put once, and anew only if anything that is shown is otherwise now."""
    ports, scope, subject = desk.ports, desk.scope, step_id(question.run, question.step, question.item)
    data, before, now = question.model_dump_json().encode(), newest(ports, scope, subject), ports.clock.now()
    digest = sha256(data).hexdigest()
    if before and before.digest == digest:
        return before
    file = desk.folder / "question.json"
    file.write_bytes(data)
    sealed = {"run": question.run, "step": question.step, "who": question.who, "question": desk.keep(file).file}
    version = before.version + 1 if before else 1
    made = StepApproval(
        subject=subject, version=version, digest=digest, sealed=sealed, asked_at=now, until=now + within
    )  # fmt: skip
    try:
        ports.documents.put(scope, Kind.APPROVAL, f"{subject}-{version}", made.model_dump(mode="json"))
    except Stale:
        return ask(desk, question, within)
    note(ports, scope, question.run, NOBODY, "approval-asked", {"step": question.step, "digest": digest})
    return made


def newest(ports: Ports, scope: Scope, subject: str) -> StepApproval | None:
    """The last question of a step, decided or not."""
    page = ports.documents.find(scope, Kind.APPROVAL, [Filter("id", "prefix", f"{subject}-")], limit=1000)
    found = (StepApproval.model_validate(each.body) for each in page.documents)
    return max(found, key=lambda each: each.version, default=None)


def lapse(ports: Ports, scope: Scope, asked: StepApproval, decision: Literal["approve", "reject"]) -> StepApproval:
    """Decide it because the time is over; if somebody has decided in this moment, that holds."""
    return _decided(ports, scope, asked, decision, NOBODY, None, None)


def given(ports: Ports, scope: Scope, asked: StepApproval) -> dict[str, Any]:
    """What was filled in; the defaults if nobody has."""
    if asked.given is None:
        return _filled(ports, scope, question_of(ports, scope, asked), {})
    found: dict[str, Any] = json.loads(ports.files.get(scope, asked.given))
    return found


def question_of(ports: Ports, scope: Scope, asked: StepApproval) -> Question:
    """What was shown."""
    return Question.model_validate_json(ports.files.get(scope, asked.sealed["question"]))


def waiting(ports: Ports, scope: Scope, limit: int, cursor: str | None = None) -> tuple[list[Asked], str | None]:
    """One page of what steps ask, the oldest run first. Raises Rejected for a wrong cursor."""
    on = [Filter("type", "eq", "approve"), Filter("status", "eq", "waiting")]
    try:
        page = ports.documents.find(scope, Kind.RUN_STEP, on, limit=limit, cursor=cursor)
    except ValueError as error:
        raise Rejected(FieldError("cursor", str(error))) from None
    found = (newest(ports, scope, document.id) for document in page.documents)
    return [_shown(ports, scope, each) for each in found if each and each.decision is None], page.cursor


def of_run(ports: Ports, scope: Scope, run: str) -> list[Asked]:
    """What steps of this run ask."""
    on = [Filter("id", "prefix", f"{run}~"), Filter("type", "eq", "approve"), Filter("status", "eq", "waiting")]
    page = ports.documents.find(scope, Kind.RUN_STEP, on, limit=1000)
    return [each for document in page.documents if (each := asked_by(ports, scope, document.id))]


def asked_by(ports: Ports, scope: Scope, subject: str) -> Asked | None:
    """The question of a step that is not answered yet."""
    found = newest(ports, scope, subject)
    return _shown(ports, scope, found) if found and found.decision is None else None


def decide(ports: Ports, scope: Scope, subject: str, by: str, decision: Decision) -> Answered:
    """Approve or reject what a step asks; the caller wakes its run. Raises Missing, Conflict if it does not wait (any
    more) or is otherwise now, Rejected for what is filled in and for a rejection without a reason."""
    asked, run = _open(ports, scope, subject, decision.digest)
    if decision.decision not in ("approve", "reject"):
        raise Conflict("decision", "a step of a process is approved or rejected")
    if decision.decision == "reject" and not (decision.comment or "").strip():
        raise Rejected(FieldError("comment", "say why: it is kept with the decision"))
    path = None
    if decision.decision == "approve":
        path = _kept(ports, scope, asked, _filled(ports, scope, question_of(ports, scope, asked), decision.given))
    done = _decided(ports, scope, asked, decision.decision, by, decision.comment, path)
    if (done.by, done.decision, done.given) != (by, decision.decision, path):
        raise Conflict("decision", f"{done.by} has decided already: {done.decision}")
    about = {"step": asked.sealed["step"], "digest": asked.digest, "as": decision.decision}
    note(ports, scope, run.id, by, "approval-decided", about)
    return Answered(subject, {"approve": "approved", "reject": "rejected"}[decision.decision], run)


def _open(ports: Ports, scope: Scope, subject: str, digest: str) -> tuple[StepApproval, Run]:
    document, asked = ports.documents.get(scope, Kind.RUN_STEP, subject), newest(ports, scope, subject)
    if document is None or asked is None:
        raise Missing("approval", subject)
    step, run = RunStep.model_validate(document.body), RUN_BOOK.load(ports, scope, asked.sealed["run"])
    waits = step.status == "waiting" and step.attempt == run.attempt and run.status in RUN_UNDER_WAY
    if not waits or run.cancelled_by or (asked.until and ports.clock.now() >= asked.until):
        raise Conflict("approval", "nothing is asked here any more")
    if asked.digest != digest:
        raise Conflict("digest", "what is asked is otherwise now; read it again")
    return asked, run


def _decided(
    ports: Ports, scope: Scope, asked: StepApproval, decision: Any, by: str, comment: str | None, path: str | None
) -> StepApproval:
    """The question with its decision: this one, unless there was one before."""
    now = ports.clock.now()

    def decide(found: StepApproval) -> None:
        if found.decision is None:
            found.decision, found.by, found.at, found.comment, found.given = decision, by, now, comment, path

    return _BOOK.change(ports, scope, f"{asked.subject}-{asked.version}", decide)


def _filled(ports: Ports, scope: Scope, question: Question, given: dict[str, Any]) -> dict[str, Any]:
    return filled(ports, scope, question.form, given, "given", "the step does not ask for it; it asks for")


def _kept(ports: Ports, scope: Scope, asked: StepApproval, answers: dict[str, Any]) -> str:
    """In a file of the run, so that it goes with the run; its path holds its checksum."""
    data = json.dumps(answers).encode()
    path = f"runs/{asked.sealed['run']}/{asked.sealed['step']}/{sha256(data).hexdigest()}/answers.json"
    ports.files.put(scope, path, data)
    return path


def _shown(ports: Ports, scope: Scope, asked: StepApproval) -> Asked:
    question = question_of(ports, scope, asked)
    return Asked(
        **asked.model_dump(exclude={"given"}), kind="step", name=question.title, question=question.text or "Go on?",
        answers=["approve", "reject"], files=[RunFile(**each.model_dump()) for each in question.files],
        form={name: each.model_dump(mode="json") for name, each in question.form.items()},
    )  # fmt: skip
