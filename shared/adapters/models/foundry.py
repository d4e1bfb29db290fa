"""Agents of a Microsoft Foundry project as a Model: one agent a prompt, asked through the Responses API."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Generator, Iterator, Sequence
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING, Any

import orjson

from shared.adapters.models._answering import Piece, Repair, Said, answered, streamed
from shared.adapters.models._prompt import as_text, form_name, instructions, material, mend
from shared.adapters.models._wire import CONNECT_SECONDS, client, patiently
from shared.domain.routing import Ability, HomeName, Place, Quality
from shared.domain.scope import Scope
from shared.ports import Answer, Body, Embedded, ModelUnable, ModelUnavailable, Picture, Question

if TYPE_CHECKING:
    from openai import OpenAI

LONGEST = 400_000
"""Characters of prompt."""


class FoundryModel:
    """`endpoint` is the project's (`https://NAME.services.ai.azure.com/api/projects/PROJECT`), `deployment` the model
    of its agents. An agent's instructions, schema and tools are fixed when it is made, so each prompt has its own,
    named after their digest: `baton-campaign-draft-1f2e3d4c5b6a`. `timeout` is in seconds, of one whole answer."""

    name: HomeName = "foundry"
    place: Place = "cloud"
    quality: Quality = "best"
    longest = LONGEST
    abilities: frozenset[Ability] = frozenset({"text", "structure", "tools", "stream"})
    tasks: frozenset[str] | None = None

    def __init__(
        self,
        endpoint: str,
        credential: Callable[[], Any],
        deployment: str,
        pace: Callable[[float], None],
        timeout: float = 60,
    ) -> None:
        self._endpoint, self._credential, self.model = endpoint, credential, deployment
        self._pace, self._timeout = pace, timeout
        self._agents: dict[str, str] = {}
        self._making = Lock()

    def ask(self, scope: Scope, question: Question) -> Answer:
        """An answer that meets the schema, or tool calls that may be made. Raises ModelUnavailable."""
        agent = self._agent(question)

        def say(repairs: Sequence[Repair]) -> Said:
            asked = _asked(question, agent, repairs)
            return _said(self._patiently(lambda: self._client.responses.create(**asked)), self.model)

        return answered(self.name, question, say)

    def stream(self, scope: Scope, question: Question) -> Generator[str, None, Answer]:
        """Text piece by piece, no schema and no tools. Raises ModelUnavailable."""
        asked = {**_asked(question, self._agent(question), ()), "stream": True}
        events = self._patiently(lambda: self._client.responses.create(**asked))
        return (yield from streamed(self.name, _pieces(events, self.model)))

    def embed(self, scope: Scope, texts: Sequence[str]) -> Embedded:
        """Raises ModelUnable: agents write."""
        raise ModelUnable(self.name, "embed")

    def draw(self, scope: Scope, wish: str) -> Picture:
        """Raises ModelUnable: agents write."""
        raise ModelUnable(self.name, "draw")

    def close(self) -> None:
        """Close its connections, if any were opened."""
        for made in ("_client", "_project"):
            if made in self.__dict__:
                getattr(self, made).close()

    @cached_property
    def _project(self) -> Any:
        from azure.ai.projects import AIProjectClient

        limits = {"connection_timeout": CONNECT_SECONDS, "read_timeout": self._timeout, "retry_total": 0}
        return AIProjectClient(self._endpoint, self._credential(), **limits)

    @cached_property
    def _client(self) -> OpenAI:
        http = client(self._timeout)
        made: OpenAI = self._project.get_openai_client(http_client=http, max_retries=0, timeout=http.timeout)
        return made

    def _patiently(self, ask: Callable[[], Any]) -> Any:
        return patiently(self.name, ask, self._pace)

    def _agent(self, question: Question) -> Body:
        """The reference to the agent of this prompt, which is made if the project has none yet."""
        definition = _definition(question, self.model)
        digest = hashlib.sha256(orjson.dumps(definition, option=orjson.OPT_SORT_KEYS)).hexdigest()[:12]
        name = f"baton-{question.task.replace('.', '-')[:40]}-{digest}"
        with self._making:
            if name not in self._agents:
                self._agents[name] = self._patiently(lambda: self._found(name) or self._made(name, definition))
        return {"type": "agent_reference", "name": name, "version": self._agents[name]}

    def _found(self, name: str) -> str | None:
        from azure.core.exceptions import ResourceNotFoundError

        try:
            return str(self._project.agents.get(name).versions.latest.version)
        except ResourceNotFoundError:
            return None

    def _made(self, name: str, definition: Body) -> str:
        from azure.ai.projects.models import PromptAgentDefinition

        made = self._project.agents.create_version(
            name, definition=PromptAgentDefinition(definition), description="Made by Baton for one of its prompts."
        )
        return str(made.version)


def _definition(question: Question, deployment: str) -> Body:
    """What an agent's requests may not say again."""
    definition: Body = {"kind": "prompt", "model": deployment, "instructions": instructions(question)}
    if question.schema is not None:
        form = {"type": "json_schema", "name": form_name(question), "schema": question.schema, "strict": True}
        definition["text"] = {"format": form}
    if question.tools:
        definition["tools"] = [
            {
                "type": "function",
                "name": each.name,
                "description": each.description,
                "parameters": each.schema,
                "strict": False,
            }
            for each in question.tools
        ]
    return definition


