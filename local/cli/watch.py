"""`baton watch`: trends, competitors and seasons that are kept an eye on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

import typer
from rich.console import RenderableType

from local.cli.output import table
from local.cli.session import Session, with_session
from local.cli.words import moment

watch = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
Id = Annotated[str, typer.Argument(metavar="WATCH", help="Its id, as `baton watch list` shows it.")]
Licence = Annotated[str | None, typer.Option(help="Terms of use, where the source does not say.")]
Hours = Annotated[int, typer.Option("--every", min=6, max=168, metavar="HOURS", help="How often it is read.")]


@watch.command("list")
@with_session
def listing(session: Session) -> None:
    """List what is watched, and which source could not be read."""
    session.show(session.client.get("watches"), lambda found: _rows(found["items"]))


@watch.command()
@with_session
def add(
    session: Session,
    name: Annotated[str, typer.Argument(metavar="NAME", help="What it is called.")],
    address: Annotated[str, typer.Argument(metavar="URL", help="A feed, or with --page a page.")],
    about: Annotated[str, typer.Option(help="trend or competitor.")] = "trend",
    page: Annotated[bool, typer.Option("--page", help="Read it as a page: its headings and links.")] = False,
    term: Annotated[list[str] | None, typer.Option("--term", help="Count only this word; may be repeated.")] = None,
    licence: Licence = None,
    every: Hours = 24,
) -> None:
    """Watch a feed or a page."""
    body = {"name": name, "about": about, "url": address, "reads": "page" if page else "feed", "terms": term or []}
    _added(session, {**body, "every_hours": every, "licence": licence or ""})


@watch.command()
@with_session
def seasons(
    session: Session,
    name: Annotated[str, typer.Argument(metavar="NAME", help="What they are called together.")],
    season: Annotated[list[str], typer.Argument(metavar="SEASON...", help="As in 'Christmas 11-15 12-24'.")],
    before: Annotated[int, typer.Option(min=0, max=26, metavar="WEEKS", help="So many weeks before they count.")] = 6,
) -> None:
    """Watch seasons: each with a name, its first and its last day."""
    given = [each.rsplit(maxsplit=2) for each in season]
    wanted = [dict(zip(("name", "start", "end"), each, strict=False)) for each in given]
    _added(session, {"name": name, "about": "season", "seasons": wanted, "weeks_before": before})


@watch.command()
@with_session
def show(session: Session, id: Id) -> None:
    """Show what was seen there: new, rising, gone and steady, with dates, counts, links and terms."""
    session.show(session.client.get(f"watches/{id}"), _whole)


@watch.command()
@with_session
def gaps(session: Session) -> None:
    """Show which words that are watched at competitors few of them show, and whether our offers name them."""
    session.show(session.client.get("watches/gaps"), lambda found: _gaps(found["items"]))


@watch.command("read")
@with_session
def read_now(session: Session, id: Id) -> None:
    """Read its source now, unless that was done within five minutes."""
    session.show(session.client.post(f"watches/{id}/readings"), lambda found: [f"{found['name']} is being read."])


@watch.command()
@with_session
def remove(session: Session, id: Id) -> None:
    """Watch it no longer; what was seen goes, too."""
    session.show(session.client.delete(f"watches/{id}"), lambda found: [f"{found['name']} is watched no longer."])


def _added(session: Session, body: dict[str, Any]) -> None:
    session.show(session.client.post("watches", body), lambda found: [f"{found['name']} is watched: {found['id']}"])


def _rows(items: list[dict[str, Any]]) -> Iterator[RenderableType]:
    shown = (
        (each["id"], each["name"], each["about"], moment(each["read_at"]) if each["read_at"] else "", each["trouble"])
        for each in items
    )
    yield table(("Id", "Name", "About", "Read", "Trouble"), shown)


def _gaps(items: list[dict[str, Any]]) -> Iterator[RenderableType]:
    shown = (
        (each["term"], f"{len(each['shown_by'])} of {each['of']}", ", ".join(each["shown_by"]), ", ".join(each["ours"]))
        for each in items
    )
    yield table(("Word", "Shown by", "Who", "In our offers"), shown)


def _whole(found: dict[str, Any]) -> Iterator[RenderableType]:
    if found["trouble"]:
        yield f"Not read {moment(found['tried_at'])}: {found['trouble']}. Nothing is taken as gone by that."
    shown = (
        (each["mark"], each["title"], each["at"][:10], each["basis"], each["link"] or each["source"], each["licence"])
        for each in found["items"]
    )
    yield table(("Mark", "What", "Dated", "Counts by week", "Link", "Terms"), shown)
