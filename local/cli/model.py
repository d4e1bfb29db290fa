"""`baton model`: the homes of models, which of them is asked for what, and what was asked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Annotated, Any

import typer
from rich.console import RenderableType

from local.cli.errors import Refused
from local.cli.output import facts, table
from local.cli.session import Session, with_session
from shared.domain.money import spelled

model = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@model.command("list")
@with_session
def listing(session: Session) -> None:
    """List the homes of models: what each is able to do, and how it does."""
    session.show(session.client.get("models")["items"], _homes)


@model.command("policy")
@with_session
def show(session: Session) -> None:
    """Show which models may be asked for what."""
    session.show(session.client.get("models/policy"), _policy)


@model.command("set")
@with_session
def change(
    session: Session,
    rule: Annotated[list[str], typer.Argument(metavar="RULE=VALUE…", help="Such as prefer=local or cloud=false.")],
) -> None:
    """Change some of the policy; the rest stays.

    Values are JSON or plain text: 'personal=["azure"]' 'tasks={"campaign.draft": "local"}' patience_minutes=30.
    """
    wanted = {**session.client.get("models/policy"), **dict(map(_rule, rule))}
    session.show(session.client.put("models/policy", wanted), _policy)


@model.command()
@with_session
def calls(
    session: Session,
    campaign: Annotated[str | None, typer.Option(metavar="ID", help="Only those of this campaign.")] = None,
    unrecorded: Annotated[bool, typer.Option(help="Only those of which one more may have been paid.")] = False,
) -> None:
    """List what models were asked, the newest first: why there, and what it took."""
    query: dict[str, Any] = {"campaign": campaign} if campaign else {}
    query |= {"unrecorded": "true"} if unrecorded else {}
    session.show(session.client.get("models/calls", **query)["items"], _calls)


def _homes(found: list[dict[str, Any]]) -> Iterator[RenderableType]:
    rows = [(each["name"], each["model"], each["place"], each["quality"], _state(each)) for each in found]
    yield table(("Home", "Model", "Where", "Quality", "State"), rows)


def _state(home: dict[str, Any]) -> str:
    return home["state"] if home["why"] is None else f"{home['state']}: {home['why']}"


def _policy(found: dict[str, Any]) -> Iterator[RenderableType]:
    pairs = {
        "first": "the best" if found["prefer"] == "best" else "those on your own machines",
        "cloud": "may be asked" if found["cloud"] else "never",
        "personal data": f"also to {', '.join(found['personal'])}"
        if found["personal"]
        else "stay on your own machines",
        "tasks": _listed(found["tasks"]) or "none has a home of its own",
        "least quality": _listed(found["quality"]) or "any",
        "longest": _listed(found["longest"]) or "as each home says",
        "errors": f"waited for {found['patience_minutes']} minutes, before a lesser home takes over",
    }
    yield "Which models are asked in this workspace:"
    yield facts(pairs.items())


def _calls(found: list[dict[str, Any]]) -> Iterator[RenderableType]:
    rows = [
        (each["at"][:16].replace("T", " "), each["task"], each["home"], each["model"], _cost(each), each["why"])
        for each in found
    ]
    yield table(("When (UTC)", "Task", "Home", "Model", "Cost", "Why there"), rows, right=("Cost",))


def _cost(call: dict[str, Any]) -> str:
    cost = spelled(**call["cost"]) if call["cost"] else "unknown"
    return f"{cost}, perhaps twice" if call["unrecorded"] else cost


def _rule(text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise Refused(f"{text}: is not of the form rule=value")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value


def _listed(values: dict[str, Any]) -> str:
    return ", ".join(f"{name}: {value}" for name, value in values.items())
