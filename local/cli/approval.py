"""`baton approval`: everything that waits for a person, and the answer to it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

import typer
from rich.console import RenderableType

from local.cli.errors import Refused
from local.cli.output import table
from local.cli.session import Session, with_session
from local.cli.words import moment

approval = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@approval.command("list")
@with_session
def listing(
    session: Session, limit: Annotated[int, typer.Option(min=1, metavar="N", help="How many at most.")] = 50
) -> None:
    """List what waits: budgets that stopped something, webhooks that were turned off, campaigns, pieces, steps."""
    session.show(session.client.listing("approvals", limit), _rows)


@approval.command()
@with_session
def decide(
    session: Session,
    subject: Annotated[str, typer.Argument(metavar="ID", help="As `baton approval list` shows it.")],
    answer: Annotated[str, typer.Argument(metavar="ANSWER", help="One of those that it offers.")],
    comment: Annotated[
        str | None, typer.Option(metavar="TEXT", help="With changes: what should be different; with reject: why.")
    ] = None,
    to: Annotated[str | None, typer.Option(metavar="LIMIT", help="With raise: the new limit, 25 EUR or 100.")] = None,
    given: Annotated[
        list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="What a step asks for; repeatable.")
    ] = None,
) -> None:
    """Answer what waits, as it is now."""
    waiting = session.client.listing("approvals", 1_000)["items"]
    asked = next((each for each in waiting if each["subject"] == subject), None)
    if asked is None:
        raise Refused(f"approval: nothing waits about {subject!r}")
    filled = dict(named(each) for each in given or [])
    more = {name: value for name, value in (("comment", comment), ("to", to), ("given", filled)) if value}
    body = {"decision": answer, "digest": asked["digest"], **more}
    session.show(session.client.post(f"approvals/{subject}", body), _decided)


def named(text: str) -> tuple[str, str]:
    """NAME=VALUE of `--set`. Raises Refused."""
    name, equals, value = text.partition("=")
    if not equals:
        raise Refused(f"--set: {text!r} is not NAME=VALUE")
    return name, value


def _rows(found: dict[str, Any]) -> Iterator[RenderableType]:
    if not found["items"]:
        yield "Nothing waits for you."
        return
    rows = [
        (each["name"], each["question"], _answers(each), moment(each["asked_at"]), each["subject"])
        for each in found["items"]
    ]
    yield table(("What", "Question", "Answers", "Asked", "Id"), rows)


_THERE = {"webhook": "baton webhook on, off", "contract": "baton contract sign, edit, cancel"}
"""What is answered where it is kept, and not by an approver."""


def _answers(asked: dict[str, Any]) -> str:
    return ", ".join(asked["answers"]) or _THERE.get(asked["kind"], "")


def _decided(found: dict[str, Any]) -> Iterator[RenderableType]:
    yield f"The {found['kind']} is {found['status'].replace('_', ' ')} now."
