"""`baton brand`: how what the workspace sends looks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import RenderableType

from local.cli.contact import read
from local.cli.errors import Refused
from local.cli.output import facts
from local.cli.session import Session, with_session

MOST_BYTES = 500_000
_PARTS = ("name", "colours", "fonts")
brand = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@brand.command()
@with_session
def show(session: Session) -> None:
    """Show name, colours with their contrast, fonts and logo."""
    session.show(session.client.get("brand"), _brand)


@brand.command("set")
@with_session
def change(
    session: Session,
    part: Annotated[list[str], typer.Argument(metavar="PART=VALUE…", help="name, colours.primary, fonts.heading, …")],
) -> None:
    """Change some parts; the others stay.

    Such as name='Nordlicht Studio' colours.primary=#1d4e89 fonts.heading='New Computer Modern'.
    """
    found = session.client.get("brand")
    wanted = {each: found[each] for each in _PARTS}
    for each in part:
        _change(wanted, each)
    revision = {"If-Match": f'"{found["rev"]}"'} if found["rev"] else {}
    session.show(session.client.put("brand", wanted, **revision), _brand)


@brand.command()
@with_session
def logo(
    session: Session,
    file: Annotated[Path | None, typer.Argument(metavar="FILE", help="PNG or SVG, at most 500 KB.")] = None,
    remove: Annotated[bool, typer.Option("--remove", help="Go on without a logo.")] = False,
) -> None:
    """Take a file as the logo, or take the logo away."""
    if remove == (file is not None):
        raise Refused("give either a FILE or --remove")
    if file is None:
        session.show(session.client.delete("brand/logo"), _brand)
        return
    if file.exists() and file.stat().st_size > MOST_BYTES:
        raise Refused(f"{file}: has {file.stat().st_size:,} bytes; at most {MOST_BYTES:,} are taken")
    session.show(session.client.put_file("brand/logo", read(file)), _brand)


def _change(wanted: dict[str, Any], text: str) -> None:
    path, equals, value = text.partition("=")
    group, _, name = path.partition(".")
    if not equals or group not in _PARTS or (group == "name") == bool(name):
        raise Refused(f"{text}: is not of the form name=…, colours.<which>=#rrggbb or fonts.<which>=family")
    if name:
        wanted[group] = wanted[group] | {name: value}
    else:
        wanted[group] = value


def _brand(found: dict[str, Any]) -> Iterator[RenderableType]:
    yield found["name"] or "No brand yet; everything looks as Baton does: baton brand set name='…'"
    colours, contrasts = found["colours"], found["contrasts"]
    yield facts(
        [
            ("colours", f"text {colours['text']} on background {colours['background']} ({contrasts['text']} : 1)"),
            ("", f"on_primary {colours['on_primary']} on primary {colours['primary']} ({contrasts['on_primary']} : 1)"),
            *((f"font of {use}", _font(found, use)) for use in ("heading", "body")),
            ("fonts here", ", ".join(found["fonts_here"])),
            ("logo", _logo(found["logo"])),
        ]
    )


def _font(found: dict[str, Any], use: str) -> str:
    wanted, drawn = found["fonts"][use], found["drawn_with"][use]
    lacking = "" if drawn[0] == wanted else f" is not here: {drawn[0]} takes its place"
    gaps = [each for each in drawn if each != wanted]
    return f"{wanted}{lacking}; what it lacks comes from {', '.join(gaps)}" if gaps else wanted


def _logo(logo: dict[str, Any] | None) -> str:
    if logo is None:
        return "none"
    removed = f"; taken out of the file: {', '.join(logo['removed'])}" if logo["removed"] else ""
    return f"{logo['media_type']}, {logo['width']:g} by {logo['height']:g}{removed}"
