"""OpenAI's chat completions, embeddings and images as a Model: Azure OpenAI v1 and any compatible endpoint."""

from __future__ import annotations

import base64
from collections.abc import Callable, Generator, Iterator, Sequence
from threading import Lock
from typing import TYPE_CHECKING, Any

import orjson

from shared.adapters.models._answering import Piece, Repair, Said, answered, streamed
from shared.adapters.models._prompt import as_text, form_name, instructions, material, mend
from shared.adapters.models._wire import checked, client, patiently
from shared.domain.model_names import ModelNames
from shared.domain.routing import Ability, HomeName, Place, Quality
from shared.domain.scope import Scope
from shared.ports import Answer, Body, Embedded, ModelUnable, ModelUnavailable, Picture, Question

if TYPE_CHECKING:
    from openai import OpenAI

LONGEST_LOCAL, LONGEST_CLOUD = 24_000, 400_000
"""Characters of prompt: what fits beside the answer into 8,000 tokens; into 128,000."""
_ALWAYS: frozenset[Ability] = frozenset({"text", "structure", "tools", "stream"})
_SIGNATURES = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg", b"RIFF": "image/webp"}


class OpenAiModel:
    """`url` is the base (`https://NAME.openai.azure.com/openai/v1`, `http://localhost:11434/v1`); `key` may be what
    fetches a token for every request; local servers need none. `timeout` is in seconds, of one whole answer."""

    tasks: frozenset[str] | None = None

    def __init__(
        self,
        name: HomeName,
        place: Place,
        url: str,
        key: str | Callable[[], str] | None,
        names: ModelNames,
        pace: Callable[[float], None],
        timeout: float = 60,
    ) -> None:
        self.name, self.place, self._url, self._key, self._names = name, place, url, key, names
        self._pace, self._timeout = pace, timeout
        self._made: OpenAI | None = None
        self._making = Lock()
        self.model = names.text
        self.quality: Quality = "good" if place == "local" else "best"
        self.longest = LONGEST_LOCAL if place == "local" else LONGEST_CLOUD
        others: dict[Ability, str | None] = {"embed": names.embed, "draw": names.draw}
        self.abilities: frozenset[Ability] = _ALWAYS | {ability for ability, model in others.items() if model}

    def ask(self, scope: Scope, question: Question) -> Answer:
        """An answer that meets the schema, or tool calls that may be made. Raises ModelUnavailable."""

        def say(repairs: Sequence[Repair]) -> Said:
            asked, headers = orjson.dumps(self._asked(question, repairs)), _headers(question, repairs)
            return _said(self._patiently(lambda: self._posted(asked, headers)), self._names.text)

        return answered(self.name, question, say)

    def stream(self, scope: Scope, question: Question) -> Generator[str, None, Answer]:
        """Text piece by piece, no schema and no tools. Raises ModelUnavailable."""
        asked: dict[str, Any] = {
            "model": self._names.text,
            "messages": (),
            "stream": True,
            "extra_body": self._asked(question) | {"stream_options": {"include_usage": True}},
            "extra_headers": _headers(question),
        }
        chunks = self._patiently(lambda: self._client.chat.completions.create(**asked))
        return (yield from streamed(self.name, _pieces(chunks, self._names.text)))

    def embed(self, scope: Scope, texts: Sequence[str]) -> Embedded:
        """Raises ModelUnavailable, ModelUnable."""
        model = self._names.embed
        if model is None:
            raise ModelUnable(self.name, "embed")
        reply = self._patiently(lambda: self._client.embeddings.create(model=model, input=list(texts)))
        vectors = checked(self.name, lambda: _vectors(reply))
        if len(vectors) != len(texts) or len({len(each) for each in vectors}) > 1:
            raise ModelUnavailable(f"{self.name}: {len(vectors)} embeddings for {len(texts)} texts", "unusable")
        return Embedded(vectors, model, getattr(reply.usage, "prompt_tokens", None))

    def draw(self, scope: Scope, wish: str) -> Picture:
        """Raises ModelUnavailable, ModelUnable."""
        model = self._names.draw
        if model is None:
            raise ModelUnable(self.name, "draw")
        reply = self._patiently(lambda: self._client.images.generate(model=model, prompt=wish, n=1))
        content = checked(self.name, lambda: _content(reply))
        kind = next((kind for signature, kind in _SIGNATURES.items() if content.startswith(signature)), None)
        if kind is None:
            raise ModelUnavailable(f"{self.name}: what came is no PNG, JPEG or WebP", "unusable")
        used = getattr(reply, "usage", None)
        tokens = (getattr(used, name, None) for name in ("input_tokens", "output_tokens"))
        return Picture(content, kind, model, *tokens)

    def close(self) -> None:
        """Close its connections, if any were opened."""
        if self._made:
            self._made.close()

    @property
    def _client(self) -> OpenAI:
        """Made at the first question, by one thread: a second one's would never be closed."""
        with self._making:
            self._made = self._made or self._opened()
            return self._made

    def _opened(self) -> OpenAI:
        from openai import OpenAI

        http, key = client(self._timeout), self._key or "none"
        return OpenAI(base_url=self._url, api_key=key, max_retries=0, http_client=http, timeout=http.timeout)

    def _patiently(self, ask: Callable[[], Any]) -> Any:
        return patiently(self.name, ask, self._pace)

    def _posted(self, asked: bytes, headers: dict[str, str]) -> Any:
        """The JSON of the reply. Not by the SDK's `create`: at each node of what is said and of the reply it looks for
        what may be another type, and that takes as long as all the rest of a call."""
        import httpx2

        options: Any = {"headers": headers, "security": {"bearer_auth": True}}
        reply = self._client.post("/chat/completions", cast_to=httpx2.Response, content=asked, options=options)
        return orjson.loads(reply.content)

    def _asked(self, question: Question, repairs: Sequence[Repair] = ()) -> Body:
        asked: Body = {
            "model": self._names.text,
            "messages": _messages(question, repairs),
            "seed": question.seed,
            "max_completion_tokens": question.most_tokens,
        }
        if question.schema is not None:
            form = {"name": form_name(question), "schema": question.schema, "strict": True}
            asked["response_format"] = {"type": "json_schema", "json_schema": form}
        if question.tools:
            asked["tools"] = [
                {"type": "function", "function": {"name": each.name, "description": each.description,
                                                  "parameters": each.schema}}
                for each in question.tools
            ]  # fmt: skip
        return asked


