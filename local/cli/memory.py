"""`baton memory`: what the agents of a domain remember together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any
from urllib.parse import quote

import typer
from rich.console import RenderableType

from local.cli.output import table
from local.cli.session import Session, with_session
from local.cli.words import moment

memory = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
Domain = Annotated[str, typer.Argument(metavar="DOMAIN", help="offer, marketing, sales, fulfillment or feedback.")]
Key = Annotated[str, typer.Argument(metavar="KEY", help="The note's name, such as opening-hours.")]


@memory.command("list")
@with_session
def listing(session: Session, domain: Domain) -> None:
    """List what holds now, each note with who wrote it."""
    session.show(session.client.get(f"memory/{quote(domain, safe='')}")["items"], _rows)


@memory.command()
@with_session
def write(
    session: Session,
    domain: Domain,
    key: Key,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="What is to be remembered.")],
    why: Annotated[str, typer.Option(help="Why, for whoever reads the versions.")],
) -> None:
    """Write a note, in the place of what was there."""
    session.show(session.client.put(_path(domain, key), {"text": text, "why": why}), lambda found: _rows([found]))


@memory.command()
@with_session
def forget(session: Session, domain: Domain, key: Key) -> None:
    """Let a note hold no more; its versions stay."""
    session.show(session.client.delete(_path(domain, key)), lambda found: _rows([found]))


@memory.command()
@with_session
def versions(session: Session, domain: Domain, key: Key) -> None:
    """List the versions of a note, the newest first."""
    session.show(session.client.get(f"{_path(domain, key)}/versions")["items"], _rows)


@memory.command()
@with_session
def rollback(
    session: Session,
    domain: Domain,
    key: Key,
    version: Annotated[int, typer.Argument(help="The version that is to hold again.")],
) -> None:
    """Let an earlier version hold again."""
    found = session.client.post(f"{_path(domain, key)}/rollback", {"version": version})
    session.show(found, lambda note: _rows([note]))


def _path(domain: str, key: str) -> str:
    return f"memory/{quote(domain, safe='')}/{quote(key, safe='')}"


def _rows(found: list[dict[str, Any]]) -> Iterator[RenderableType]:
    rows = [
        (each["key"], each["version"], each["text"] or "(forgotten)", each["by"], moment(each["at"]), each["why"])
        for each in found
    ]
    yield table(("Note", "Version", "Says", "By", "When", "Why"), rows, right=("Version",)) if rows else "Nothing yet."
