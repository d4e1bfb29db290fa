"""`baton secret`: what plans speak of as `${{ secrets.name }}`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Annotated, Any
from urllib.parse import quote

import typer
from rich.console import RenderableType

from local.cli.output import table
from local.cli.session import Session, with_session
from local.cli.words import moment

secret = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
_Name = Annotated[str, typer.Argument(metavar="NAME", help="As plans name it: a to z, digits and _.")]


@secret.command("list")
@with_session
def listing(session: Session) -> None:
    """List the names of the workspace's secrets, and who set them when; never their values."""
    session.show(session.client.get("secrets")["items"], _rows)


@secret.command()
@with_session
def put(session: Session, name: _Name) -> None:
    """Keep a secret, in the place of the one of this name. Its value is asked for, or read from standard input."""
    value = typer.prompt("Value", hide_input=True) if sys.stdin.isatty() else sys.stdin.read().rstrip("\n")
    session.show(session.client.put(f"secrets/{quote(name, safe='')}", {"value": value}), _one)


@secret.command()
@with_session
def remove(session: Session, name: _Name) -> None:
    """Forget a secret; steps that name it fail from now on."""
    session.show(session.client.delete(f"secrets/{quote(name, safe='')}"), _one)


def _one(found: dict[str, Any]) -> Iterator[RenderableType]:
    yield from _rows([found])


def _rows(found: list[dict[str, Any]]) -> Iterator[RenderableType]:
    rows = [
        (each["name"], moment(each["changed_at"]) or "always there", each["changed_by"] or "Baton") for each in found
    ]
    yield table(("secret", "set", "by"), rows)
