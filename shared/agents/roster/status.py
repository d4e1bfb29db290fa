"""What agents are doing: the work under way that they take part in, what they did last, what they cost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Literal

from pydantic import BaseModel

from shared.agents import budget
from shared.agents.roster.books import read
from shared.domain.agent import Affected, Agent
from shared.domain.names import Kind, Verb
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.domain.statement import AccountUse
from shared.ports import Order, Ports

_CAMPAIGNS: Mapping[Verb, tuple[str, ...]] = {
    Verb.GENERATE: ("generating",),
    Verb.SCHEDULE: ("awaiting_approval", "holding"),
    Verb.DISTRIBUTE: ("scheduled", "sending", "paused", "missed"),
    Verb.ANALYZE: ("analyzing",),
}
_OPEN = ("queued", "running", "waiting")
MOST = 100
"""Of each sort that are listed."""


class LastWork(BaseModel):
    """One call of a model. `for_` names the campaign or task."""

    at: datetime
    task: str
    campaign: str | None
    model: str
    place: str


class Status(BaseModel):
    """`off`: switched off; `working`: something under way takes it; else `idle`."""

    id: str
    state: Literal["off", "working", "idle"]
    work: list[Affected]
    last: list[LastWork]
    use: AccountUse


def status(ports: Ports, scope: Scope, id: str, last: int = 5) -> Status:
    """What it is doing, its last calls, and this month's account. Raises Missing."""
    agent = read(ports, scope, id).agent
    work = affected(ports, scope, agent)
    return Status(
        id=id,
        state="off" if not agent.enabled else "working" if work else "idle",
        work=work,
        last=list(_last(ports, scope, id, last)),
        use=budget.use(ports, scope, f"agent-{id}"),
    )


def affected(ports: Ports, scope: Scope, agent: Agent) -> list[Affected]:
    """Campaigns that are at its verb's step, and its open tasks."""
    return [*_campaigns(ports, scope, agent.verb), *_tasks(ports, scope, agent.id)]


def _campaigns(ports: Ports, scope: Scope, verb: Verb) -> Iterator[Affected]:
    at = _CAMPAIGNS.get(verb)
    if at is None:
        return
    page = ports.documents.find(scope, Kind.CAMPAIGN, [Filter("status", "in", list(at))], limit=MOST)
    for found in page.documents:
        yield Affected(what="campaign", id=found.id, name=found.body["name"], status=found.body["status"])


def _tasks(ports: Ports, scope: Scope, agent: str) -> Iterator[Affected]:
    asked = [Filter("agent", "eq", agent), Filter("status", "in", list(_OPEN))]
    for found in ports.documents.find(scope, Kind.TASK, asked, limit=MOST).documents:
        yield Affected(what="task", id=found.id, name=found.body["title"], status=found.body["status"])


def _last(ports: Ports, scope: Scope, agent: str, most: int) -> Iterator[LastWork]:
    page = ports.documents.find(
        scope, Kind.TAPE, [Filter("agent", "eq", agent)], Order("at", descending=True), limit=most
    )
    for found in page.documents:
        body = found.body
        yield LastWork(
            at=body["at"], task=body["task"], campaign=body.get("campaign"), model=body["model"], place=body["place"]
        )
