"""`baton workspace`: one for each client of the agency."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any
from urllib.parse import quote

import typer
from rich.console import RenderableType

from local.cli.output import facts, table
from local.cli.session import Session, with_session
from local.cli.words import moment, program

workspace = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
_Id = Annotated[str, typer.Argument(metavar="ID", help="As `baton workspace list` shows it.")]


@workspace.command()
@with_session
def create(
    session: Session,
    name: Annotated[str, typer.Argument(metavar="NAME", help="The client's.")],
    id: Annotated[str | None, typer.Option(help="Short, a-z, 0-9 and hyphens; else made of the name.")] = None,
) -> None:
    """Make a workspace for a client, and say what it needs."""
    wanted = {"name": name} if id is None else {"name": name, "id": id}
    session.show(session.client.post("workspaces", wanted), _made)


@workspace.command("list")
@with_session
def listing(session: Session) -> None:
    """List the workspaces that you see."""
    session.show(session.client.get("workspaces")["items"], _rows)


@workspace.command()
@with_session
def show(session: Session) -> None:
    """Show what the workspace (--workspace) is set up with, and which command sets what it lacks."""
    session.show(session.client.get("setup"), _setup)


@workspace.command()
@with_session
def rename(session: Session, id: _Id, name: Annotated[str, typer.Argument(metavar="NAME")]) -> None:
    """Name a workspace otherwise; its id stays."""
    session.show(session.client.patch(_path(id), {"name": name}), _made)


@workspace.command()
@with_session
def archive(session: Session, id: _Id) -> None:
    """Begin and change nothing in it any more; it can be looked at, and links in its mails work."""
    session.show(session.client.patch(_path(id), {"archived": True}), _whole)


@workspace.command()
@with_session
def restore(session: Session, id: _Id) -> None:
    """Bring it back."""
    session.show(session.client.patch(_path(id), {"archived": False}), _whole)


def _path(id: str) -> str:
    return f"workspaces/{quote(id, safe='')}"


def _whole(found: dict[str, Any]) -> Iterator[RenderableType]:
    yield facts([("workspace", found["id"]), ("name", found["name"]), ("archived", _archived(found))])


def _made(found: dict[str, Any]) -> Iterator[RenderableType]:
    yield from _whole(found)
    yield f"\nWhat it needs: {program()} workspace show --workspace {found['id']}"


def _rows(found: list[dict[str, Any]]) -> Iterator[RenderableType]:
    yield table(("Workspace", "Name", "Archived"), [(each["id"], each["name"], _archived(each)) for each in found])


def _setup(found: dict[str, Any]) -> Iterator[RenderableType]:
    of = found["workspace"]["id"]
    yield from _whole(found["workspace"])
    yield table(("", "What", "Found"), [("ok" if e["done"] else "set", e["what"], e["said"]) for e in found["needs"]])
    for each in found["needs"]:
        if not each["done"]:
            yield f"{each['what']}: {program()} {each['command']} --workspace {of}"


def _archived(found: dict[str, Any]) -> str:
    return moment(found["archived_at"]) or "no"
