"""`baton explain`: why somebody did, did not or does not yet get something."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from local.cli import campaign_views as view
from local.cli.client import PAGE
from local.cli.find import find
from local.cli.session import Session, with_session


@with_session
def explain(
    session: Session,
    address: Annotated[str, typer.Argument(metavar="ADDRESS", help="Whose mail it is about.")],
    campaign: Annotated[str, typer.Option(metavar="ID-OR-NAME", help="Only this campaign.")] = "",
) -> None:
    """Explain what each campaign did about an address, and why."""
    session.show(explanations(session, address, campaign), view.explanations)


def explanations(session: Session, address: str, campaign: str = "") -> dict[str, Any]:
    """Explanations of an address: {items, cursor}. Raises Refused if nobody has it."""
    found = session.client.listing("explanations", PAGE, address=address)
    if not campaign:
        return found
    id = find(session.client, campaign)["id"]
    while not (mine := [each for each in found["items"] if each["campaign"] == id]) and found["cursor"]:
        found = session.client.get("explanations", address=address, limit=PAGE, cursor=found["cursor"])
    return {"items": mine, "cursor": None}
