"""`baton task`: something that an agent is to do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import RenderableType

from local.cli.output import facts, table
from local.cli.session import Session, with_session
from local.cli.words import moment
from shared.domain.budget import cost_text

task = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
Id = Annotated[str, typer.Argument(metavar="TASK", help="Its id.")]


@task.command()
@with_session
def create(
    session: Session,
    agent: Annotated[str, typer.Argument(metavar="AGENT", help="Who is to do it, such as analyst.")],
    title: Annotated[str, typer.Argument(help="What it is called.")],
    what: Annotated[str, typer.Argument(metavar="WHAT", help="What is to be done; @FILE reads a file.")],
    outside: Annotated[
        list[Path] | None, typer.Option(exists=True, help="A text of somebody outside; repeatable.")
    ] = None,
    later: Annotated[bool, typer.Option("--later", help="Do not begin yet.")] = False,
) -> None:
    """Give an agent something to do; it begins at once."""
    told = Path(what[1:]).read_text() if what.startswith("@") else what
    texts = [{"source": each.name, "text": each.read_text()} for each in outside or []]
    body = {"agent": agent, "title": title, "instructions": told, "outside": texts, "execute": not later}
    session.show(session.client.post("tasks", body), whole)


@task.command("list")
@with_session
def listing(
    session: Session,
    agent: Annotated[str | None, typer.Option(help="Only those of this agent.")] = None,
    status: Annotated[str | None, typer.Option(help="Only those in this state.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many at most.")] = 50,
) -> None:
    """List tasks, newest first."""
    query = {name: value for name, value in (("agent", agent), ("status", status)) if value is not None}
    session.show(session.client.listing("tasks", limit, **query), lambda found: _rows(found["items"]))


@task.command()
@with_session
def show(session: Session, id: Id) -> None:
    """Show a task: its result and every attempt."""
    session.show(session.client.get(f"tasks/{id}"), whole)


@task.command()
@with_session
def execute(session: Session, id: Id) -> None:
    """Begin a task, or do it again once it has ended."""
    session.show(session.client.post(f"tasks/{id}/execute"), whole)


def whole(found: dict[str, Any]) -> Iterator[RenderableType]:
    """Everything about one task; its result comes last, as it is."""
    why = f": {found['status_reason']}" if found["status_reason"] else ""
    yield f"{found['title']} ({found['id']}) is {found['status']}{why}"
    cost = cost_text(found["cost"]) if found["cost"] else None
    yield facts([("agent", found["agent"]), ("cost", cost), ("written by", found["written_by"])])
    for used in found["tools_used"]:
        yield f"  used {used['tool']}: {used['said']}"
    rows = [(each["run"], moment(each["at"]), _outcome(each), each["why"]) for each in found["attempts"]]
    if rows:
        yield table(("Run", "Attempt", "", "Why"), rows)
    if found["result"] is not None:
        yield ""
        yield found["result"]


def _outcome(attempt: dict[str, Any]) -> str:
    return str(attempt["outcome"]) + (f", {attempt['times']:,} times" if attempt["times"] > 1 else "")


def _rows(found: list[dict[str, Any]]) -> Iterator[RenderableType]:
    rows = [(each["id"], each["title"], each["agent"], each["status"], each["status_reason"]) for each in found]
    yield table(("Task", "", "Agent", "State", "Why"), rows) if rows else "No task yet: baton task create"
