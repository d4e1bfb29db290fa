"""`baton inbound`: what strangers write by themselves."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import RenderableType

from local.cli.contact import read
from local.cli.errors import Refused
from local.cli.output import facts, table
from local.cli.session import Session, with_session
from local.cli.words import moment

inbound = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
Id = Annotated[str, typer.Argument(metavar="INBOUND", help="Its id, as `baton inbound list` shows it.")]
_SET = ("open", "title", "intro", "consent", "language", "confirm", "address")


@inbound.command("list")
@with_session
def listing(
    session: Session,
    state: Annotated[str | None, typer.Option(help="received, taken_in, quarantined or dropped.")] = None,
    limit: Annotated[int, typer.Option(min=1, metavar="N", help="How many at most.")] = 50,
) -> None:
    """List what strangers wrote by the form or by mail, the newest first."""
    query = {"state": state} if state else {}
    session.show(session.client.listing("inbound", limit, **query), lambda found: _rows(found["items"]))


@inbound.command()
@with_session
def show(session: Session, id: Id) -> None:
    """Show one of them, word for word."""
    session.show(session.client.get(f"inbound/{id}"), _whole)


@inbound.command()
@with_session
def take(session: Session, id: Id) -> None:
    """It is meant seriously: what was put aside becomes a lead."""
    session.show(session.client.post(f"inbound/{id}/decision", {"decision": "take"}), _whole)


@inbound.command()
@with_session
def drop(session: Session, id: Id) -> None:
    """It is nothing."""
    session.show(session.client.post(f"inbound/{id}/decision", {"decision": "drop"}), _whole)


@inbound.command()
@with_session
def link(session: Session, id: Id) -> None:
    """They are from the company that they say, which was a lead before."""
    session.show(session.client.post(f"inbound/{id}/decision", {"decision": "link"}), _whole)


@inbound.command()
@with_session
def settings(
    session: Session,
    put: Annotated[
        Path | None, typer.Option("--set", metavar="FILE", help="Settings as JSON, as --json shows.")
    ] = None,
) -> None:
    """Show where the form is and what is let in, or set it."""
    if put:
        try:
            given = json.loads(read(put))
        except ValueError:
            raise Refused(f"{put}: is not JSON") from None
        wanted = {name: value for name, value in given.items() if name in _SET}
        session.show(session.client.put("inbound/settings", wanted), _door)
    else:
        session.show(session.client.get("inbound/settings"), _door)


@inbound.command("new-link")
@with_session
def new_link(session: Session) -> None:
    """Make a new link to the form; the old one ends."""
    session.show(session.client.post("inbound/links"), _door)


def _rows(items: list[dict[str, Any]]) -> Iterator[RenderableType]:
    shown = (
        (each["id"], moment(each["at"]), each["name"], each["way"], each["state"], "; ".join(each["why"]))
        for each in items
    )
    yield table(("Id", "When", "Who", "Way", "State", "Why a person looks first"), shown)


def _whole(found: dict[str, Any]) -> Iterator[RenderableType]:
    named = (
        "name",
        "email",
        "company",
        "website",
        "phone",
        "subject",
        "consent",
        "left_out",
        "deal",
        "lead",
        "known_lead",
        "contact",
    )
    rows = [("State", found["state"]), ("Way", found["way"]), ("When", moment(found["at"]))]
    rows += [(name.replace("_", " ").capitalize(), found[name]) for name in named if found[name]]
    rows += [("Put aside", each) for each in found["why"]]
    yield facts(rows)
    yield found["text"]


def _door(found: dict[str, Any]) -> Iterator[RenderableType]:
    yield facts([(name.capitalize(), str(found[name])) for name in (*_SET, "url") if found[name] != ""])
    if found["open"]:
        yield "Paste this into a page of your own:"
        yield found["snippet"]
