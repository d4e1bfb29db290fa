"""`baton bus`: messages that nobody could take."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

import typer
from rich.console import RenderableType

from local.cli.output import table
from local.cli.session import Session, with_session

bus = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
_PAGE = 100


@bus.command("dead-letters")
@with_session
def dead_letters(
    session: Session,
    source: Annotated[str, typer.Option(help="A queue, or TOPIC/subscriptions/NAME.")] = "commands",
    after: Annotated[int, typer.Option(min=0, metavar="N", help="Only those with a higher number.")] = 0,
    replay: Annotated[bool, typer.Option("--replay", help="Send those that are listed again.")] = False,
) -> None:
    """List dead letters, a hundred at most, with the fields and the reasons."""
    found = session.client.get("bus/dead-letters", source=source, after=after, limit=_PAGE)
    numbers = [each["number"] for each in found["items"]]
    if replay and numbers:
        sent = session.client.post("bus/dead-letters/replay", {"source": source, "numbers": numbers})
        session.show(sent, lambda done: iter([f"{len(done['numbers']):,} messages were sent again."]))
    else:
        session.show(found, _rows)


def _rows(found: dict[str, Any]) -> Iterator[RenderableType]:
    rows = [(each["number"], each["type"], each["id"], _why(each)) for each in found["items"]]
    yield table(("No.", "What", "Message", "Why"), rows) if rows else "No dead letters."


def _why(letter: dict[str, Any]) -> str:
    said = "; ".join(f"{error['field']}: {error['reason']}" for error in letter["errors"])
    return said or f"{letter['reason']}: {letter['description']}"
