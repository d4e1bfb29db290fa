"""`baton feedback`: what came back about messages, and what it came to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

import typer
from rich.console import RenderableType

from local.cli.output import facts, table
from local.cli.session import Session, with_session
from local.cli.words import moment

feedback = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@feedback.command("list")
@with_session
def listing(
    session: Session,
    what: Annotated[str | None, typer.Option(metavar="KIND", help="Only this, such as bounced or complained.")] = None,
    limit: Annotated[int, typer.Option(min=1, metavar="N", help="How many at most.")] = 50,
) -> None:
    """List what came in, newest first, with what it came to."""
    query = {"what": what} if what else {}
    session.show(session.client.listing("feedback", limit, **query), _rows)


@feedback.command()
@with_session
def settings(session: Session) -> None:
    """Show where others bring news to, with the secret that signs it."""
    session.show(session.client.get("feedback/settings"), lambda found: iter([facts(list(found.items()))]))


def _rows(found: dict[str, Any]) -> Iterator[RenderableType]:
    rows = [
        (
            moment(each["at"]),
            f"{each['what']} {each['status']}".strip(),
            each["campaign_name"] or each["campaign"],
            each["message"],
            each["contact"],
            each["suppressed"],
        )
        for each in found["items"]
    ]
    head = ("When", "What", "Campaign", "The message is", "Contact", "Gets nothing more")
    yield table(head, rows) if rows else "Nothing has come back."
