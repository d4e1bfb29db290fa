"""Replay (design 4.9): what models were asked for a campaign, a piece or a task is answered from the tape, its
decisions are made anew by today's code, and both are held against what was kept. Nothing is paid, written or sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from shared.agents.replay.campaigns import replay_campaign
from shared.agents.replay.pieces import replay_piece
from shared.agents.replay.tasks import replay_task
from shared.domain.campaign import Campaign
from shared.domain.faults import Missing
from shared.domain.names import Kind
from shared.domain.piece import Piece
from shared.domain.replay import FINE, Replay, Step, Subject
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.domain.task import Task
from shared.ports import Body, Document, Ports

__all__ = ["replay"]


def replay(ports: Ports, scope: Scope, id: str) -> Replay:
    """Of the campaign, piece or task of this id. Reads the stores first; then there is no way out (`shut`).

    Raises Missing, and Conflict where there is nothing (yet) to be replayed."""
    for kind, replayed in _KINDS.items():
        found = ports.documents.get(scope, kind, id)
        if found is not None:
            name, steps = replayed(ports, scope, found.body)
            return _report(kind, id, name, steps)
    raise Missing("campaign, piece or task", id)


def _report(subject: Any, id: str, name: str, steps: list[Step]) -> Replay:
    kind: Subject = subject
    asked = [each for each in steps if each.what == "call" and each.state != "missing" and each.state != "unused"]
    return Replay(
        subject=kind,
        id=id,
        name=name,
        same=all(each.state in FINE for each in steps),
        calls=len(asked),
        decisions=sum(each.what == "decision" for each in steps),
        steps=steps,
    )


def _campaign(ports: Ports, scope: Scope, body: Body) -> tuple[str, list[Step]]:
    found = Campaign.model_validate(body)
    return found.name, replay_campaign(ports, scope, found, _agents(ports, scope))


def _piece(ports: Ports, scope: Scope, body: Body) -> tuple[str, list[Step]]:
    found = Piece.model_validate(body)
    return found.request.name, replay_piece(ports, scope, found, _agents(ports, scope))


def _task(ports: Ports, scope: Scope, body: Body) -> tuple[str, list[Step]]:
    found = Task.model_validate(body)
    return found.title, replay_task(ports, scope, found, _agents(ports, scope))


_KINDS: dict[Kind, Callable[[Ports, Scope, Body], tuple[str, list[Step]]]] = {
    Kind.CAMPAIGN: _campaign,
    Kind.PIECE: _piece,
    Kind.TASK: _task,
}


def _agents(ports: Ports, scope: Scope) -> list[Document]:
    """The agents of today, at work: what is changed about their instructions is what a replay should show."""
    page = ports.documents.find(scope, Kind.AGENT, [Filter("id", "prefix", "now:")], limit=1000)
    for each in page.documents:
        each.body["agent"]["enabled"] = True
    return page.documents
