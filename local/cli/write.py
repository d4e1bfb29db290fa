"""`baton write` and `baton piece`: texts in every format from one brief."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import RenderableType

from local.cli.campaign_file import CampaignFile
from local.cli.errors import Refused
from local.cli.output import facts, table
from local.cli.session import Session, with_session

PATIENCE = 600
_OPEN = ("planning", "writing")
piece = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
Id = Annotated[str, typer.Argument(metavar="ID", help="As `baton piece list` shows it.")]


@with_session
def write(
    session: Session,
    brief: Annotated[Path, typer.Argument(metavar="BRIEF", help="A YAML file: a brief, or a campaign's file.")],
    format: Annotated[list[str], typer.Option(metavar="NAME", help="A format; may be given again.")],
    variants: Annotated[int, typer.Option(min=1, max=4, help="Of each format.")] = 1,
    audience: Annotated[list[str] | None, typer.Option(help="Texts for these readers; may be given again.")] = None,
    plan: Annotated[bool, typer.Option("--plan", help="Stop at the plan, for a person to confirm.")] = False,
) -> None:
    """Write one brief in every format asked for, and wait for the texts."""
    body = {**_request(brief), "formats": format, "variants": variants, "audiences": audience or []}
    made = session.client.create(
        "pieces", json.dumps(body | {"plan": "confirm" if plan else "none"}).encode(), "application/json"
    )
    session.show(_settled(session, made["id"]), _piece)


@piece.command("list")
@with_session
def listing(
    session: Session, limit: Annotated[int, typer.Option(min=1, metavar="N", help="How many at most.")] = 50
) -> None:
    """List the pieces, newest first."""
    session.show(session.client.listing("pieces", limit), _pieces)


@piece.command()
@with_session
def show(session: Session, id: Id) -> None:
    """Show a piece: its plan, its texts, what was found, what it cost."""
    session.show(session.client.get(f"pieces/{id}"), _piece)


@piece.command()
@with_session
def confirm(session: Session, id: Id) -> None:
    """Confirm the plan as it is, and wait for the texts."""
    _decide(session, id, "confirm")
    session.show(_settled(session, id), _piece)


@piece.command()
@with_session
def approve(session: Session, id: Id) -> None:
    """Approve the texts as they are; an error in one of them blocks it."""
    session.show(_decide(session, id, "approve"), _state)


@piece.command()
@with_session
def reject(session: Session, id: Id) -> None:
    """Reject the texts."""
    session.show(_decide(session, id, "reject"), _state)


@piece.command()
@with_session
def rewrite(
    session: Session,
    id: Id,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="Such as email-1-A.")],
    part: Annotated[str, typer.Argument(metavar="PART", help="Such as subject or paragraphs.2.")],
    comment: Annotated[str, typer.Argument(metavar="COMMENT", help="How: shorter, warmer, …")],
) -> None:
    """Have one part of one text said differently; all the rest stays as it is."""
    session.client.post(f"pieces/{id}/parts", {"text": text, "part": part, "comment": comment})
    found = _settled(session, id)
    session.show(next(each for each in found["texts"] if each["id"] == text), _text)


def _request(file: Path) -> dict[str, Any]:
    """The brief and who speaks, of a file that may be a campaign's as well."""
    given = json.loads(CampaignFile(file).request())
    if "brief" in given:
        sender = given.get("sender", "")
        said = sender.get("name", "") if isinstance(sender, dict) else sender
        return {"name": given.get("name", file.stem), "brief": given["brief"], "sender": said}
    named = {name: given.pop(name) for name in ("name", "sender") if name in given}
    return {"name": file.stem, "sender": "", **named, "brief": given}


def _decide(session: Session, id: str, decision: str) -> Any:
    found = session.client.get(f"pieces/{id}")
    if not found["digest"]:
        raise Refused(f"there is nothing to {decision}; the piece is {found['status']}")
    return session.client.post(f"pieces/{id}/approvals", {"decision": decision, "digest": found["digest"]})


def _settled(session: Session, id: str) -> Any:
    """The piece once nothing of it is being written, or after ten minutes as it is then."""
    end = time.monotonic() + PATIENCE
    while True:
        found = session.client.get(f"pieces/{id}")
        if found["status"] not in _OPEN or time.monotonic() > end:
            return found
        time.sleep(0.3)


def _state(found: dict[str, Any]) -> Iterator[RenderableType]:
    yield f"{found['request']['name']}: {found['status'].replace('_', ' ')}."


def _pieces(found: dict[str, Any]) -> Iterator[RenderableType]:
    if not found["items"]:
        yield "None yet: baton write BRIEF --format email"
        return
    rows = (
        (each["id"], each["request"]["name"], ", ".join(each["request"]["formats"]), each["status"].replace("_", " "))
        for each in found["items"]
    )
    yield table(("Id", "Name", "Formats", "State"), rows)


def _piece(found: dict[str, Any]) -> Iterator[RenderableType]:
    yield f"{found['request']['name']}: {found['status'].replace('_', ' ')}. Its id is {found['id']}."
    if found["status_reason"]:
        yield found["status_reason"]
    if found["status"] == "awaiting_plan":
        plan = found["plan"]
        yield facts([("message", plan["message"]), *((each["source"], each["text"]) for each in plan["points"])])
        yield f"Confirm it: baton piece confirm {found['id']}"
    for text in found["texts"]:
        yield from _text(text)


def _text(text: dict[str, Any]) -> Iterator[RenderableType]:
    yield f"\n[{text['id']}] {text['audience']}, {text['written_by']}"
    if "subject" in text["words"]:
        yield f"Subject: {text['words']['subject']}"
    yield text["published"]
    for each in text["findings"]:
        yield f"{each['severity']}: {each['where']}: {each['reason']}"
