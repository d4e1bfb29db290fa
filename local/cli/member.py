"""`baton member`: people who are let in by a link."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any
from urllib.parse import quote

import typer
from rich.console import RenderableType

from local.cli.output import Whole, facts, table
from local.cli.session import Session, with_session
from local.cli.words import moment

member = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
_Id = Annotated[str, typer.Argument(metavar="ID", help="As `baton member list` shows it.")]
_Role = Annotated[str, typer.Option(help="owner, manager, operator, client or viewer.")]
_Only = Annotated[list[str] | None, typer.Option(metavar="WORKSPACE", help="Where; repeatable. Else main.")]
_Everywhere = Annotated[bool, typer.Option("--everywhere", help="In every workspace, also those to come.")]
_Days = Annotated[int, typer.Option(help="How long the link opens, at most 14.")]
_To = Annotated[str | None, typer.Option(metavar="ADDRESS", help="Mail the link there, too.")]


@member.command()
@with_session
def invite(
    session: Session,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Who it is.")],
    role: _Role = "operator",
    only: _Only = None,
    everywhere: _Everywhere = False,
    days: _Days = 3,
    to: _To = None,
) -> None:
    """Make a link that lets somebody in once. It is shown this once: hand it to them alone."""
    wanted = {"name": name, **_standing(role, only, everywhere), "days": days, "to": to}
    session.show(session.client.post("members", wanted), _made)


@member.command("list")
@with_session
def listing(session: Session) -> None:
    """List who is let in: role, workspaces, and when they were last here."""
    session.show(session.client.listing("members", 1000)["items"], _rows)


@member.command("set")
@with_session
def change(
    session: Session, id: _Id, role: _Role = "operator", only: _Only = None, everywhere: _Everywhere = False
) -> None:
    """Give another role, or other workspaces, from their next request on."""
    session.show(session.client.patch(_path(id), _standing(role, only, everywhere)), _whole)


@member.command()
@with_session
def renew(session: Session, id: _Id, days: _Days = 3, to: _To = None) -> None:
    """Make a new link for somebody; what they have now lets them in no more."""
    session.show(session.client.post(f"{_path(id)}/link", {"days": days, "to": to}), _made)


@member.command()
@with_session
def revoke(session: Session, id: _Id) -> None:
    """Let somebody in no more, from their next request on."""
    session.show(session.client.delete(_path(id)), _whole)


def _standing(role: str, only: list[str] | None, everywhere: bool) -> dict[str, Any]:
    return {"role": role, "everywhere": everywhere, "workspaces": only or ([] if everywhere else ["main"])}


def _path(id: str) -> str:
    return f"members/{quote(id, safe='')}"


def _made(made: dict[str, Any]) -> Iterator[RenderableType]:
    yield from _whole(made["member"])
    if made["mail"]:
        yield f"\nThe mail: {made['mail']}"
    yield "\nThe link, shown this once; it works once:"
    yield Whole(made["url"])


def _whole(found: dict[str, Any]) -> Iterator[RenderableType]:
    yield facts(
        [
            ("member", found["id"]),
            ("name", found["name"]),
            ("role", found["role"]),
            ("in", _places(found)),
            ("state", found["state"]),
            *([("link ends", moment(found["link_ends_at"]))] if found["state"] == "invited" else []),
        ]
    )


def _rows(found: list[dict[str, Any]]) -> Iterator[RenderableType]:
    rows = [(each["id"], each["name"], each["role"], _places(each), each["state"], _seen(each)) for each in found]
    heads = ("Member", "Name", "Role", "In", "State", "Last here")
    yield table(heads, rows) if rows else "Nobody else is let in: baton member invite NAME --role operator"


def _places(found: dict[str, Any]) -> str:
    return "every workspace" if found["everywhere"] else ", ".join(found["workspaces"])


def _seen(found: dict[str, Any]) -> str:
    return moment(found["seen_at"]) or "never"
