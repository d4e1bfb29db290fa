"""What `baton process run --dry` shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from rich.console import RenderableType

from local.cli.contact import read
from local.cli.errors import Fault
from local.cli.output import Whole, table
from local.cli.process import checked, end_if_wrong_said
from local.cli.session import Session

_PATIENCE = 240.0
"""Seconds until the answer is there."""
_COLUMNS = 8
_WRITES = ("output", "sql.load")


def rehearse(session: Session, process: str | None, file: Path, inputs: Mapping[str, Any]) -> None:
    """Show a dry run of a process, or of the plan in a file, which is not kept. Raises Fault if it fails."""
    body: dict[str, Any] = {"inputs": inputs}
    if process is None:
        answer = checked(session, file)
        end_if_wrong_said(session, file, answer)
        process, body["plan"] = answer["process"], read(file).decode()
    found = session.client.post(f"processes/{quote(process)}/dry-run", body, _PATIENCE)
    session.show(found, _view)
    if found["status"] != "done":
        raise Fault(f"a run would end as {found['status']}: {found['why']}")


def _view(found: dict[str, Any]) -> Iterator[RenderableType]:
    yield f"{found['title']}: a run would end as {found['status']}."
    yield table(("Step", "", "State", "Counts", "Would do, or why not"), map(_row, found["steps"]))
    for names, each in _written(found["steps"]):
        hidden = f"; {', '.join(each['masked'])} masked" if each["masked"] else ""
        yield ""
        yield f"{', '.join(names)}: {each['count']:,} rows{hidden}"
        yield table(each["columns"][:_COLUMNS], [row[:_COLUMNS] for row in each["rows"]])
        if more := each["columns"][_COLUMNS:]:
            yield f"… and the columns {', '.join(more)}"
    yield ""
    yield Whole("Nothing has left, nothing is kept. --json has ten rows of every step.")


def _row(step: dict[str, Any]) -> tuple[object, ...]:
    counts = ", ".join(f"{n:,} {name}" for name, n in step["counts"].items())
    reasons = [f"{n:,} × {why}" for why, n in step["reasons"].items()]
    return (
        step["step"],
        step["type"],
        step["state"],
        counts,
        "\n".join(filter(None, [*step["would"], step["why"], *reasons])),
    )


def _written(steps: list[dict[str, Any]]) -> list[tuple[list[str], dict[str, Any]]]:
    """The rows that would be written, and by which steps; where none are, those that were made last."""
    able = [each for each in steps if each["rows"]]
    wanted = [each for each in able if each["type"] in _WRITES] or able[-1:]
    found: list[tuple[list[str], dict[str, Any]]] = []
    for each in wanted:
        names = next((names for names, rows in found if rows == each["rows"]), None)
        if names is None:
            found.append(([each["step"]], each["rows"]))
        else:
            names.append(each["step"])
    return found
