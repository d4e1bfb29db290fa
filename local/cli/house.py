"""`baton house`: who the workspace writes as, and a test mail."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

import typer
from rich.console import RenderableType

from local.cli.output import facts
from local.cli.session import Session, with_session

house = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@house.command()
@with_session
def show(session: Session) -> None:
    """Show who new campaigns come from."""
    session.show(session.client.get("house"), _house)


@house.command("set")
@with_session
def change(
    session: Session,
    name: Annotated[str, typer.Option(help="As readers see it.")],
    address: Annotated[str, typer.Option(help="The e-mail address that it comes from.")],
    postal: Annotated[str, typer.Option(help="The postal address that the law asks for.")],
) -> None:
    """Say who writes here. Campaigns that exist keep their own sender."""
    sender = {"name": name, "address": address, "postal_address": postal}
    session.show(session.client.put("house", {"sender": sender}), _house)


@house.command("try")
@with_session
def try_out(session: Session, to: Annotated[str, typer.Argument(metavar="ADDRESS", help="Your own.")]) -> None:
    """Send one test mail now; it is part of no campaign."""
    session.show(session.client.post("house/trials", {"to": to}), trial)


def trial(made: dict[str, Any]) -> Iterator[RenderableType]:
    """What became of a test mail."""
    said = {
        "accepted": "The mail server took it.",
        "failed": "It was not taken.",
        "unknown": "Nobody knows whether it left; it is not sent again.",
    }
    yield said.get(made["state"], f"It is {made['state']}.")
    yield facts([("ledger row", made["key"]), *([("said", made["detail"])] if made["detail"] else [])])


def _house(found: dict[str, Any]) -> Iterator[RenderableType]:
    sender = found["sender"]
    if sender is None:
        yield "Nobody has said yet who writes here."
        return
    yield facts([("name", sender["name"]), ("address", sender["address"]), ("postal", sender["postal_address"])])