def _asked(question: Question, agent: Body, repairs: Sequence[Repair]) -> dict[str, Any]:
    told: list[Body] = [{"role": "user", "content": material(question)}]
    for call, output in question.results:
        called = {"type": "function_call", "call_id": call.id, "name": call.name, "arguments": as_text(call.arguments)}
        told += [called, {"type": "function_call_output", "call_id": call.id, "output": as_text(output)}]
    for repair in repairs:
        told += [
            {"role": "assistant", "content": repair.text},
            {"role": "user", "content": mend(repair.wrong)},
        ]
    asked: dict[str, Any] = {
        "input": told,
        "max_output_tokens": question.most_tokens,
        "store": False,
        "extra_body": {"agent_reference": agent},
    }
    if question.key:
        asked["extra_headers"] = {"Idempotency-Key": f"{question.key}-{len(repairs)}"}
    return asked


def _said(reply: Any, model: str) -> Said:
    """The SDK does not check what an endpoint sends, so nothing is certain to be there."""
    status = getattr(reply, "status", None)
    if status not in ("completed", "incomplete"):
        raise ModelUnavailable(f"foundry: the response is {str(status)[:40]}", "busy", None, *_tokens(reply))
    items = getattr(reply, "output", None) or []
    calls = [
        (str(item.call_id), str(item.name), str(item.arguments))
        for item in items
        if getattr(item, "type", None) == "function_call"
    ]
    parts = [
        part.text
        for item in items
        if getattr(item, "type", None) == "message"
        for part in getattr(item, "content", None) or []
        if getattr(part, "type", None) == "output_text"
    ]
    name = getattr(reply, "model", None) or model
    return Said("".join(parts), name, calls, status == "incomplete", *_tokens(reply))


def _pieces(events: Any, model: str) -> Iterator[Piece]:
    for event in events:
        match getattr(event, "type", None):
            case "response.output_text.delta":
                yield Piece(event.delta or "")
            case "response.completed" | "response.incomplete" | "response.failed":
                yield Piece("", _said(event.response, model))
            case "error":
                raise ModelUnavailable(f"foundry: {str(getattr(event, 'message', ''))[:200]}", "busy")


def _tokens(reply: Any) -> tuple[int | None, int | None]:
    usage = getattr(reply, "usage", None)
    return getattr(usage, "input_tokens", None), getattr(usage, "output_tokens", None)
