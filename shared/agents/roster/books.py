"""The documents of agents: `now:<id>` is the present version, `was:<id>:<n>` each that there ever was.

A built-in agent that nobody changed has no document. The limits of an agent are those of its account, wherever they
were set last."""

from __future__ import annotations

from shared.agents import budget
from shared.domain.agent import Agent, AgentSettings, Version
from shared.domain.budget import Budget
from shared.domain.built_in_agents import BUILT_IN
from shared.domain.faults import Conflict, FieldError, Missing, Rejected
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.ports import Ports, Stale, Write

MOST = 200
STREAM = "agents"
"""The journal's stream of a workspace that says who changed its agents when."""
_DELIVERED = "Baton"


def listing(ports: Ports, scope: Scope) -> list[Version]:
    """Every agent in its present version, by id."""
    page = ports.documents.find(scope, Kind.AGENT, [Filter("id", "prefix", "now:")], limit=MOST + len(BUILT_IN))
    stored = {found.id.removeprefix("now:"): Version.model_validate(found.body) for found in page.documents}
    every = {id: _delivered(agent) for id, agent in BUILT_IN.items()} | stored
    return [_with_limits(ports, scope, every[id]) for id in sorted(every)]


def read(ports: Ports, scope: Scope, id: str) -> Version:
    """The present version. Raises Missing."""
    return _with_limits(ports, scope, _present(ports, scope, id)[0])


def versions(ports: Ports, scope: Scope, id: str) -> list[Version]:
    """Every version, the newest first, also of an agent that was deleted. Raises Missing if there never was one."""
    found: list[Version] = [_delivered(BUILT_IN[id])] if id in BUILT_IN else []
    cursor = None
    while True:
        page = ports.documents.find(scope, Kind.AGENT, [Filter("id", "prefix", f"was:{id}:")], cursor=cursor)
        found += [Version.model_validate(document.body) for document in page.documents]
        cursor = page.cursor
        if cursor is None:
            break
    if not found:
        raise Missing("agent", id)
    return found[::-1]


def create(ports: Ports, scope: Scope, by: str, agent: Agent) -> Version:
    """A new one. Raises Conflict if its id is taken, Rejected if there are too many."""
    if agent.id in BUILT_IN or ports.documents.get(scope, Kind.AGENT, f"now:{agent.id}"):
        raise Conflict("id", f"there is an agent {agent.id!r} already; change it, or choose another id")
    if len(listing(ports, scope)) >= MOST:
        raise Rejected(FieldError("id", f"a workspace has at most {MOST} agents"))
    return _write(ports, scope, by, agent, None, _last(ports, scope, agent.id) + 1, "created")


def update(ports: Ports, scope: Scope, by: str, id: str, settings: AgentSettings, why: str = "") -> Version:
    """Its next version, unless nothing is different; it holds from the agent's next call on. Raises Missing, and
    Conflict if somebody else changed it at the same moment."""
    present, rev = _present(ports, scope, id)
    agent = Agent(id=id, **settings.model_dump())
    if agent == _with_limits(ports, scope, present).agent:
        return present
    return _write(ports, scope, by, agent, rev, _last(ports, scope, id) + 1, why)


def rollback(ports: Ports, scope: Scope, by: str, id: str, version: int) -> Version:
    """An earlier version as the next one. Raises Missing."""
    for each in versions(ports, scope, id):
        if each.version == version:
            _, rev = _found(ports, scope, id)
            back = _write(ports, scope, by, each.agent, rev, _last(ports, scope, id) + 1, f"back to version {version}")
            return back
    raise Missing("version", str(version))


def delete(ports: Ports, scope: Scope, by: str, id: str) -> None:
    """It is gone; its versions stay, and a rollback brings it back. Raises Missing, and Conflict for a built-in one."""
    _present(ports, scope, id)
    if id in BUILT_IN:
        raise Conflict("id", "a built-in agent cannot be deleted; switch it off, or roll it back to version 0")
    ports.documents.delete(scope, Kind.AGENT, f"now:{id}")
    ports.journal.append(scope, STREAM, ports.clock.now(), by, "deleted", {"agent": id})


def _present(ports: Ports, scope: Scope, id: str) -> tuple[Version, str | None]:
    found, rev = _found(ports, scope, id)
    if found is None:
        raise Missing("agent", id)
    return found, rev


def _found(ports: Ports, scope: Scope, id: str) -> tuple[Version | None, str | None]:
    document = ports.documents.get(scope, Kind.AGENT, f"now:{id}")
    if document:
        return Version.model_validate(document.body), document.rev
    return (_delivered(BUILT_IN[id]) if id in BUILT_IN else None), None


def _delivered(agent: Agent) -> Version:
    return Version(version=0, agent=agent, by=_DELIVERED)


def _last(ports: Ports, scope: Scope, id: str) -> int:
    try:
        return versions(ports, scope, id)[0].version
    except Missing:
        return 0


def _write(ports: Ports, scope: Scope, by: str, agent: Agent, rev: str | None, version: int, why: str) -> Version:
    made = Version(version=version, agent=agent, by=by, at=ports.clock.now(), why=why)
    body = made.model_dump(mode="json")
    writes = [Write(f"now:{agent.id}", body, rev), Write(f"was:{agent.id}:{version:06}", body)]
    try:
        ports.documents.batch(scope, Kind.AGENT, writes)
    except Stale:
        raise Conflict("agent", "somebody else has just changed it; look at it again") from None
    if budget.read(ports, scope, _account(agent.id)) != agent.budget:
        budget.put(ports, scope, by, _account(agent.id), agent.budget)
    ports.journal.append(scope, STREAM, ports.clock.now(), by, "changed", {"agent": agent.id, "version": version})
    return made


def _with_limits(ports: Ports, scope: Scope, found: Version) -> Version:
    limits: Budget = budget.read(ports, scope, _account(found.agent.id))
    return found.model_copy(update={"agent": found.agent.model_copy(update={"budget": limits})})


def _account(id: str) -> str:
    return f"agent-{id}"
