"""`baton process run` and what steers a run."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

import typer
from rich.console import RenderableType

from local.cli.asks import Asks
from local.cli.contact import read
from local.cli.errors import Fault, Refused
from local.cli.output import facts, table
from local.cli.process import NAME, stored
from local.cli.process_dry import rehearse
from local.cli.process_suggest import in_short
from local.cli.session import Session, with_session
from local.cli.words import moment, program

Run = Annotated[str, typer.Argument(metavar="RUN", help="Its id.")]
Step = Annotated[str, typer.Argument(metavar="STEP", help="Its id in the plan.")]
Why = Annotated[str | None, typer.Option(metavar="WHY", help="The reason, for whoever looks later.")]
_PAUSE = 0.5
_ENDED = ("done", "failed", "cancelled")


@with_session
def run(
    session: Session,
    name: Annotated[str, typer.Argument(metavar="NAME|FILE", help="Which process, or a plan to keep and run.")],
    given: Annotated[
        list[str] | None, typer.Option("--input", metavar="NAME=VALUE", help="An input, or @FILE; repeatable.")
    ] = None,
    wait: Annotated[bool, typer.Option("--wait", help="Watch it until it ends; exit code 1 if it fails.")] = False,
    dry: Annotated[bool, typer.Option("--dry", help="Show what it would do, and ten rows of each output.")] = False,
) -> None:
    """Begin a run of a process. A plan in a file is validated first and kept as the newest version of its name.

    With --dry it is only rehearsed: nothing leaves, nothing is kept.
    """
    inputs = dict(_input(session, each) for each in given or [])
    if dry:
        rehearse(session, name if NAME.fullmatch(name) else None, Path(name), inputs)
        return
    process = name if NAME.fullmatch(name) else stored(session, Path(name))["name"]
    begun = session.client.post(f"processes/{quote(process)}/runs", {"inputs": inputs})
    _show(session, _watched(session, begun["id"]) if wait else begun, wait)


@with_session
def attach(session: Session, id: Run) -> None:
    """Watch a run until it ends: what its steps say and how far they are. Exit code 1 if it fails."""
    _show(session, _watched(session, id), True)


@with_session
def status(session: Session, id: Run) -> None:
    """Show a run: its state, its steps, what it gave."""
    found = session.client.get(f"runs/{id}")
    more = {"steps": session.client.get(f"runs/{id}/steps"), "suggestion": session.client.get(f"runs/{id}/suggestion")}
    session.show(found | more, _whole)


@with_session
def logs(
    session: Session, id: Run, step: Annotated[str | None, typer.Option(help="Of this step only.")] = None
) -> None:
    """Show what the steps of a run said."""
    found = list(_lines(session, id, step))
    session.show(found, lambda _: map(_line, found))


@with_session
def pause(session: Session, id: Run, reason: Why = None) -> None:
    """Let no step begin until the run is resumed; what is under way ends."""
    _show(session, session.client.post(f"runs/{id}/pause", {"reason": reason}))


@with_session
def resume(session: Session, id: Run) -> None:
    """Let a paused run go on."""
    _show(session, session.client.post(f"runs/{id}/resume"))


@with_session
def cancel(session: Session, id: Run, reason: Why = None) -> None:
    """End a run: no step begins but those of `finally`."""
    _show(session, session.client.post(f"runs/{id}/cancel", {"reason": reason}))


@with_session
def retry(
    session: Session,
    id: Run,
    step: Annotated[str | None, typer.Option("--from", metavar="STEP", help="This step and all that need it.")] = None,
) -> None:
    """Begin a run that has ended anew; what is done stays done."""
    _show(session, session.client.post(f"runs/{id}/retry", {"step": step}))


@with_session
def fix(
    session: Session,
    id: Run,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The quarantine, with its rows put right.")],
    step: Annotated[str | None, typer.Option(metavar="STEP", help="Whose quarantine it is.")] = None,
    item: Annotated[int | None, typer.Option(min=0, help="Of a loop: which item.")] = None,
    wait: Annotated[bool, typer.Option("--wait", help="Watch it until it ends; exit code 1 if it fails.")] = False,
) -> None:
    """Read rows that were put right, and do anew what needs them; as if the file had been right at once."""
    begun = session.client.post(f"runs/{id}/fix", {"file": _sent(session, file), "step": step, "item": item})
    _show(session, _watched(session, id) if wait else begun, wait)


@with_session
def undo(session: Session, id: Run) -> None:
    """Take back what a run changed in folders, the last step first. Exit code 1 if something could not come back."""
    found = session.client.post(f"runs/{id}/undo")
    session.show(found, _undone)
    if lost := sum(not each["came_back"] for each in found["changes"]):
        raise Fault(f"{lost} of {len(found['changes'])} could not be taken back")


@with_session
def set(
    session: Session,
    id: Run,
    given: Annotated[list[str], typer.Argument(metavar="NAME=VALUE…", help="Inputs; a value may be @FILE.")],
) -> None:
    """Give a run that is under way other inputs, for steps that have not begun."""
    inputs = dict(_input(session, each) for each in given)
    _show(session, session.client.patch(f"runs/{id}/inputs", {"inputs": inputs}))


@with_session
def skip(
    session: Session, id: Run, step: Step, reason: Annotated[str, typer.Argument(metavar="WHY", help="The reason.")]
) -> None:
    """Leave a step out that has not ended, and what needs it."""
    _show(session, session.client.post(f"runs/{id}/skip", {"step": step, "reason": reason}))


@with_session
def settle(
    session: Session,
    id: Run,
    step: Step,
    decision: Annotated[str, typer.Argument(metavar="DECISION", help="retry, done or fail.")],
    item: Annotated[int | None, typer.Option(min=0, help="Of a loop: which item.")] = None,
    reason: Why = None,
) -> None:
    """Answer a step that asks: do it again, take it as done, let it fail."""
    body = {"step": step, "item": item, "decision": decision, "reason": reason}
    _show(session, session.client.post(f"runs/{id}/settle", body))


def _input(session: Session, text: str) -> tuple[str, Any]:
    name, found, value = text.partition("=")
    if not found:
        raise Refused(f"{text}: write an input as NAME=VALUE")
    if value.startswith("@"):
        return name, _sent(session, Path(value[1:]))
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value


def _sent(session: Session, file: Path) -> dict[str, Any]:
    path = f"runs/files?name={quote(file.name)}"
    sent: dict[str, Any] = session.client.create(path, read(file), "application/octet-stream")
    return sent


def _watched(session: Session, id: str) -> dict[str, Any]:
    """The run when it has ended; meanwhile its lines, and which steps are under way."""
    cursor: dict[str, str] = {}
    shown, asks = "", Asks(session.client.url, session.options)
    while True:
        news = session.client.get(f"runs/{id}/news", **cursor)
        session.output.say(*map(_line, news["lines"]))
        cursor = {"cursor": news["cursor"]} if news["cursor"] else {}
        if news["run"]["status"] in _ENDED and not news["lines"]:
            return dict(news["run"])
        if (now := _under_way(news)) != shown and now:
            session.output.say(now)
        session.output.say(*asks.new(news))
        shown = now
        time.sleep(_PAUSE)


def _under_way(news: dict[str, Any]) -> str:
    done = sum(count for state, count in news["counts"].items() if state in ("done", "skipped"))
    on = [f"{each['step']}{_far(each)}" for each in news["steps"][:4]]
    return f"{done:,} steps done; {news['run']['status']}: {', '.join(on)}" if on else ""


def _far(step: dict[str, Any]) -> str:
    far = step["progress"]
    total = f" of {far['total']:,}" if far and far["total"] else ""
    return f" ({far['done']:,}{total} {far['unit']})" if far else f" ({step['why']})" if step["why"] else ""


def _lines(session: Session, id: str, step: str | None) -> Iterator[dict[str, Any]]:
    query = {"step": step} if step else {}
    cursor: dict[str, str] = {}
    while True:
        page = session.client.get(f"runs/{id}/logs", **query, **cursor)
        yield from page["lines"]
        if not page["lines"]:
            return
        cursor = {"cursor": page["cursor"]}


def _line(line: dict[str, Any]) -> str:
    item = "" if line["item"] is None else f".{line['item']}"
    return f"{line['step']}{item}: {line['text']}"


def _show(session: Session, found: dict[str, Any], ended: bool = False) -> None:
    session.show(found, _short)
    if ended and found["status"] != "done":
        raise Fault(f"the run is {found['status']}; next: {program()} process status {found['id']}")


def _undone(found: dict[str, Any]) -> Iterator[RenderableType]:
    rows = [(_name(each), each["what"], each["why"]) for each in found["changes"]]
    yield table(("Step", "What", "Now"), rows) if rows else "The run changed nothing outside."


def _name(step: dict[str, Any]) -> str:
    return str(step["step"]) if step["item"] is None else f"{step['step']}.{step['item']}"


def _short(found: dict[str, Any]) -> Iterator[RenderableType]:
    why = f": {found['status_reason']}" if found["status_reason"] else ""
    yield f"{found['title']} ({found['id']}) is {found['status']}{why}"
    if found["outputs"]:
        yield facts((name, json.dumps(value, ensure_ascii=False)) for name, value in found["outputs"].items())


def _whole(found: dict[str, Any]) -> Iterator[RenderableType]:
    yield from _short(found)
    about = [("process", f"{found['process']} {found['digest'][:12]}"), ("attempt", found["attempt"])]
    yield facts([*about, ("began", moment(found["started_at"])), ("ended", moment(found["ended_at"]))])
    rows = [_row(each) for each in found["steps"]]
    yield table(("Step", "", "State", "Tries", "Seconds", "Why"), rows, right=["Tries", "Seconds"])
    yield from in_short(found["suggestion"])


def _row(step: dict[str, Any]) -> tuple[object, ...]:
    seconds = sum(each["seconds"] for each in step["tries"])
    return _name(step), step["type"], step["status"], step["tried"], f"{seconds:,.1f}", step["why"]
