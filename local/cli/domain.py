"""`baton domain`: the domains that mail comes from, and whether they may send."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any
from urllib.parse import quote

import typer
from rich.console import RenderableType

from local.cli.output import Whole, facts, table
from local.cli.session import Session, with_session

domain = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
Name = Annotated[str, typer.Argument(metavar="DOMAIN", help="Such as praxis.example.")]
STATES = {
    "not_applicable": "nothing leaves this machine",
    "ready": "may send",
    "unready": "may not send yet",
    "paused": "paused",
}


@domain.command("list")
@with_session
def listing(session: Session) -> None:
    """List the domains that mail comes from."""
    session.show(session.client.get("domains")["items"], _rows)


@domain.command()
@with_session
def show(session: Session, name: Name) -> None:
    """Show a domain: its checks, what to enter in DNS, its warm-up, its health."""
    session.show(session.client.get(f"domains/{quote(name, safe='')}"), whole)


@domain.command()
@with_session
def check(session: Session, name: Name) -> None:
    """Ask DNS now whether a domain may send, and say what is missing.

    A domain without a DKIM key is given one, so that its record can be told.
    """
    session.show(session.client.post(f"domains/{quote(name, safe='')}/check"), whole)


@domain.command()
@with_session
def resume(session: Session, name: Name) -> None:
    """Let a paused domain go on, with exactly the remainder of its campaigns."""
    session.show(session.client.post(f"domains/{quote(name, safe='')}/resume"), whole)


def whole(found: dict[str, Any]) -> Iterator[RenderableType]:
    """Everything about one domain; records are alone on their line, to be copied."""
    yield f"{found['domain']}: {STATES[found['state']]}" + (f" ({found['why']})" if found["why"] else "")
    findings = found["checked"]["findings"] if found["checked"] else []
    yield facts((each["what"].upper(), f"{each['state']}: {each['said']}") for each in findings)
    records = [each["record"]["line"] for each in findings if each["record"]]
    if records:
        yield "\nEnter in DNS:"
        yield from map(Whole, records)
    if found["health"]:
        yield facts([("warm-up", _ramp(found["ramp"])), ("7 days", _health(found["health"]))])


def _rows(found: list[dict[str, Any]]) -> Iterator[RenderableType]:
    rows = [(each["domain"], STATES[each["state"]], each["why"] or "") for each in found]
    yield table(("Domain", "State", "Why"), rows) if rows else "No domain was checked yet: baton domain check DOMAIN"


def _ramp(ramp: dict[str, Any] | None) -> str:
    if ramp is None or ramp["most_today"] is None:
        return "not needed"
    return f"day {ramp['day']}, {ramp['sent_today']:,} of at most {ramp['most_today']:,} today"


def _health(health: dict[str, Any]) -> str:
    return (
        f"{health['sent']:,} messages, {health['complaints']:,} complaints, {health['hard_bounces']:,} hard bounces, "
        f"{health['refused']:,} refused for the sender's sake: {health['state']}"
    )
