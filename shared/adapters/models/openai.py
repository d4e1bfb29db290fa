"""Any OpenAI-compatible endpoint as a Model: chat completions with a JSON schema for the answer."""

from __future__ import annotations

import json
from functools import cached_property
from typing import TYPE_CHECKING, Any

import orjson

from shared.domain.scope import Scope
from shared.ports import Answer, Body, ModelUnavailable, Question

if TYPE_CHECKING:
    from openai import OpenAI
    from openai.types.chat import ChatCompletion, ChatCompletionMessageParam

TRIES = 2
"""Requests for one answer: a reply that does not meet the schema is sent back once, with what is wrong."""


class OpenAiModel:
    """`url` is the base (`https://api.openai.com/v1`, `http://localhost:11434/v1`); local servers need no key.

    `timeout` is in seconds, of one request; `retries` are the SDK's, on 408, 409, 429, 5xx and broken connections,
    paced by `Retry-After`. Token counts are the endpoint's; it names no prices, so cost is 0."""

    def __init__(self, url: str, key: str | None, model_name: str, *, timeout: float = 60, retries: int = 3) -> None:
        self._url, self._key, self._model_name = url, key, model_name
        self._timeout, self._retries = timeout, retries

    def ask(self, scope: Scope, question: Question) -> Answer:
        """An answer that meets `question.schema`. Raises ModelUnavailable for everything else, with the reason."""
        messages: list[ChatCompletionMessageParam] = [
            {"role": "system", "content": question.instructions},
            {"role": "user", "content": json.dumps(question.data, ensure_ascii=False)},
        ]
        read = written = 0
        wrong = ""
        for _ in range(TRIES):
            reply = self._complete(messages, question)
            text, spent = _text_of(reply), getattr(reply, "usage", None)
            read += getattr(spent, "prompt_tokens", 0) or 0
            written += getattr(spent, "completion_tokens", 0) or 0
            data, wrong = _parsed(text, question.schema)
            if data is not None:
                return Answer(data, getattr(reply, "model", None) or self._model_name, read, written)
            messages += [
                {"role": "assistant", "content": text},
                {"role": "user", "content": f"That cannot be used: {wrong}. Answer with JSON that meets the schema."},
            ]
        raise ModelUnavailable(f"{self._model_name} gave no usable answer: {wrong}")

    def close(self) -> None:
        """Close its connections, if any were opened."""
        if "_client" in self.__dict__:
            self._client.close()

    @cached_property
    def _client(self) -> OpenAI:
        from openai import OpenAI

        return OpenAI(base_url=self._url, api_key=self._key or "none", timeout=self._timeout, max_retries=self._retries)

    def _complete(self, messages: list[ChatCompletionMessageParam], question: Question) -> ChatCompletion:
        from openai import OpenAIError

        name = question.task.replace(".", "_")
        try:
            return self._client.chat.completions.create(
                model=self._model_name,
                messages=messages,
                seed=question.seed,
                response_format={
                    "type": "json_schema",
                    "json_schema": {"name": name, "schema": question.schema, "strict": True},
                },
            )
        except (OpenAIError, ValueError) as error:
            raise ModelUnavailable(f"{self._model_name} at {self._url}: {error}") from error


def _text_of(reply: object) -> str:
    """What the model said; empty if it refused. The SDK does not check what an endpoint sends, so nothing is certain
    to be there."""
    choices = getattr(reply, "choices", None) or [None]
    content = getattr(getattr(choices[0], "message", None), "content", None)
    return content if isinstance(content, str) else ""


def _parsed(text: str, schema: Body) -> tuple[Body | None, str]:
    """The answer if it is JSON that meets the schema, else None and why not."""
    from jsonschema import Draft202012Validator

    if "\\u0000" in text:  # no store keeps it
        return None, "it holds the character NUL"
    try:
        data: Any = orjson.loads(text)  # stricter than json: no halves of surrogate pairs, no depth without end
    except ValueError as error:
        return None, f"it is not JSON ({error})" if text else "it is empty"
    failure = next(Draft202012Validator(schema).iter_errors(data), None)
    if failure:
        return None, f"{failure.json_path}: {failure.message[:300]}"
    return data, ""
