"""`baton campaign new`: a campaign from options, without a file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated, Any

import typer

from local.cli import campaign_views as view
from local.cli.errors import Refused
from local.cli.session import Session, with_session
from shared.domain.own import OWN_CHANNELS
from shared.domain.segment import condition

_FIELDS: Mapping[str, str] = {
    "name": "name",
    "brief.goal": "goal",
    "brief.offer": "offer",
    "brief.audience": "audience",
    "brief.tone": "tone",
    "brief.language": "language",
    "brief.call_to_action.text": "link_text",
    "brief.call_to_action.url": "link",
    "brief.facts": "fact",
    "segment": "segment",
    "channels": "channels",
    "message": "message",
    "purpose": "purpose",
    "topic": "topic",
    "sender.name": "sender",
    "sender.address": "from_address",
    "sender.postal_address": "postal",
    "window.start": "start",
    "window.days": "days",
    "window.hours": "hours",
    "approval": "approval",
    "undo_minutes": "undo_minutes",
    "variants": "variants",
    "holdout": "holdout",
    "budget.max_messages": "max_messages",
    "budget.max_cost": "max_cost",
}
"""The fields of the API, and what holds their values here."""
_FLAGS: Mapping[str, str] = {
    **{field: f"--{name.replace('_', '-')}" for field, name in _FIELDS.items() if field != "name"},
    "segment": "--where",
    "channels": "--channel",
    "sender.name": "--from",
}
"""How the fields are called on the command line."""


@with_session
def new(
    session: Session,
    name: Annotated[str, typer.Argument(metavar="NAME", help="What it is called.")],
    goal: Annotated[str, typer.Option(metavar="TEXT", help="What it is to reach.")],
    offer: Annotated[str, typer.Option(metavar="TEXT", help="What is offered.")],
    audience: Annotated[str, typer.Option(metavar="TEXT", help="Who reads it, in words.")],
    link_text: Annotated[str, typer.Option(metavar="TEXT", help="What the reader should do.")],
    link: Annotated[str, typer.Option(metavar="URL", help="Where.")],
    sender: Annotated[str, typer.Option("--from", metavar="NAME", help="Who it is from.")],
    from_address: Annotated[str, typer.Option(metavar="ADDRESS", help="The sender's e-mail address.")],
    postal: Annotated[str, typer.Option(metavar="TEXT", help="The sender's postal address.")],
    channel: Annotated[str, typer.Option(metavar="NAME", help="email, sms, webhook, chat or social.")] = "email",
    everyone: Annotated[bool, typer.Option("--all", help="For everybody in the address book.")] = False,
    where: Annotated[
        list[str] | None, typer.Option(metavar="CONDITION", help="Only for these: 'tags has vip'. May be repeated.")
    ] = None,
    received: Annotated[str, typer.Option(metavar="ID", help="For those who got this campaign.")] = "",
    fact: Annotated[list[str] | None, typer.Option(metavar="TEXT", help="What may be said. May be repeated.")] = None,
    tone: Annotated[str, typer.Option(metavar="TEXT")] = "friendly",
    language: Annotated[str, typer.Option(metavar="CODE", help="Such as en or de.")] = "en",
    start: Annotated[str, typer.Option(metavar="ISO-TIME", help="Not before; default: the approval.")] = "",
    days: Annotated[int, typer.Option(help="For so many days.")] = 1,
    hours: Annotated[str, typer.Option(metavar="FROM-TO", help="On each recipient's own clock.")] = "9-18",
    message: Annotated[str, typer.Option(metavar="KIND", help="commercial or transactional.")] = "commercial",
    purpose: Annotated[str, typer.Option(metavar="NAME", help="What consent it needs.")] = "marketing",
    topic: Annotated[str, typer.Option(metavar="NAME", help="What it is about.")] = "",
    no_approval: Annotated[bool, typer.Option("--no-approval", help="Send without asking a person.")] = False,
    undo_minutes: Annotated[int, typer.Option(help="How long it is held after the approval.")] = 10,
    variants: Annotated[int, typer.Option(help="Texts to compare: 1 to 4.")] = 1,
    holdout: Annotated[float, typer.Option(help="The part that gets nothing, to measure: 0 to 0.5.")] = 0,
    max_messages: Annotated[int | None, typer.Option(help="No more messages than this.")] = None,
    max_cost: Annotated[float | None, typer.Option(help="No more money than this.")] = None,
) -> None:
    """Start a campaign from options; `create` takes the same from a file.

    Over chat and social it goes to the chat or account that is configured.
    """
    given = dict(locals())
    given["segment"] = _segment(channel, everyone, where or [], received)
    given["channels"], given["hours"] = [channel], _hours(hours)
    given["approval"] = "none" if no_approval else "required"
    request = _nested({field: given[name] for field, name in _FIELDS.items() if given[name] not in ("", None)})
    try:
        accepted = session.client.create("campaigns", json.dumps(request).encode(), "application/json")
    except Refused as refused:
        raise Refused(*map(_as_typed, str(refused).splitlines())) from refused
    session.show(accepted, view.created)


def _segment(channel: str, everyone: bool, where: list[str], received: str) -> dict[str, Any]:
    chosen = [everyone, bool(where), bool(received)]
    if channel in OWN_CHANNELS and not any(chosen):
        return {"own": True}
    if sum(chosen) != 1:
        raise Refused("--all, --where or --received: say whom it is for, in one of these ways")
    try:
        return (
            {"all": True} if everyone else {"received": received} if received else {"where": [*map(condition, where)]}
        )
    except ValueError as error:
        raise Refused(f"--where: {error}") from error


def _hours(text: str) -> list[int]:
    first, _, last = text.partition("-")
    if not (first.strip().isdecimal() and last.strip().isdecimal()):
        raise Refused(f"--hours: {text[:20]!r} is not two hours such as 9-18")
    return [int(first), int(last)]


def _nested(fields: Mapping[str, Any]) -> dict[str, Any]:
    """`a.b: c` as `{a: {b: c}}`."""
    found: dict[str, Any] = {}
    for field, value in fields.items():
        *path, last = field.split(".")
        at = found
        for name in path:
            at = at.setdefault(name, {})
        at[last] = value
    return found


def _as_typed(sentence: str) -> str:
    """`field: reason` with the option in place of the field."""
    field, found, reason = sentence.partition(": ")
    flag = next((_FLAGS[each] for each in sorted(_FLAGS, reverse=True) if field.startswith(each)), None)
    return f"{flag}: {reason}" if found and flag else sentence
