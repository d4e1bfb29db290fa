"""An agent as data: who does a verb's work, with which instructions, tools, models and money (S3.12)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from shared.domain.budget import Budget
from shared.domain.names import Verb
from shared.domain.routing import HomeName, Quality
from shared.domain.texts import Line, Plain

AgentId = Annotated[str, StringConstraints(pattern="^[a-z][a-z0-9-]{1,39}$")]
Capability = Annotated[str, StringConstraints(pattern="^[a-z][a-z0-9.-]{0,59}$")]
Domain = Literal["offer", "marketing", "sales", "fulfillment", "feedback"]
Tool = Literal["knowledge.search", "memory.read", "memory.write"]
Instructions = Annotated[str, StringConstraints(strip_whitespace=True, max_length=8000), Plain]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ModelChoice(_Strict):
    """Which models it may be: the least quality that does, and the home that is asked first. The workspace's policy of
    models still forbids what it forbids."""

    quality: Quality = "basic"
    home: HomeName | None = None


class AgentSettings(_Strict):
    """Everything about an agent that can be changed."""

    name: Line
    domain: Domain
    verb: Verb
    """Whose work it does."""
    capabilities: Annotated[list[Capability], Field(max_length=30)] = Field(default_factory=list)
    """What it can be asked for."""
    tools: Annotated[list[Tool], Field(max_length=10)] = Field(default_factory=list)
    """What it may use while it works on a task; each use counts for its budget."""
    instructions: Instructions = ""
    """Told to the model with everything that it does."""
    model: ModelChoice = Field(default_factory=ModelChoice)
    budget: Budget = Field(default_factory=Budget)
    """The limits of its account, `agent-<id>`."""
    enabled: bool = True
    """Off: it asks no model for anything; what waits for it goes on when it is on again."""


class Agent(AgentSettings):
    """With its id, which never changes."""

    id: AgentId


class Version(_Strict):
    """One version of an agent; 0 is a built-in one as it was delivered."""

    version: int
    agent: Agent
    by: str
    at: datetime | None = None
    why: str = ""


class Change(_Strict):
    """One field that two versions tell differently; null where it is not there."""

    field: str
    before: Any
    after: Any


class Affected(_Strict):
    """Work under way that the agent takes part in: from its next call on a change holds for it."""

    what: Literal["campaign", "task"]
    id: str
    name: str
    status: str


def differences(before: AgentSettings, after: AgentSettings) -> list[Change]:
    """Field by field, in dotted paths; a list is one value."""
    old, new = (dict(_flat(each.model_dump(mode="json"))) for each in (before, after))
    names = [*old, *(name for name in new if name not in old)]
    return [
        Change(field=name, before=old.get(name), after=new.get(name))
        for name in names
        if old.get(name) != new.get(name)
    ]


def _flat(values: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in values.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value
