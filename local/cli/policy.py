"""`baton policy`: the rules that every message of a workspace keeps."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Annotated, Any

import typer
from rich.console import RenderableType

from local.cli.errors import Refused
from local.cli.output import facts
from local.cli.session import Session, with_session

policy = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@policy.command()
@with_session
def show(session: Session) -> None:
    """Show how often, when and from where people are written to."""
    session.show(session.client.get("policy"), rules)


@policy.command("set")
@with_session
def change(
    session: Session,
    rule: Annotated[list[str], typer.Argument(metavar="RULE=VALUE…", help="Such as apart_minutes=30 or country=DE.")],
) -> None:
    """Change some of the rules; the others stay.

    Values are JSON or plain text: 'caps=[{"days": 7, "most": 5}]' holidays=true country=DE. null is the default.
    """
    found = {**session.client.get("policy"), **dict(map(_rule, rule))}
    wanted = {name: value for name, value in found.items() if value is not None}
    session.show(session.client.put("policy", wanted), rules)


def rules(found: dict[str, Any]) -> Iterator[RenderableType]:
    """One line a rule."""
    hours = {channel: f"{first} to {last} h" for channel, (first, last) in found["hours"].items()}
    pairs = {
        "caps": "; ".join(map(_cap, found["caps"])) or "none",
        "apart": f"{found['apart_minutes']} minutes between two campaigns",
        "hours": _listed(hours) or "those of each campaign, and of the law",
        "holidays": "closed" if found["holidays"] else "as any day",
        "quota": _listed({channel: f"{most:,} a day" for channel, most in found["quota"].items()}) or "none",
        "country": found["country"] or "not said: the strictest law for people who name none",
        "domains": ", ".join(found["sender_domains"]) or "any",
        "established": ", ".join(found["established_domains"]) or "none: a new domain warms up",
        "purposes": ", ".join(found["purposes"]) or "any",
        "topics": ", ".join(found["topics"]) or "any",
    }
    yield "The rules that every message of this workspace keeps:"
    yield facts(pairs.items())


def _rule(text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise Refused(f"{text}: is not of the form rule=value")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value


def _cap(cap: dict[str, Any]) -> str:
    where = f" by {cap['channel']}" if cap["channel"] else ""
    return f"at most {cap['most']}{where} in any {cap['days']} days"


def _listed(values: dict[str, str]) -> str:
    return ", ".join(f"{name} {value}" for name, value in values.items())
