"""`baton process`: declared processes, their plans and versions."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

import typer
from rich.console import RenderableType

from local.cli.contact import read
from local.cli.errors import Fault
from local.cli.output import Whole, facts, table
from local.cli.session import Session, with_session
from local.cli.words import moment, program
from shared.process.plan import Graph, Node, waves

process = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
File = Annotated[Path, typer.Argument(metavar="FILE", help="A plan in YAML or JSON.")]
_KINDS = ("cron", "event", "bus", "file")
Name = Annotated[str, typer.Argument(metavar="NAME", help="As `baton process list` shows it.")]

NAME = re.compile("[a-z][a-z0-9_]{0,39}")
"""Of a process; what is called otherwise is a file."""


@process.command()
@with_session
def validate(
    session: Session, files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="Plans in YAML or JSON.")]
) -> None:
    """Say everything that is wrong with plans, with line, column and what to do; nothing is kept.

    Exit code 1 if anything is wrong.
    """
    found = {file: checked(session, file)["problems"] for file in files}
    session.show([each for problems in found.values() for each in problems], lambda _: all_problems(found))
    _end_if_wrong(found)


@process.command()
@with_session
def plan(session: Session, file: File) -> None:
    """Draw a plan: what waits for what, and what runs side by side."""
    answer = checked(session, file)
    end_if_wrong_said(session, file, answer)
    session.show(answer, _drawn)


@process.command()
@with_session
def put(session: Session, file: File) -> None:
    """Keep a plan under the name it declares, as the newest version; runs of older ones go on as they began."""
    session.show(stored(session, file), _process)


@process.command("list")
@with_session
def listing(
    session: Session, limit: Annotated[int, typer.Option(min=1, metavar="N", help="How many at most.")] = 100
) -> None:
    """List the processes: the workspace's own, then those that come with Baton."""
    session.show(session.client.listing("processes", limit), _processes)


@process.command()
@with_session
def show(
    session: Session,
    name: Name,
    text: Annotated[bool, typer.Option("--text", help="Only the newest text, as it was written.")] = False,
) -> None:
    """Show a process and its versions."""
    path = f"processes/{quote(name, safe='')}"
    if text:
        found = session.client.content(f"{path}/text").decode()
        session.show(found, lambda said: [Whole(line) for line in said.splitlines()])
    else:
        session.show(session.client.get(path), _process)


@process.command()
@with_session
def diff(
    session: Session,
    name: Name,
    old: Annotated[str, typer.Argument(metavar="OLD", help="A version's digest. [default: the last but one]")] = "",
    new: Annotated[str, typer.Argument(metavar="NEW", help="Of another. [default: the newest]")] = "",
) -> None:
    """Show what changed from one version to another."""
    path = f"processes/{quote(name, safe='')}/difference"
    found = session.client.get(path, old=old, new=new)
    session.show(found, lambda said: [Whole(line) for line in said["lines"]] or ["Nothing is different."])


@process.command()
@with_session
def schema(session: Session) -> None:
    """Show the JSON Schema of plans, for completion in an editor."""
    session.show(session.client.get("processes/schema"), lambda found: [Whole(json.dumps(found, indent=1))])


def checked(session: Session, file: Path) -> dict[str, Any]:
    """What is wrong with the plan in the file; of one that is right its name and graph."""
    path = f"processes/validate?file={quote(file.name)}"
    found: dict[str, Any] = session.client.create(path, read(file), "text/plain")
    return found


def stored(session: Session, file: Path) -> dict[str, Any]:
    """The process, after the plan in the file was kept as its newest version. Raises Fault, having said why."""
    answer = checked(session, file)
    end_if_wrong_said(session, file, answer)
    path = f"processes/{answer['process']}?file={quote(file.name)}"
    found: dict[str, Any] = session.client.put_file(path, read(file))
    return found


def _end_if_wrong(found: dict[Path, list[dict[str, Any]]]) -> None:
    wrong = sum(map(len, found.values()))
    if wrong:
        raise Fault(f"{wrong} problem{'' if wrong == 1 else 's'}")


def end_if_wrong_said(session: Session, file: Path, answer: dict[str, Any]) -> None:
    """Say all that is wrong with the plan in the file, if anything is. Raises Fault."""
    found = {file: answer["problems"]}
    if answer["problems"]:
        session.show(answer, lambda _: all_problems(found))
    _end_if_wrong(found)


