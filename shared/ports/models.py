"""Text, structured answers, tool calls, embeddings and pictures from a model."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, Protocol

from shared.domain.routing import Ability, HomeName, Place, Quality
from shared.domain.scope import Scope
from shared.ports.documents import Body

Fault = Literal["unreachable", "busy", "refused", "unusable"]
MOST_TOKENS = 4000


@dataclass(frozen=True)
class Outside:
    """Text that somebody outside wrote, and where it came from (a URL, `mail of 3 March`). It is told to the model
    apart from everything else, as material and never as instructions (rule L3)."""

    source: str
    text: str


@dataclass(frozen=True)
class Tool:
    """What a model may ask for; nothing happens by itself: whoever asked decides and carries out (rule L2).

    `name` has letters, digits, _ and -; `schema` is the JSON schema of its arguments, an object."""

    name: str
    description: str
    schema: Body


@dataclass(frozen=True)
class ToolCall:
    """That a model wants a tool to be used; the arguments meet the tool's schema."""

    id: str
    name: str
    arguments: Body


class ToolResult(NamedTuple):
    """What came of a tool call, told to the model with the next question."""

    call: ToolCall
    output: Body


@dataclass(frozen=True)
class Question:
    """What is asked of a model. `data` is plain JSON; `schema`, JSON schema, is what the answer must meet, None: text.

    `task` names the prompt (say `campaign.draft`); the built-in writer composes from `task` and `data` alone.
    `most_tokens` limits the answer. `key`, if there is one, is the same when the same question is asked again after a
    crash; it is sent as Idempotency-Key, which gateways may honour."""

    task: str
    instructions: str
    data: Body
    schema: Body | None = None
    seed: int = 0
    outside: tuple[Outside, ...] = ()
    tools: tuple[Tool, ...] = ()
    results: tuple[ToolResult, ...] = ()
    most_tokens: int = MOST_TOKENS
    key: str = ""


@dataclass(frozen=True)
class Answer:
    """What a model answered and what it took. `data` if a schema was given, else `text`; or `calls`, if it wants tools
    used first. `model` names who wrote it (`built-in writer` if no model was asked). Tokens None: nobody counted."""

    data: Body
    model: str
    input_tokens: int | None = 0
    output_tokens: int | None = 0
    text: str = ""
    calls: tuple[ToolCall, ...] = ()


@dataclass(frozen=True)
class Embedded:
    """One vector a text, in order, all of one length."""

    vectors: list[list[float]]
    model: str
    input_tokens: int | None = 0


@dataclass(frozen=True)
class Picture:
    """An image file (PNG, JPEG or WebP; `media_type` says which)."""

    content: bytes
    media_type: str
    model: str
    input_tokens: int | None = 0
    output_tokens: int | None = 0


class ModelUnavailable(Exception):
    """The model cannot be reached, refuses or answers nonsense after its own retries: a fault, to be tried again later.

    `kind` says which; `retry_after` is in seconds, if the home named it; tokens are what it took nevertheless."""

    def __init__(
        self,
        reason: str,
        kind: Fault = "refused",
        retry_after: float | None = None,
        input_tokens: int | None = 0,
        output_tokens: int | None = 0,
    ) -> None:
        super().__init__(reason)
        self.kind, self.retry_after = kind, retry_after
        self.input_tokens, self.output_tokens = input_tokens, output_tokens


class ModelUnable(Exception):
    """This home does not have that ability; asking it again is of no use."""

    def __init__(self, home: HomeName, ability: Ability) -> None:
        super().__init__(f"{home} cannot {_DOES[ability]}")
        self.home, self.ability = home, ability


_DOES: dict[Ability, str] = {
    "text": "write text",
    "structure": "answer in a given form",
    "tools": "use tools",
    "stream": "answer piece by piece",
    "embed": "make embeddings",
    "draw": "make pictures",
}


class Model(Protocol):
    """One home of models. What is not among its `abilities` raises ModelUnable; `tasks` None: it knows any task.

    `model` is the one that writes, by the name that its price is listed under; `longest` is how many characters of
    prompt it takes. Every method may raise ModelUnavailable and nothing else."""

    name: HomeName
    model: str
    place: Place
    quality: Quality
    longest: int
    abilities: frozenset[Ability]
    tasks: frozenset[str] | None

    def ask(self, scope: Scope, question: Question) -> Answer: ...

    def stream(self, scope: Scope, question: Question) -> Generator[str, None, Answer]:
        """The text piece by piece; what the generator returns is the whole answer."""
        ...

    def embed(self, scope: Scope, texts: Sequence[str]) -> Embedded: ...

    def draw(self, scope: Scope, wish: str) -> Picture: ...
