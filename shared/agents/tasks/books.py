"""The documents of tasks."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import uuid_utils

from shared.agents import budget, roster
from shared.agents.records import Records
from shared.agents.scopes import register
from shared.domain.faults import Conflict, FieldError, Rejected
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.domain.task import MOST_ATTEMPTS, UNDER_WAY, Assignment, Attempt, Task
from shared.ports import Order, Ports

TASK_BOOK = Records(Kind.TASK, Task)


def create(ports: Ports, scope: Scope, by: str, agent: str, asked: Assignment, id: str | None = None) -> Task:
    """Take it in, under an id that is new. Raises Rejected if there is no such agent."""
    known = {each.agent.id for each in roster.listing(ports, scope)}
    if agent not in known:
        raise Rejected(FieldError("agent", f"there is no agent {agent!r}; there are {', '.join(sorted(known))}"))
    fields = {name: getattr(asked, name) for name in Assignment.model_fields}
    id, now = id or str(uuid_utils.uuid7().hex), ports.clock.now()
    task = Task(**fields, id=id, agent=agent, created_at=now, created_by=by)
    register(ports, scope)
    if task.budget:
        budget.put(ports, scope, by, f"task-{task.id}", task.budget)
    ports.documents.put(scope, Kind.TASK, task.id, task.model_dump(mode="json"))
    return task


def read(ports: Ports, scope: Scope, id: str) -> Task:
    """As it stands. Raises Missing."""
    return TASK_BOOK.load(ports, scope, id)


def listing(
    ports: Ports, scope: Scope, filters: Sequence[Filter], limit: int, cursor: str | None
) -> tuple[list[Task], str | None]:
    """Tasks, newest first. Raises Rejected for a cursor that is none."""
    try:
        page = ports.documents.find(scope, Kind.TASK, filters, Order("created_at", descending=True), limit, cursor)
    except ValueError as error:
        raise Rejected(FieldError("query", str(error))) from None
    return [Task.model_validate(document.body) for document in page.documents], page.cursor


def queue(ports: Ports, scope: Scope, id: str, run: int | None = None) -> Task:
    """Begin it, or begin it anew once it has ended; the caller starts the flow of its `run`. With a given `run` it is
    begun unless it got so far before. Raises Missing, and Conflict while it is under way."""

    def begin(task: Task) -> None:
        if run is not None and task.run >= run:
            return
        if task.status in UNDER_WAY:
            raise Conflict("status", f"the task is {task.status}; it can be executed again when it has ended")
        task.status, task.status_reason, task.run = "queued", None, task.run + 1

    return TASK_BOOK.change(ports, scope, id, begin)


def give_up(ports: Ports, scope: Scope, id: str, run: int, why: str) -> Task:
    """Say on the task that this run will not end by itself any more."""
    return settle(ports, scope, id, run, lambda task: _failed(task, why))


def begin(ports: Ports, scope: Scope, id: str, run: int) -> Task:
    """One more attempt; one that never told its end was interrupted."""
    now = ports.clock.now()

    def note(task: Task) -> None:
        for attempt in task.attempts:
            if attempt.outcome == "running":
                attempt.outcome, attempt.ended_at = "interrupted", now
        task.attempts = [*task.attempts, Attempt(run=run, at=now)][-MOST_ATTEMPTS:]
        task.status = "running"

    return settle(ports, scope, id, run, note)


def settle(ports: Ports, scope: Scope, id: str, run: int, mutate: Callable[[Task], None]) -> Task:
    """Change it if this run is still the present one and has not ended."""

    def change(task: Task) -> None:
        if task.run == run and task.status in UNDER_WAY:
            mutate(task)

    return TASK_BOOK.change(ports, scope, id, change)


def _failed(task: Task, why: str) -> None:
    task.status, task.status_reason = "failed", why
