"""What other systems report of tasks and of workflows that tasks wait for. Each report is taken once (trust 4.2)."""

from __future__ import annotations

from shared.agents.feedback.once import note_taken, was_taken
from shared.agents.tasks.books import TASK_BOOK
from shared.domain.faults import Missing
from shared.domain.names import Kind
from shared.domain.report_news import TaskReport, WorkflowReport
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.domain.task import MOST_ATTEMPTS, Attempt, Task
from shared.ports import Ports

_SOURCE = "reports"
_ELSEWHERE = "another system"
_MOST_WAITING = 100


def report_task(ports: Ports, scope: Scope, id: str, said: TaskReport) -> list[Task]:
    """One of our tasks was done elsewhere, or could not be; one that has ended stays as it is. Returns it if it was
    changed; its flow is to be woken. `id` is the report's. Raises Missing."""
    now = ports.clock.now()

    def mutate(task: Task) -> None:
        if task.status in ("done", "failed"):
            return
        if said.status == "running":
            task.status_reason = said.reason or f"{_ELSEWHERE} works on it"
            return
        task.status, task.run = said.status, max(task.run, 1)
        task.status_reason = said.reason if said.status == "done" else said.reason or f"{_ELSEWHERE} reports so"
        task.result, task.written_by = (said.result, _ELSEWHERE) if said.status == "done" else (None, None)
        open_ = [each for each in task.attempts if each.outcome == "running"]
        closed = open_[-1] if open_ else Attempt(run=task.run, at=now)
        closed.outcome, closed.ended_at, closed.why = said.status, now, f"reported by {_ELSEWHERE}"
        task.attempts = (task.attempts if open_ else [*task.attempts, closed])[-MOST_ATTEMPTS:]

    before = TASK_BOOK.load(ports, scope, said.task)
    if was_taken(ports, scope, _SOURCE, id):
        return []
    after = TASK_BOOK.change(ports, scope, said.task, mutate)
    _note(ports, scope, said.task, id, said.status)
    note_taken(ports, scope, _SOURCE, id)
    return [after] if after != before else []


def report_workflow(ports: Ports, scope: Scope, id: str, said: WorkflowReport) -> list[Task]:
    """The tasks that wait for this workflow may begin; if it failed, they fail. Returns those that are to be woken.
    Raises Missing if none ever waited for it."""
    waiting = [Filter("waits_for", "eq", said.workflow)]
    found = ports.documents.find(scope, Kind.TASK, waiting, limit=_MOST_WAITING).documents
    if not found:
        raise Missing("workflow", said.workflow)
    if was_taken(ports, scope, _SOURCE, id):
        return []

    def mutate(task: Task) -> None:
        if task.waited_for or task.status in ("done", "failed"):
            return
        task.waited_for = True
        if said.status == "failed":
            task.status, task.status_reason = "failed", said.reason or f"the workflow {said.workflow} failed"

    changed = [TASK_BOOK.change(ports, scope, each.id, mutate) for each in found]
    for each in changed:
        _note(ports, scope, each.id, id, f"workflow {said.status}")
    note_taken(ports, scope, _SOURCE, id)
    return changed


def _note(ports: Ports, scope: Scope, task: str, id: str, what: str) -> None:
    data = {"task": task, "report": id[:200], "said": what}
    ports.journal.append(scope, f"task/{task}", ports.clock.now(), "webhook", "reported", data)
