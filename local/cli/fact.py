"""`baton fact`: what people vouch for beyond a brief, and the sentences of drafts that nobody has said."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any
from urllib.parse import quote

import typer
from rich.console import RenderableType

from local.cli.find import find
from local.cli.output import table
from local.cli.session import Session, with_session
from local.cli.words import moment

fact = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
Until = Annotated[str | None, typer.Option(metavar="ISO-TIME", help="When it no longer holds; default: in a year.")]
Sentence = Annotated[str, typer.Argument(metavar="SENTENCE", help="Exactly as the draft says it.")]
Which = Annotated[str, typer.Argument(metavar="ID-OR-NAME", help="The campaign; with --piece the id of a piece.")]
OfPiece = Annotated[bool, typer.Option("--piece", help="It is a piece, not a campaign.")]


@fact.command("list")
@with_session
def listing(
    session: Session, limit: Annotated[int, typer.Option(min=1, metavar="N", help="How many at most.")] = 50
) -> None:
    """List facts that people vouch for, newest first."""
    session.show(session.client.listing("facts", limit), _rows)


@fact.command()
@with_session
def add(
    session: Session,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="One sentence that is true.")],
    until: Until = None,
    source: Annotated[str | None, typer.Option(metavar="TEXT", help="Where it can be looked up.")] = None,
) -> None:
    """Vouch for a fact: what is written from now on may say it."""
    body = {name: value for name, value in (("text", text), ("until", until), ("source", source)) if value}
    session.show(session.client.post("facts", body), _kept)


@fact.command()
@with_session
def withdraw(session: Session, id: Annotated[str, typer.Argument(metavar="ID", help="The fact.")]) -> None:
    """Vouch for it no longer."""
    session.show(session.client.delete(f"facts/{quote(id, safe='')}"), _withdrawn)


@fact.command()
@with_session
def claims(session: Session, which: Which, piece: OfPiece = False) -> None:
    """Show which source carries each sentence of a campaign's drafts or a piece's texts, and which nobody has said."""
    path = _path(session, which, piece)
    found = session.client.get(path if piece else f"{path}/drafts")
    session.show({"items": found["texts"]} if piece else found, _claims)


@fact.command()
@with_session
def confirm(session: Session, which: Which, sentence: Sentence, until: Until = None, piece: OfPiece = False) -> None:
    """Vouch for a sentence of a draft that nobody has said; the draft is looked at again."""
    _answer(session, _path(session, which, piece), sentence, answer="confirm", until=until)


@fact.command()
@with_session
def cite(
    session: Session,
    which: Which,
    sentence: Sentence,
    passage: Annotated[str, typer.Argument(metavar="PASSAGE", help="As `baton knowledge search` names it.")],
    piece: OfPiece = False,
) -> None:
    """Name the passage of the knowledge base that says a sentence of a draft."""
    _answer(session, _path(session, which, piece), sentence, answer="cite", passage=passage)


@fact.command()
@with_session
def rephrase(
    session: Session,
    which: Which,
    sentence: Sentence,
    comment: Annotated[str | None, typer.Option(metavar="TEXT", help="How.")] = None,
    piece: OfPiece = False,
) -> None:
    """Have a sentence of a draft said differently, or left out."""
    _answer(session, _path(session, which, piece), sentence, answer="rephrase", comment=comment)


def _path(session: Session, which: str, piece: bool) -> str:
    return f"pieces/{quote(which, safe='')}" if piece else f"campaigns/{find(session.client, which)['id']}"


def _answer(session: Session, path: str, sentence: str, **answer: str | None) -> None:
    body = {"sentence": sentence, **{name: value for name, value in answer.items() if value}}
    session.show(session.client.post(f"{path}/claims", body), _answered)


def _rows(found: dict[str, Any]) -> Iterator[RenderableType]:
    if not found["items"]:
        yield "Nobody vouches for anything beyond the briefs."
        return
    rows = [(each["text"], each["by"], _holds(each), each["id"]) for each in found["items"]]
    yield table(("Fact", "By", "Holds", "Id"), rows)


def _holds(each: dict[str, Any]) -> str:
    return f"withdrawn {moment(each['withdrawn_at'])}" if each["withdrawn_at"] else f"until {moment(each['until'])}"


def _kept(found: dict[str, Any]) -> Iterator[RenderableType]:
    yield f"{found['by']} vouches for “{found['text']}” {_holds(found)}."
    yield f"Id: {found['id']}"


def _withdrawn(found: dict[str, Any]) -> Iterator[RenderableType]:
    yield f"Nothing that is written from now on rests on “{found['text']}”."


def _claims(found: dict[str, Any]) -> Iterator[RenderableType]:
    for draft in found["items"]:
        named = draft.get("id", f"Variant {draft['variant']}")
        if not draft["claims"]:
            yield f"{named} states nothing that could be checked."
            continue
        yield table((f"{named} says", "Source"), map(_claim, draft["claims"]))


def _claim(each: dict[str, Any]) -> tuple[str, str]:
    return each["sentence"], ", ".join(each["sources"]) or f"nobody: {each['reason']}"


def _answered(found: dict[str, Any]) -> Iterator[RenderableType]:
    name = found["name"] if "name" in found else found["request"]["name"]
    yield f"“{name}”: kept; it is looked at again."
