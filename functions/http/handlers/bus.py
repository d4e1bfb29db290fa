"""The bus, as its owner looks at it: what may be sent, what could not be taken."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from shared.access.call import Answer, Call, Listing
from shared.agents import commands
from shared.domain.command import DATA, Command, LostMessage, ReplayLetters
from shared.domain.event import Event
from shared.domain.names import COMMANDS


class LettersQuery(BaseModel):
    """Dead letters of a queue, or of `topic/subscriptions/name`, with a number above `after`."""

    model_config = ConfigDict(extra="forbid")

    source: Annotated[str, StringConstraints(pattern=r"^[\w.-]+(/subscriptions/[\w.-]+)?$", max_length=200)] = COMMANDS
    after: Annotated[int, Field(ge=0, lt=2**63 - 1)] = 0
    limit: Annotated[int, Field(ge=1, le=100)] = 50


class SentAgain(BaseModel):
    """The numbers of those that were there."""

    numbers: list[int]


def schemas(call: Call) -> Answer[dict[str, Any]]:
    """JSON Schemas of what may be sent to the queue `commands`, and of the events."""
    data = {type: model.model_json_schema() for type, model in DATA.items()}
    return Answer({"command": Command.model_json_schema(), "data": data, "event": Event.model_json_schema()})


def dead_letters(call: Call, query: LettersQuery) -> Answer[Listing[LostMessage]]:
    """Messages that were given up, oldest first, with the fields and the reasons."""
    found = commands.lost(call.ports, call.scope, query.source, query.after, query.limit)
    return Answer(Listing(items=found))


def replay(call: Call, body: ReplayLetters) -> Answer[SentAgain]:
    """Send dead letters again, under the ids that they had."""
    bus = call.ports.bus
    return Answer(SentAgain(numbers=bus.replay(call.scope, body.source, body.numbers) if bus else []))
