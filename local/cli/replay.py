"""`baton replay`: what models were asked, answered from the tape; what would be different today."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

import typer
from rich.console import RenderableType

from local.cli.errors import Fault
from local.cli.find import ID, find
from local.cli.output import facts, table
from local.cli.session import Session, with_session

_MOST = 20
"""Differences that are shown in full; `--json` has all."""


@with_session
def replay(
    session: Session,
    which: Annotated[str, typer.Argument(metavar="CAMPAIGN|PIECE|TASK", help="Its id; or a campaign's name.")],
) -> None:
    """Replay a campaign, piece or task from its tape: what would differ today?

    No model is asked; nothing is paid, written or sent. Exit code 0: the same, byte
    for byte; 1: something differs, with the code and the prompts of today.
    """
    id = which if ID.fullmatch(which) else find(session.client, which)["id"]
    found = session.client.get(f"replays/{id}")
    session.show(found, _view)
    if not found["same"]:
        wrong = _wrong(found)
        raise Fault(
            f"replay: {len(wrong)} of {len(found['steps'])} steps are not as they were; first: {_said(wrong[0])}"
        )


def _view(found: dict[str, Any]) -> Iterator[RenderableType]:
    yield f"{found['name']} ({found['subject']} {found['id']})"
    yield table(("Step", "", "State"), [(each["step"], _what(each), each["state"]) for each in found["steps"]])
    wrong = _wrong(found)
    for each in wrong[:_MOST]:
        yield ""
        yield f"{_said(each)}."
        for place in each["differs"]:
            yield facts([("where", place["where"]), ("was", _text(place["was"])), ("now", _text(place["now"]))])
    if len(wrong) > _MOST:
        yield f"\n… and {len(wrong) - _MOST} more; --json has all."
    yield ""
    calls = "1 call of a model was" if found["calls"] == 1 else f"{found['calls']} calls of models were"
    yield f"{calls} answered from the tape; nothing was asked, paid, written or sent."
    if found["same"]:
        yield "The same, byte for byte."
    elif all(each["what"] == "call" and each["state"] == "differs" for each in wrong):
        yield "With these answers every decision is the same. What a model says to another question, no replay knows."


def _wrong(found: dict[str, Any]) -> list[dict[str, Any]]:
    return [each for each in found["steps"] if each["state"] not in ("same", "unanswered")]


def _what(step: dict[str, Any]) -> str:
    return "decision" if step["what"] == "decision" else f"call of {step['model'] or 'a model'}"


def _said(step: dict[str, Any]) -> str:
    return f"{step['step']}: {step['why']}"


def _text(value: str | None) -> str:
    return "(nothing)" if value is None else value.replace("\n", "⏎")
