"""Agents over HTTP, and their pages."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from functions.flows import campaign_flow
from functions.http.handlers.html import html, see
from shared.access.call import Answer, Call, Listing
from shared.access.problem import rejected
from shared.agents import campaigns, roster
from shared.domain.agent import Affected, Agent, AgentSettings, Change, Version, differences
from shared.domain.built_in_agents import BUILT_IN
from shared.domain.faults import Missing
from shared.domain.texts import Line
from shared.web.agents import card, of_form


class Changed(BaseModel):
    """The version that holds now, what is different in it, and the work under way that it holds for."""

    version: Version
    changes: list[Change]
    affects: list[Affected]


class AgentChange(AgentSettings):
    """Settings in the place of the old, and why."""

    why: Line | None = None


class Capabilities(BaseModel):
    """What it can be asked for, and what it may use."""

    id: str
    capabilities: list[str]
    tools: list[str]


class DiffQuery(BaseModel):
    """Two versions; without `to`, the newest."""

    model_config = ConfigDict(extra="forbid")

    since: Annotated[int, Field(ge=0)] = 0
    to: Annotated[int, Field(ge=0)] | None = None


class RollbackRequest(BaseModel):
    """The version to go back to."""

    model_config = ConfigDict(extra="forbid")

    version: Annotated[int, Field(ge=0)]


def listing(call: Call) -> Answer[Listing[Version]]:
    """Every agent, the built-in ones and the workspace's own, in its present version."""
    return Answer(Listing(items=roster.listing(call.ports, call.scope)))


def create(call: Call, body: Agent) -> Answer[Version]:
    """A new agent. 409 if there is one of this id."""
    return Answer(roster.create(call.ports, call.scope, call.principal, body), status=201)


def show(call: Call) -> Answer[Version]:
    """One agent in its present version."""
    return Answer(roster.read(call.ports, call.scope, call.path["id"]))


def replace(call: Call, body: AgentChange) -> Answer[Changed]:
    """Put these settings in the place of the old: a new version, which holds from the agent's next call on."""
    settings = AgentSettings(**body.model_dump(exclude={"why"}))
    before = roster.read(call.ports, call.scope, call.path["id"])
    after = roster.update(call.ports, call.scope, call.principal, before.agent.id, settings, body.why or "")
    return _changed(call, before, after)


def remove(call: Call) -> Answer[Version]:
    """Delete an agent of one's own and answer with what it was; its versions stay. 409 for a built-in one."""
    found = roster.read(call.ports, call.scope, call.path["id"])
    roster.delete(call.ports, call.scope, call.principal, found.agent.id)
    return Answer(found)


def capabilities(call: Call) -> Answer[Capabilities]:
    """What it can be asked for, and the tools that it may use."""
    agent = roster.read(call.ports, call.scope, call.path["id"]).agent
    return Answer(Capabilities(id=agent.id, capabilities=agent.capabilities, tools=list(agent.tools)))


def status(call: Call) -> Answer[roster.Status]:
    """Whether it is off, working or idle; the work that it takes part in, its last calls, what it cost this month."""
    return Answer(roster.status(call.ports, call.scope, call.path["id"]))


def versions(call: Call) -> Answer[Listing[Version]]:
    """Every version, the newest first, also of an agent that was deleted."""
    return Answer(Listing(items=roster.versions(call.ports, call.scope, call.path["id"])))


def diff(call: Call, query: DiffQuery) -> Answer[Listing[Change]]:
    """What is different between two versions, field by field."""
    known = {each.version: each for each in roster.versions(call.ports, call.scope, call.path["id"])}
    wanted = query.to if query.to is not None else max(known)
    for number in (query.since, wanted):
        if number not in known:
            raise Missing("version", str(number))
    return Answer(Listing(items=differences(known[query.since].agent, known[wanted].agent)))


def rollback(call: Call, body: RollbackRequest) -> Answer[Changed]:
    """An earlier version as the next one; also brings back an agent that was deleted."""
    id = call.path["id"]
    before = roster.versions(call.ports, call.scope, id)[0]
    return _changed(call, before, roster.rollback(call.ports, call.scope, call.principal, id, body.version))


def page(call: Call) -> Answer[str]:
    """Who there is, what they do now and what they cost."""
    rows = [_row(call, each) for each in roster.listing(call.ports, call.scope)]
    return html(call, "agents", here="agents", rows=rows)


def one(call: Call) -> Answer[str]:
    """One agent: its settings, last work, cost, versions."""
    found = roster.read(call.ports, call.scope, call.path["id"])
    every = roster.versions(call.ports, call.scope, found.agent.id)
    pairs = zip(every, [*every[1:], None], strict=True)
    history = [{"version": new, "changes": differences(old.agent, new.agent) if old else []} for new, old in pairs]
    return html(
        call, "agent", here="agents", row=_row(call, found), history=history, built_in=found.agent.id in BUILT_IN
    )


def form(call: Call) -> Answer[str]:
    """The form as it was filled in."""
    before = roster.read(call.ports, call.scope, call.path["id"])
    try:
        settings = of_form(call.form, before.agent)
    except ValidationError as error:
        raise rejected(error, "form") from None
    after = roster.update(call.ports, call.scope, call.principal, before.agent.id, settings, call.form.get("why", ""))
    return see(f"/agents/{before.agent.id}", ring=_bells(call, _changed(call, before, after).body))


def form_rollback(call: Call) -> Answer[str]:
    """Back to a version."""
    version = call.form.get("version", "")
    body = RollbackRequest(version=int(version) if version.isascii() and version.isdigit() else 0)
    changed = rollback(call, body)
    return see(f"/agents/{call.path['id']}", ring=changed.ring)


def _changed(call: Call, before: Version, after: Version) -> Answer[Changed]:
    affects = roster.affected(call.ports, call.scope, after.agent)
    changed = Changed(version=after, changes=differences(before.agent, after.agent), affects=affects)
    return Answer(changed, ring=_bells(call, changed))


def _bells(call: Call, changed: Changed) -> list[str]:
    """Whoever waits for the agent looks again."""
    waiting = (campaigns.get(call.ports, call.scope, each.id) for each in changed.affects if each.what == "campaign")
    return [campaign_flow(call.scope, each).instance_id for each in waiting]


def _row(call: Call, found: Version) -> dict[str, object]:
    return card(found, roster.status(call.ports, call.scope, found.agent.id))
