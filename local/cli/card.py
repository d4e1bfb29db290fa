"""`baton card`: a few words as a picture in the brand's look."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import RenderableType

from local.cli.errors import Refused
from local.cli.output import facts, table
from local.cli.session import Session, with_session

card = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
Id = Annotated[str, typer.Argument(metavar="ID", help="As `baton card list` shows it.")]
Out = Annotated[Path | None, typer.Option(metavar="DIR", help="Write the files into this folder.")]


@card.command()
@with_session
def make(
    session: Session,
    template: Annotated[str, typer.Argument(metavar="TEMPLATE", help="quote, announcement or event.")],
    words: Annotated[list[str], typer.Argument(metavar="FIELD=TEXT…", help="Such as quote='…' by='…'.")],
    alt: Annotated[str, typer.Option(help="What the picture says, for those who cannot see it.")],
    size: Annotated[list[str] | None, typer.Option(metavar="NAME", help="link, square, story; else all.")] = None,
    picture: Annotated[str, typer.Option(help="What a model is to draw beside the words.")] = "",
    out: Out = None,
) -> None:
    """Draw a card, as PNG and SVG in the sizes of the networks.

    quote: quote, by. announcement: title, text, call. event: title, when, where, call.
    """
    said = dict(map(_field, words))
    body: dict[str, Any] = {"words": {"template": template, **said}, "alt": alt}
    body |= ({"sizes": size} if size else {}) | ({"picture": picture} if picture else {})
    made = session.client.create("cards", json.dumps(body).encode(), "application/json")
    session.show(made, _card)
    if out:
        _save(session, made, out)


@card.command("list")
@with_session
def listing(
    session: Session, limit: Annotated[int, typer.Option(min=1, metavar="N", help="How many at most.")] = 50
) -> None:
    """List the cards, newest first."""
    session.show(session.client.listing("cards", limit), _cards)


@card.command()
@with_session
def show(session: Session, id: Id, out: Out = None) -> None:
    """Show a card; with --out, write its files."""
    found = session.client.get(f"cards/{id}")
    session.show(found, _card)
    if out:
        _save(session, found, out)


@card.command()
@with_session
def attach(
    session: Session,
    piece: Annotated[str, typer.Argument(metavar="PIECE", help="As `baton piece list` shows it.")],
    text: Annotated[str, typer.Argument(metavar="TEXT", help="Such as linkedin-1-A.")],
    cards: Annotated[list[str] | None, typer.Argument(metavar="CARD…", help="None takes away what is there.")] = None,
) -> None:
    """Put cards at a text of a piece that waits for its approval."""
    wish = {"text": text, "cards": cards or []}
    found = session.client.put(f"pieces/{piece}/images", wish)
    session.show(next(each for each in found["texts"] if each["id"] == text), _text)


def _field(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise Refused(f"{text}: is not of the form field=text")
    return name, value


def _save(session: Session, found: dict[str, Any], out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    for each in found["files"]:
        for ending in ("png", "svg"):
            path = out / f"{found['request']['words']['template']}-{each['size']}.{ending}"
            path.write_bytes(session.client.content(f"cards/{found['id']}/{each['size']}.{ending}"))
            session.output.note(f"wrote {path}")


def _card(found: dict[str, Any]) -> Iterator[RenderableType]:
    yield f"A card. Its id is {found['id']}."
    words = {name: text for name, text in found["request"]["words"].items() if text}
    yield facts([*words.items(), ("alt", found["request"]["alt"])])
    yield table(("Size", "Pixels"), ((each["size"], f"{each['width']} x {each['height']}") for each in found["files"]))
    if found["picture"]:
        yield f"Picture by {found['picture']['model']}."


def _cards(found: dict[str, Any]) -> Iterator[RenderableType]:
    if not found["items"]:
        yield "None yet: baton card make quote quote='…' --alt '…'"
        return
    rows = ((each["id"], each["request"]["words"]["template"], each["request"]["alt"]) for each in found["items"])
    yield table(("Id", "Template", "Says"), rows)


def _text(text: dict[str, Any]) -> Iterator[RenderableType]:
    yield f"{text['id']} has {len(text['images'])} card{'s' if len(text['images']) != 1 else ''}."
    for image in text["images"]:
        yield f"{image['card']}: {image['alt']}"
