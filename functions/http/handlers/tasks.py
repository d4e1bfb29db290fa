"""Tasks over HTTP, and their pages."""

from __future__ import annotations

from pydantic import ValidationError

from functions.flows import task_flow
from functions.http.handlers.html import html, see
from shared.access.call import Answer, Call, Listing, Paging
from shared.access.problem import rejected
from shared.agents import roster, tasks
from shared.domain.segment import Filter
from shared.domain.task import Assignment, Task, TaskRequest, TaskStatus


class TasksQuery(Paging):
    """Tasks of an agent, or in a state."""

    agent: str | None = None
    status: TaskStatus | None = None

    def filters(self) -> list[Filter]:
        """What was given, as conditions on the documents."""
        return [Filter(name, "eq", value) for name in ("agent", "status") if (value := getattr(self, name)) is not None]


def listing(call: Call, query: TasksQuery) -> Answer[Listing[Task]]:
    """Tasks, newest first."""
    items, cursor = tasks.listing(call.ports, call.scope, query.filters(), query.limit, query.cursor)
    return Answer(Listing(items=items, cursor=cursor))


def create(call: Call, body: TaskRequest) -> Answer[Task]:
    """A task for an agent; with `execute` it begins at once (202)."""
    made = tasks.create(call.ports, call.scope, call.principal, body.agent, body)
    return _begun(call, made.id) if body.execute else Answer(made, status=201, headers=_place(made.id))


def show(call: Call) -> Answer[Task]:
    """One task: its state, its result, every attempt."""
    return Answer(tasks.read(call.ports, call.scope, call.path["id"]))


def execute(call: Call) -> Answer[Task]:
    """Begin it, or begin it anew once it has ended. 409 while it is under way."""
    return _begun(call, call.path["id"])


def assign(call: Call, body: Assignment) -> Answer[Task]:
    """A task for this agent, which begins at once."""
    agent = roster.read(call.ports, call.scope, call.path["id"]).agent
    return _begun(call, tasks.create(call.ports, call.scope, call.principal, agent.id, body).id)


def page(call: Call, query: TasksQuery) -> Answer[str]:
    """Tasks, newest first, and a form for another."""
    items, cursor = tasks.listing(call.ports, call.scope, query.filters(), query.limit, query.cursor)
    who = [each.agent for each in roster.listing(call.ports, call.scope)]
    return html(call, "tasks", here="tasks", tasks=items, cursor=cursor, agents=who)


def one(call: Call) -> Answer[str]:
    """One task with its result and every attempt."""
    return html(call, "task", here="tasks", task=tasks.read(call.ports, call.scope, call.path["id"]))


def form(call: Call) -> Answer[str]:
    """The form as it was filled in; the task begins at once."""
    given = {name: call.form.get(name, "") for name in ("agent", "title", "instructions")}
    if waits_for := call.form.get("waits_for", "").strip():
        given["waits_for"] = waits_for
    try:
        asked = TaskRequest.model_validate(given)
    except ValidationError as error:
        raise rejected(error, "form") from None
    begun = _begun(call, tasks.create(call.ports, call.scope, call.principal, asked.agent, asked).id)
    return see(f"/tasks/{begun.body.id}", start=begun.start)


def form_execute(call: Call) -> Answer[str]:
    """Begin it anew."""
    begun = _begun(call, call.path["id"])
    return see(f"/tasks/{begun.body.id}", start=begun.start)


def _begun(call: Call, id: str) -> Answer[Task]:
    task = tasks.queue(call.ports, call.scope, id)
    return Answer(task, status=202, headers=_place(id), start=[task_flow(call.scope, id, task.run)])


def _place(id: str) -> dict[str, str]:
    return {"Location": f"/api/v1/tasks/{id}"}
