"""`baton contact imports, confirm, undo, quarantine`: imports that are there."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import RenderableType

from local.cli.contact import follow, show_import
from local.cli.errors import Refused
from local.cli.output import table
from local.cli.session import Session, with_session

_Id = Annotated[str, typer.Argument(metavar="ID", help="Which import: as `baton contact imports` lists it.")]


@with_session
def imports(
    session: Session,
    limit: Annotated[int, typer.Option(min=1, metavar="N", help="How many at most.")] = 20,
) -> None:
    """List imports, newest first."""
    session.show(session.client.listing("contacts/imports", limit), listed)


@with_session
def confirm(
    session: Session,
    id: _Id,
    consent: Annotated[str, typer.Option(metavar="TEXT", help="The words that all these people agreed to.")] = "",
    consent_source: Annotated[str, typer.Option(metavar="TEXT", help="Where they did.")] = "",
    consent_at: Annotated[str, typer.Option(metavar="ISO-TIME", help="When, where the file does not say.")] = "",
) -> None:
    """Take in what `--dry-run` has shown."""
    said = {"wording": consent, "source": consent_source, "at": consent_at}
    given = {name: text for name, text in said.items() if text}
    session.client.post(f"contacts/imports/{id}/confirm", {"consent": given or None})
    show_import(session, follow(session, id))


@with_session
def undo(session: Session, id: _Id) -> None:
    """Take an import back: what it wrote and nobody has changed since.

    Who must not be written to stays so.
    """
    session.client.post(f"contacts/imports/{id}/undo")
    show_import(session, follow(session, id))


@with_session
def quarantine(
    session: Session,
    id: _Id,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Where to write it; default: stdout.")] = None,
) -> None:
    """Get the rows that were left out, with the reasons, as CSV.

    Put right, the same file can be brought in.
    """
    write_out(session.client.content(f"contacts/imports/{id}/quarantine"), out)


def write_out(content: bytes, out: Path | None) -> None:
    """Where it was wished, or to stdout. Raises Refused."""
    if out is None:
        sys.stdout.write(content.decode())
        return
    try:
        out.write_bytes(content)
    except OSError as error:
        raise Refused(f"{out}: {error.strerror}") from error


def listed(found: dict[str, Any]) -> Iterator[RenderableType]:
    """A table of imports."""
    if not found["items"]:
        yield "No imports."
        return
    heads = ("Id", "When", "File", "Status", "Rows", "New", "Suppressed", "Left out")
    yield table(heads, map(_row, found["items"]), right=heads[4:])
    if found["cursor"]:
        yield f"The first {len(found['items']):,}; --limit shows more."


def _row(each: dict[str, Any]) -> tuple[str, ...]:
    counts = (f"{each[name]:,}" for name in ("rows", "created", "suppressed", "quarantined"))
    return each["id"], each["created_at"][:16], each["name"] or "", each["status"], *counts
