"""Text and structured answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from shared.domain.scope import Scope
from shared.ports.documents import Body


@dataclass(frozen=True)
class Question:
    """What is asked of a model. `data` is plain JSON; `schema` is the JSON schema that the answer must meet.

    `task` names the prompt (say `campaign.draft`); the built-in writer composes from `task` and `data` alone."""

    task: str
    instructions: str
    data: Body
    schema: Body
    seed: int = 0


@dataclass(frozen=True)
class Answer:
    """A structured answer and what it took. `model` names who wrote it (`built-in writer` if no model was asked)."""

    data: Body
    model: str
    input_tokens: int = 0
    output_tokens: int = 0
    cost_micros: int = 0


class ModelUnavailable(Exception):
    """The model cannot be reached or answered nonsense after its own retries: a fault, to be retried by the flow."""


class Model(Protocol):
    def ask(self, scope: Scope, question: Question) -> Answer: ...
