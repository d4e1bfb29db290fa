"""The forms of OpenAI's chat completions, embeddings and images."""

from __future__ import annotations

import base64
import hashlib
import struct
import zlib
from collections.abc import Iterator
from typing import Any

from tests.servers.models.script import Said, pieces


def schema_of(asked: dict[str, Any]) -> dict[str, Any] | None:
    form: dict[str, Any] = asked.get("response_format", {}).get("json_schema", {})
    return form.get("schema")


def completion(said: Said) -> dict[str, Any]:
    message: dict[str, Any] = {"role": "assistant", "content": said.text, "refusal": None}
    if said.tool:
        function = {"name": said.tool[0], "arguments": said.tool[1]}
        message |= {"content": None, "tool_calls": [{"id": "call_1", "type": "function", "function": function}]}
    choice = {"index": 0, "finish_reason": _reason(said), "logprobs": None, "message": message}
    return {**_frame(said, "chat.completion"), "choices": [choice], **_usage(said)}


def chunks(said: Said) -> Iterator[dict[str, Any]]:
    """Word by word, then the reason, then the usage in a chunk of its own."""
    frame = _frame(said, "chat.completion.chunk")
    for piece in pieces(said.text):
        yield {**frame, "choices": [{"index": 0, "delta": {"content": piece}, "finish_reason": None}]}
    yield {**frame, "choices": [{"index": 0, "delta": {}, "finish_reason": _reason(said)}]}
    if said.tokens:
        yield {**frame, "choices": [], **_usage(said)}


def embeddings(asked: dict[str, Any]) -> dict[str, Any]:
    """Eight numbers a text that depend on it, as base64 if that is asked for."""
    texts = asked["input"] if isinstance(asked["input"], list) else [asked["input"]]
    data = [{"object": "embedding", "index": n, "embedding": _vector(text, asked)} for n, text in enumerate(texts)]
    tokens = sum(map(len, texts)) // 4
    usage = {"prompt_tokens": tokens, "total_tokens": tokens}
    return {"object": "list", "model": asked["model"], "data": data, "usage": usage}


def images(asked: dict[str, Any]) -> dict[str, Any]:
    """A PNG of one grey point."""
    usage = {"input_tokens": len(asked["prompt"]) // 4, "output_tokens": 1000, "total_tokens": 1000}
    return {"created": 0, "data": [{"b64_json": base64.b64encode(png()).decode()}], "usage": usage}


def png() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\x00\x80")) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def _vector(text: str, asked: dict[str, Any]) -> Any:
    numbers = [each / 255 for each in hashlib.sha256(text.encode()).digest()[:8]]
    if asked.get("encoding_format") == "base64":
        return base64.b64encode(struct.pack("<8f", *numbers)).decode()
    return numbers


def _reason(said: Said) -> str:
    return "length" if said.limit else "tool_calls" if said.tool else "stop"


def _frame(said: Said, kind: str) -> dict[str, Any]:
    return {"id": "chatcmpl-test", "object": kind, "created": 0, "model": said.model}


def _usage(said: Said) -> dict[str, Any]:
    if said.tokens is None:
        return {}
    read, written = said.tokens
    return {"usage": {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}}
