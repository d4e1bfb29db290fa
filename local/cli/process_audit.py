"""`baton process export` and `compliance`: what is handed to whoever checks runs."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated
from urllib.parse import quote

import typer

from local.cli.errors import Refused
from local.cli.output import Whole
from local.cli.process_run import Run
from local.cli.session import Session, with_session

_FORMATS = {".txt": "text", ".json": "json", ".html": "html", ".pdf": "pdf"}
_PATIENCE = 240.0
"""Seconds until the answer is there."""
Form = Annotated[
    str | None, typer.Option("--format", metavar="FORMAT", help="text, json, html or pdf. [default: by --out, or text]")
]
Out = Annotated[Path | None, typer.Option(metavar="FILE", help="Write it here; a PDF needs that.")]
_DAY = "%Y-%m-%d"


@with_session
def export(session: Session, id: Run, form: Form = None, out: Out = None) -> None:
    """Hand out the execution summary of a run: steps, times, checksums, who decided what, what was sent."""
    _handed(session, f"runs/{quote(id, safe='')}/summary", form, out)


@with_session
def compliance(
    session: Session,
    since: Annotated[
        datetime | None, typer.Option(metavar="DAY", formats=[_DAY], help="The first. [default: 29 days before]")
    ] = None,
    until: Annotated[
        datetime | None, typer.Option(metavar="DAY", formats=[_DAY], help="The last, 2026-11-30. [default: today]")
    ] = None,
    process: Annotated[str | None, typer.Option(metavar="NAME", help="Of this process only.")] = None,
    form: Form = None,
    out: Out = None,
) -> None:
    """Hand out the compliance report: what many runs add up to, what failed most, what got worse than before."""
    days = {name: f"{at:{_DAY}}" for name, at in (("since", since), ("until", until)) if at}
    _handed(session, "runs/compliance", form, out, **days, **({"process": process} if process else {}))


def _handed(session: Session, path: str, form: str | None, out: Path | None, **query: str) -> None:
    chosen = form or (_FORMATS.get(out.suffix) if out else "json" if session.output.as_json else "text")
    if chosen is None or chosen not in _FORMATS.values():
        raise Refused(f"--format: {chosen or out} is none of {', '.join(_FORMATS.values())}")
    if chosen == "pdf" and out is None:
        raise Refused("--out: say where the PDF is to be written")
    data = session.client.content(path, _PATIENCE, format=chosen, **query)
    if out:
        out.write_bytes(data)
        session.output.note(f"wrote {out}")
    elif chosen == "json":
        found = json.loads(data)
        session.show(found, lambda _: [Whole(line) for line in json.dumps(found, indent=2).splitlines()])
    else:
        session.show(data.decode(), lambda said: [Whole(line) for line in said.splitlines()])
