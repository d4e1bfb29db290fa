"""`baton keys`: with what this home encrypts and signs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any
from urllib.parse import quote

import typer
from rich.console import RenderableType

from local.cli.output import facts, table
from local.cli.session import Session, with_session
from local.cli.words import moment

keys = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

Ring = Annotated[str, typer.Argument(metavar="RING", help="link or field; address is never rotated.")]


@keys.command("list")
@with_session
def listing(session: Session) -> None:
    """List the keys by id, and how far what is encrypted has been moved to the newest. No key is shown."""
    session.show(session.client.get("keyrings"), _rings)


@keys.command()
@with_session
def rotate(session: Session, ring: Ring) -> None:
    """Make a new key: everything new uses it, old ones still open. What is encrypted is moved to it by itself."""
    session.show(session.client.post(f"keyrings/{quote(ring, safe='')}/keys"), _rotated)


@keys.command()
@with_session
def remove(
    session: Session,
    ring: Ring,
    id: Annotated[str, typer.Argument(metavar="ID", help="As `baton keys list` shows it.")],
    links_stop: Annotated[
        bool, typer.Option("--links-stop", help="Links in mails that left with this key may stop working for ever.")
    ] = False,
) -> None:
    """Forget an old key. Refused while anything stored needs it."""
    path = f"keyrings/{quote(ring, safe='')}/keys/{quote(id, safe='')}"
    session.show(session.client.delete(path + ("?links_stop=true" if links_stop else "")), _removed)


def _rings(found: dict[str, Any]) -> Iterator[RenderableType]:
    rows = [(each["ring"], each["id"], "newest: " * each["newest"] + each["use"]) for each in found["items"]]
    yield table(("Ring", "Key", "What it does"), [*rows, ("address", "", "hashes addresses; is never rotated")])
    yield ""
    plain = "believed, and encrypted when they are found" if found["plain"] == "believed" else "refused"
    yield facts([("kept in", found["kept_in"]), ("values in plain", plain), *_moved(found["renewal"])])


def _moved(renewal: dict[str, Any] | None) -> Iterator[tuple[str, str]]:
    if renewal is None:
        return
    how_far = f"{renewal['moved']:,} records moved to {renewal['key']}"
    if renewal["status"] == "completed":
        yield "encrypted values", f"{how_far}, the last {moment(renewal['completed_at'])}; none was left behind"
    else:
        yield "encrypted values", f"{how_far} so far; {renewal['looked']:,} looked at in round {renewal['round']}"
    if renewal["lost"]:
        yield "not readable", f"{renewal['lost']:,}: {', '.join(renewal['unreadable'][:5])}"


def _rotated(made: dict[str, Any]) -> Iterator[RenderableType]:
    yield f"Key {made['id']} of the ring {made['ring']} from now on {made['use']}. The others still open what they did."
    if made["ring"] == "field":
        yield "What is encrypted is being moved to it: baton keys list"


def _removed(gone: dict[str, Any]) -> Iterator[RenderableType]:
    yield f"Key {gone['id']} of the ring {gone['ring']} is forgotten. Delete it from your backups of keys.json, too."
