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
    address: Annotated[str, typer.Argument(metavar="ADDRESS", help="Or phone number, or @handle.")],
    campaign: Annotated[str, typer.Option(metavar="ID-OR-NAME", help="Only this campaign.")] = "",
) -> None:
    """Explain what each campaign did about an address, and why.

    A paragraph a campaign, newest first, fit to paste into a reply.
    """
    session.show(explanations(session, address, campaign), view.explanations)


def explanations(session: Session, address: str, campaign: str = "") -> dict[str, Any]:
    """Explanations of an address: {about, items, cursor}; of one campaign, without who it is about."""
    found: dict[str, Any] = session.client.get("explanations", address=address, limit=PAGE)
    if not campaign:
        return found
    id = find(session.client, campaign)["id"]
    while not (mine := [each for each in found["items"] if each["campaign"] == id]) and found["cursor"]:
        found = session.client.get("explanations", address=address, limit=PAGE, cursor=found["cursor"])
    return {"about": "" if mine else found["about"], "items": mine, "cursor": None}
