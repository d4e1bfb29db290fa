"""`baton key`: with what other systems call Baton."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any
from urllib.parse import quote

import typer
from rich.console import RenderableType

from local.cli.output import Whole, facts, table
from local.cli.session import Session, with_session
from local.cli.words import moment

key = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@key.command()
@with_session
def create(
    session: Session,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Which system will use it.")],
    scope: Annotated[list[str], typer.Option(help="What it may do: reader, operator, approver, manager; repeatable.")],
    only: Annotated[list[str] | None, typer.Option(metavar="WORKSPACE", help="Where; repeatable. Else main.")] = None,
    days: Annotated[int, typer.Option(help="When it ends by itself, at most 366.")] = 90,
) -> None:
    """Make a key for another system. It is shown this once: put it where that system keeps its secrets."""
    wanted = {"name": name, "scopes": scope, "workspaces": only or ["main"], "days": days}
    session.show(session.client.post("keys", wanted), _made)


@key.command("list")
@with_session
def listing(session: Session) -> None:
    """List the keys: what each may do, where, until when, and when it was used last."""
    session.show(session.client.listing("keys", 1000)["items"], _rows)


@key.command()
@with_session
def revoke(
    session: Session, id: Annotated[str, typer.Argument(metavar="ID", help="As `baton key list` shows it.")]
) -> None:
    """Let a key in no more, from the next request on."""
    session.show(session.client.delete(f"keys/{quote(id, safe='')}"), _whole)


def _made(made: dict[str, Any]) -> Iterator[RenderableType]:
    yield from _whole(made)
    yield "\nThe key, shown this once:"
    yield Whole(made["key"])


def _whole(found: dict[str, Any]) -> Iterator[RenderableType]:
    yield facts(
        [
            ("key", found["id"]),
            ("for", found["name"]),
            ("may", ", ".join(found["scopes"])),
            ("in", ", ".join(found["workspaces"])),
            ("until", _state(found)),
        ]
    )


def _rows(found: list[dict[str, Any]]) -> Iterator[RenderableType]:
    rows = [
        (
            each["id"],
            each["name"],
            ", ".join(each["scopes"]),
            ", ".join(each["workspaces"]),
            _state(each),
            each["last_used_on"] or "never",
        )
        for each in found
    ]
    heads = ("Key", "For", "May", "In", "Until", "Last used")
    yield table(heads, rows) if rows else "No other system has a key: baton key create NAME --scope reader"


def _state(found: dict[str, Any]) -> str:
    return f"revoked {moment(found['revoked_at'])}" if found["revoked_at"] else str(found["expires_at"])[:10]