def _headers(question: Question, repairs: Sequence[Repair] = ()) -> dict[str, str]:
    return {"Idempotency-Key": f"{question.key}-{len(repairs)}"} if question.key else {}


def _messages(question: Question, repairs: Sequence[Repair]) -> list[dict[str, Any]]:
    messages: list[dict[str, Any]] = [
        {"role": "system", "content": instructions(question)},
        {"role": "user", "content": material(question)},
    ]
    for call, output in question.results:
        function = {"name": call.name, "arguments": as_text(call.arguments)}
        messages += [
            {"role": "assistant", "tool_calls": [{"id": call.id, "type": "function", "function": function}]},
            {"role": "tool", "tool_call_id": call.id, "content": as_text(output)},
        ]
    for repair in repairs:
        messages += [
            {"role": "assistant", "content": repair.text},
            {"role": "user", "content": mend(repair.wrong)},
        ]
    return messages


def _said(reply: Any, model: str) -> Said:
    """Nobody has checked what an endpoint sends, so nothing is certain to be there."""
    choice = next(iter(_list(_get(reply, "choices"))), None)
    message, usage, name = _get(choice, "message"), _get(reply, "usage"), _get(reply, "model")
    called = [(_get(call, "id"), _get(call, "function")) for call in _list(_get(message, "tool_calls"))]
    calls = [(str(id), str(_get(what, "name")), str(_get(what, "arguments"))) for id, what in called if what]
    text, cut = _get(message, "content"), _get(choice, "finish_reason") == "length"
    tokens = (_count(_get(usage, "prompt_tokens")), _count(_get(usage, "completion_tokens")))
    return Said(text if isinstance(text, str) else "", str(name) if name else model, calls, cut, *tokens)


def _get(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, dict) else None


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _count(value: Any) -> int | None:
    return value if isinstance(value, int) and value >= 0 else None


def _pieces(chunks: Any, model: str) -> Iterator[Piece]:
    """The last piece comes when the stream has ended as it should: with a reason. Usage may come after that."""
    ended, spent = None, None
    for chunk in chunks:
        spent, model = getattr(chunk, "usage", None) or spent, getattr(chunk, "model", None) or model
        for choice in (getattr(chunk, "choices", None) or [])[:1]:
            ended = choice.finish_reason or ended
            yield Piece(getattr(choice.delta, "content", None) or "")
    if ended is not None:
        yield Piece("", Said("", model, (), ended == "length", *_tokens(spent)))


def _tokens(usage: Any) -> tuple[int | None, int | None]:
    return getattr(usage, "prompt_tokens", None), getattr(usage, "completion_tokens", None)


def _vectors(reply: Any) -> list[list[float]]:
    found = sorted(getattr(reply, "data", None) or [], key=lambda each: int(each.index))
    return [[float(number) for number in each.embedding] for each in found]


def _content(reply: Any) -> bytes:
    encoded = next((each.b64_json for each in getattr(reply, "data", None) or []), None) or ""
    return base64.b64decode(encoded, validate=True)