def all_problems(found: dict[Path, list[dict[str, Any]]]) -> Iterator[RenderableType]:
    for file, problems in found.items():
        lines = file.read_bytes().decode(errors="replace").split("\n")
        for each in problems:
            yield from _problem(file, each, lines)
        if not problems:
            yield Whole(f"{file}: nothing is wrong")


def _problem(file: Path, problem: dict[str, Any], lines: list[str]) -> Iterator[RenderableType]:
    number, column = problem["line"], problem["column"]
    field = f"{problem['field']}: " if problem["field"] else ""
    yield Whole(f"{file}:{number}:{column}: {field}{problem['message']}")
    if number <= len(lines):
        start = max(column - 80, 0)
        yield Whole("    " + lines[number - 1][start : start + 120].replace("\t", " "))
        yield Whole("    " + " " * (column - 1 - start) + "^")
    if problem["suggestion"]:
        yield Whole(f"    {problem['suggestion']}")


def _drawn(answer: dict[str, Any]) -> Iterator[RenderableType]:
    graph, types = Graph.from_wire(answer["graph"]), answer["types"]
    yield f"{answer['process']}: {answer['title']}"
    for number, wave in enumerate(waves(graph), 1):
        yield ""
        for place, node in enumerate(wave):
            yield Whole(f"{_branch(number, place, len(wave))} {node.id}  {types[node.id]}{_said(node, graph.nodes)}")
    most = max(map(len, waves(graph)))
    yield ""
    yield f"{len(graph.nodes)} steps; up to {min(most, graph.at_once)} side by side."


def _branch(number: int, place: int, count: int) -> str:
    sign = "─" if count == 1 else "┌" if place == 0 else "└" if place == count - 1 else "├"
    return f"{number if place == 0 else '':>4} {sign}"


def _said(node: Node, nodes: Iterable[Node]) -> str:
    names = [each.id for each in nodes]
    said = [f"after {', '.join(names[need] for need in node.needs)}"] if node.needs else []
    said += ["at the end, whatever happened"] if node.last else []
    said += [f"for each item, {node.foreach} at once"] if node.foreach else []
    said += ["under a condition"] if node.asks_when else []
    said += ["the run goes on if it fails"] if node.goes_on else []
    return f"  ({'; '.join(said)})" if said else ""


def _process(found: dict[str, Any]) -> Iterator[RenderableType]:
    origin = "comes with Baton; put one of the same name in its place" if found["origin"] == "catalog" else None
    yield f"{found['name']}: {found['title']}"
    yield facts([("origin", origin), ("steps", len(found["plan"]["steps"]) + len(found["plan"].get("finally", [])))])
    rows = ((each["digest"][:12], moment(each["at"]) or "", each["by"]) for each in found["versions"])
    yield table(("Version", "Since", "By"), rows)
    if found["standing"]:
        yield "Starts by itself:"
        yield facts(map(_trigger, found["standing"]))
    elif found["plan"].get("triggers"):
        yield from _not_yet(found)


def _not_yet(found: dict[str, Any]) -> Iterator[RenderableType]:
    """What would start a process that comes with Baton."""
    name = found["name"]
    yield "Starts by itself once it is yours; until then these start nothing:"
    yield facts(
        (kind, each[kind]) for each in found["plan"]["triggers"] for kind in ("cron", "event", "bus") if kind in each
    )
    yield Whole(f"    {program()} process show {name} --text > {name}.yaml")
    yield Whole("    (say under `triggers` with which inputs)")
    yield Whole(f"    {program()} process put {name}.yaml")


def _cause(said: Any) -> str:
    return f"{said['folder']}: {said['glob']}" if isinstance(said, dict) else str(said)


def _trigger(each: dict[str, Any]) -> tuple[str, str]:
    refused = each["refused"]
    said = [f"{moment(each['at'])} started {each['run']}"] if each["run"] else []
    said += [f"{moment(refused['at'])} NOT started: {refused['field']}: {refused['reason']}"] if refused else []
    said += [f"due {moment(each['due'])}"] if each["due"] else []
    return f"{each['kind']} {each['cause']}", "\n".join(said) or "nothing yet"


def _processes(found: dict[str, Any]) -> Iterator[RenderableType]:
    rows = (
        (each["name"], each["title"], each["versions"][0]["digest"][:12], len(each["versions"]), each["origin"])
        for each in found["items"]
    )
    yield table(("Name", "Title", "Version", "Versions", "Origin"), rows, right=("Versions",))
