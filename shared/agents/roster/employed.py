"""Who may work, asked before every call of a model."""

from __future__ import annotations

from shared.domain.agent import Agent, Version
from shared.domain.built_in_agents import BUILT_IN
from shared.domain.faults import Conflict
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.ports import Ports


class AgentOff(Conflict):
    """It is switched off: what waits for it goes on when it is on again."""

    def __init__(self, agent: str) -> None:
        super().__init__("agent", f"the agent {agent} is switched off")


def employed(ports: Ports, scope: Scope, id: str) -> Agent | None:
    """The agent with what was changed about it; None if nothing was, or it is nobody's. Raises AgentOff."""
    found = ports.documents.get(scope, Kind.AGENT, f"now:{id}")
    if found is None:
        return None
    agent = Version.model_validate(found.body).agent
    if not agent.enabled:
        raise AgentOff(id)
    delivered = BUILT_IN.get(id)
    if delivered and delivered.instructions == agent.instructions:
        return agent.model_copy(update={"instructions": ""})  # The prompts of its verb say it already.
    return agent
