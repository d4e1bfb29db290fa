"""`baton process test`: a run on a tape, and a process held against it."""

# ruff: noqa: PT028 (a command that is called test is none of pytest's)

from __future__ import annotations

import io
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

import typer
from rich.console import RenderableType

from local.cli.contact import read
from local.cli.errors import Fault, Refused
from local.cli.output import Whole, table
from local.cli.process import NAME, checked, end_if_wrong_said
from local.cli.session import Session, with_session
from local.cli.words import program

_PATIENCE = 240.0
_EPOCH = (1980, 1, 1, 0, 0, 0)
_PARTS = ("steps", "answers", "files")


@with_session
def test(
    session: Session,
    name: Annotated[str, typer.Argument(metavar="NAME|FILE", help="Which process, or a plan that is not kept.")],
    tape: Annotated[Path | None, typer.Option(metavar="DIR", help="The tape's folder. [default: NAME.tape]")] = None,
    record: Annotated[bool, typer.Option("--record", help="Make the tape, of a run that has ended.")] = False,
    run: Annotated[str, typer.Option(metavar="RUN", help="Which run. [default: the last one that is done]")] = "",
) -> None:
    """Play a process against a tape of one of its runs, without anything leaving.

    What differs is shown step by step; exit code 1 if anything does.
    """
    process, plan = _named(session, name)
    folder = tape or Path(f"{process}.tape")
    if record:
        _record(session, process, run, folder)
        return
    path = f"processes/{quote(process)}/tests"
    found = session.client.create(path, packed(folder, plan), "application/zip", _PATIENCE)
    session.show(found, _view)
    if not found["same"]:
        count = sum(each["state"] != "same" for each in found["steps"])
        raise Fault(f"{count} of {len(found['steps'])} steps are not as on the tape; first: {found['first']}")


def _named(session: Session, name: str) -> tuple[str, bytes | None]:
    """The process; of a file its text, too."""
    if NAME.fullmatch(name):
        return name, None
    answer = checked(session, Path(name))
    end_if_wrong_said(session, Path(name), answer)
    return answer["process"], read(Path(name))


def _record(session: Session, process: str, run: str, folder: Path) -> None:
    """Raises Refused if there is no run, or the folder holds something else."""
    if folder.exists() and not (folder / "tape.json").is_file():
        raise Refused(f"{folder}: is there already, and is no tape")
    found = session.client.listing("runs", 1, process=process, status="done")["items"] if not run else [{"id": run}]
    if not found:
        raise Refused(f"no run of {process} is done; next: {program()} process run {process} --wait")
    data = session.client.content(f"runs/{quote(found[0]['id'], safe='')}/tape")
    for each in _PARTS:
        shutil.rmtree(folder / each, ignore_errors=True)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        archive.extractall(folder)
        names = archive.namelist()
    told = {"tape": str(folder), "run": found[0]["id"], "steps": sum(each.startswith("steps/") for each in names)}
    warning = "It holds what the run was given and was answered: as personal as that is."
    said = f"{folder}: {told['steps']} texts of run {told['run']}. Next: {program()} process test {process}"
    session.show(told, lambda _: [Whole(said), warning])


def packed(folder: Path, plan: bytes | None = None) -> bytes:
    """The folder as a ZIP. Raises Refused if it is no tape."""
    if not (folder / "tape.json").is_file():
        raise Refused(f"{folder}: there is no tape; --record makes one")
    files = [folder / "tape.json", *(each for part in _PARTS for each in (folder / part).rglob("*") if each.is_file())]
    parts = {each.relative_to(folder).as_posix(): each.read_bytes() for each in files}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in sorted({**parts, **({"plan": plan} if plan is not None else {})}.items()):
            made.writestr(zipfile.ZipInfo(name, _EPOCH), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _view(found: dict[str, Any]) -> Iterator[RenderableType]:
    yield table(("Step", "Beside the tape"), [(each["step"], each["state"]) for each in found["steps"]])
    for each in found["steps"]:
        if each["lines"]:
            yield ""
            yield f"{each['step']}:"
            yield from (Whole(f"  {line}") for line in each["lines"])
    if found["same"]:
        yield "Every step is as on the tape."
