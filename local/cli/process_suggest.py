"""`baton process suggest`: what could be done about a run, to be read."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Annotated, Any

import typer
from rich.console import RenderableType

from local.cli.output import Whole
from local.cli.session import Session, with_session
from local.cli.words import program

_PAUSE, _PATIENCE = 0.5, 120.0
_ENDED = (None, "done", "failed")


@with_session
def suggest(session: Session, id: Annotated[str, typer.Argument(metavar="RUN", help="Its id.")]) -> None:
    """Say what could be done about a run that failed, or whose rows are in quarantine.

    Rules say what they know; a model, if there is one, is asked once for each
    attempt, and told nothing of the data. Nothing is applied.
    """
    found, until = session.client.post(f"runs/{id}/suggestion"), time.monotonic() + _PATIENCE
    while found["status"] not in _ENDED and time.monotonic() < until:
        time.sleep(_PAUSE)
        found = session.client.get(f"runs/{id}/suggestion")
    session.show(found, _view)


def in_short(found: dict[str, Any]) -> Iterator[RenderableType]:
    """For who looks at the run."""
    if found["text"]:
        yield from _said(found)
    elif found["troubles"]:
        yield Whole(f"What could be done: {program()} process suggest {found['run']}")


def _view(found: dict[str, Any]) -> Iterator[RenderableType]:
    for each in found["troubles"]:
        about = "".join(f"{part}: " for part in (each["kind"], each["field"]) if part)
        yield Whole(f"{each['step']} ({each['type']}): {about}{each['what']}")
        yield from (Whole(f"  {count:,} × {reason}") for reason, count in each["reasons"].items())
        yield from (Whole(f"  {rule}") for rule in each["rules"])
        yield ""
    if found["text"]:
        yield from _said(found)
    elif found["task"]:
        yield f"{found['note'] or 'The model has not answered yet.'} (task {found['task']}, {found['status']})"
    else:
        yield found["note"]


def _said(found: dict[str, Any]) -> Iterator[RenderableType]:
    yield f"Suggested by {found['written_by']}, to be read, not applied:"
    yield found["text"]
