"""What an agent asks for, and what it gets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from shared.domain.budget import Amount
from shared.domain.money import Money
from shared.domain.routing import HomeName, Place, Quality, Sensitivity
from shared.ports import Body, ModelUnavailable, Question, ToolCall


@dataclass(frozen=True)
class Call:
    """One question of an agent. `key` names it for ever (instance, step, item, n): whoever asks again under the same
    key gets the same answer. `sensitivity` is that of everything in the question, `quality` the least that does."""

    key: str
    question: Question
    agent: str
    campaign: str | None = None
    task: str | None = None
    sensitivity: Sensitivity = "internal"
    quality: Quality = "basic"
    local: bool = False
    """A person wants it answered on this machine, whatever the policy would choose."""


@dataclass(frozen=True)
class Answered:
    """The answer, and what is on the tape about it. `code` and `why`: the reason of the route, in a word and in words.

    `cost` None: unknown. `offline`: the cloud could not be reached, so a local home answered. `unrecorded`: an earlier
    execution was killed after it had begun this call, so a provider may have been paid for one answer more. `asked` is
    the digest of everything that was asked."""

    data: Body
    text: str
    calls: tuple[ToolCall, ...]
    model: str
    home: HomeName
    place: Place
    code: str
    why: str
    offline: bool
    input_tokens: int | None
    output_tokens: int | None
    cost: Money | None
    asked: str
    attempt: int = 1
    unrecorded: bool = False


def tally_of(answered: Answered) -> dict[str, int]:
    """What it took, to be added up and shown (`shared.domain.budget.cost_text`)."""
    tokens = (answered.input_tokens or 0) + (answered.output_tokens or 0)
    return Amount(answered.cost, tokens, local=answered.place == "local").tally()


class Waiting(ModelUnavailable):
    """Every home that may be asked is out for now, and one of them is worth waiting for: ask again at `until`."""

    def __init__(self, until: datetime, why: str) -> None:
        super().__init__(why, "busy")
        self.until = until


class NoHome(Exception):
    """No home that is configured may do this, now or later; the reason names each of them."""
