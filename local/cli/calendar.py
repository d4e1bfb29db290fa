"""`baton calendar`: when nothing leaves."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

import typer
from rich.console import RenderableType

from local.cli.contact import read
from local.cli.output import table
from local.cli.session import Session, with_session
from local.cli.words import moment

calendar = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
Title = Annotated[str, typer.Option(help="What it is.")]


@calendar.command()
@with_session
def show(
    session: Session,
    start: Annotated[str | None, typer.Option(help="A moment with its offset, 2027-03-01T00:00:00Z; else now.")] = None,
    end: Annotated[str | None, typer.Option(help="Else a year later.")] = None,
) -> None:
    """Show when nothing leaves, and the other calendars that are kept to."""
    given = {"start": start, "end": end}
    session.show(session.client.get("calendar", **{name: at for name, at in given.items() if at}), _calendar)


@calendar.command()
@with_session
def close(
    session: Session,
    first_day: Annotated[str, typer.Argument(metavar="DAY", help="As 2027-03-01, a day of the home's time zone.")],
    last_day: Annotated[str | None, typer.Argument(metavar="[LAST]", help="The last day, if it is another.")] = None,
    title: Title = "",
) -> None:
    """Enter blackout days: nothing of a campaign leaves."""
    body = {"first_day": first_day, "last_day": last_day or first_day, "title": title}
    session.show(session.client.post("calendar/entries", body), _entered)


@calendar.command()
@with_session
def busy(
    session: Session,
    start: Annotated[str, typer.Argument(help="A moment with its offset, as 2027-03-01T09:00:00+01:00.")],
    end: Annotated[str, typer.Argument(help="Likewise.")],
    title: Title = "",
) -> None:
    """Enter a time in which nothing of a campaign leaves."""
    session.show(session.client.post("calendar/entries", {"start": start, "end": end, "title": title}), _entered)


@calendar.command()
@with_session
def remove(
    session: Session, id: Annotated[str, typer.Argument(metavar="ID", help="As `baton calendar show` lists it.")]
) -> None:
    """Take out an entry that was made here."""
    session.show(session.client.delete(f"calendar/entries/{quote(id, safe='')}"), lambda _: ["It is taken out."])


@calendar.command()
@with_session
def follow(
    session: Session,
    name: Annotated[str, typer.Argument(help="What it is called here.")],
    source: Annotated[str, typer.Argument(metavar="URL|FILE", help="An https:// address, or an .ics file.")],
) -> None:
    """Keep to another calendar: an address is read twice an hour, a file once."""
    if "://" in source:
        made = session.client.post("calendar/feeds", {"name": name, "url": source}, 60)
    else:
        content = read(Path(source))
        made = session.client.create(f"calendar/files?name={quote(name, safe='')}", content, "text/calendar", 60)
    session.show(made, lambda feed: [f"{feed['name']} takes {feed['stretches']:,} times; its id is {feed['id']}."])


@calendar.command()
@with_session
def leave(
    session: Session, id: Annotated[str, typer.Argument(metavar="ID", help="As `baton calendar show` lists it.")]
) -> None:
    """Keep to another calendar no longer."""
    session.show(session.client.delete(f"calendar/feeds/{quote(id, safe='')}"), lambda _: ["It counts no longer."])


def _calendar(found: dict[str, Any]) -> Iterator[RenderableType]:
    if found["trouble"]:
        yield f"Nothing leaves: {found['trouble']}."
    taken = [
        (moment(each["start"]), moment(each["end"]), each["why"], each["title"], each["entry"])
        for each in found["stretches"]
    ]
    yield table(("from", "until", "what", "title", "id"), taken) if taken else "Nothing is taken: campaigns may leave."
    if found["feeds"]:
        rows = [
            (each["name"], f"{each['stretches']:,}", moment(each["read_at"]), each["trouble"] or "", each["id"])
            for each in found["feeds"]
        ]
        yield table(("other calendar", "times", "read", "trouble", "id"), rows)


def _entered(made: dict[str, Any]) -> Iterator[RenderableType]:
    first, last = made["first_day"], made["last_day"]
    if first is None:
        when = f"from {moment(made['start'])} to {moment(made['end'])}"
    else:
        when = f"on {first}" if first == last else f"from {first} to {last}"
    yield f"Nothing of a campaign leaves {when}. The id is {made['id']}."
