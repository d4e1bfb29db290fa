"""`baton campaign audience`: who a campaign would reach, before it is written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

import typer
from rich.console import RenderableType

from local.cli.campaign import window_of
from local.cli.errors import Refused
from local.cli.output import table
from local.cli.session import Session, with_session
from local.cli.words import moment
from shared.domain.own import OWN_CHANNELS
from shared.domain.segment import condition

_SECONDS = 300


@with_session
def audience(
    session: Session,
    where: Annotated[
        list[str] | None, typer.Option(metavar="CONDITION", help="Only for these: 'tags has vip'. May be repeated.")
    ] = None,
    received: Annotated[str, typer.Option(metavar="ID", help="For those who got this campaign.")] = "",
    channel: Annotated[str, typer.Option(metavar="NAME", help="email, sms, webhook, chat or social.")] = "email",
    message: Annotated[str, typer.Option(metavar="KIND", help="commercial or transactional.")] = "commercial",
    purpose: Annotated[str, typer.Option(metavar="NAME", help="What consent it needs.")] = "marketing",
    topic: Annotated[str, typer.Option(metavar="NAME", help="What it is about.")] = "",
    window: Annotated[str, typer.Option(metavar="WHEN", help="Such as 2027-03-01T08:00:00Z,2d,9-18h.")] = "",
    everybody: Annotated[
        bool, typer.Option("--everybody", help="Count all of them, however long it takes; else estimate.")
    ] = False,
) -> None:
    """Say who a campaign would reach, who is held and why, when, and for how much at most; nothing is made."""
    try:
        conditions = [condition(each) for each in where or []]
    except ValueError as error:
        raise Refused(f"--where: {error}") from error
    segment: dict[str, Any] = {"received": received} if received else {"where": conditions}
    if not conditions and not received:
        segment = {"own": True} if channel in OWN_CHANNELS else {"all": True}
    body = {
        "segment": segment,
        "channels": [channel],
        "message": message,
        "purpose": purpose,
        "window": window_of(window, {"days": 1, "hours": [9, 18]}),
        "everybody": everybody,
        **({"topic": topic} if topic else {}),
    }
    session.show(session.client.post("audiences/preview", body, _SECONDS), _found)


def _found(found: dict[str, Any]) -> Iterator[RenderableType]:
    ahead = found["forecast"]
    yield found["sentence"]
    if not found["exact"]:
        margin = f", to within {found['margin']:.1%}" if found["margin"] else ""
        yield f"Estimated from {found['looked_at']:,} of them{margin}; --everybody counts."
    if ahead["warning"]:
        yield ahead["warning"]
    if ahead["groups"]:
        rows = [(group["reason"], f"{group['count']:,}", group["repair"]) for group in ahead["groups"]]
        yield table(("held because", "people", "what may be done"), rows, right=("people",))
    if found["examples"]:
        told = [(each["name"], each["place"], each["timezone"] or "not known") for each in found["examples"]]
        yield table(("some who get it", "where", "time zone"), told)
    open_hours = [each for each in found["hours"] if each["people"] or each["taken"] != "free"]
    if open_hours:
        rows = [(moment(each["at"]), f"{each['people']:,}", each["taken"]) for each in open_hours]
        yield table(("hour", "in their own hours", "calendar"), rows, right=("in their own hours",))
