"""What the server says, as a test wants it; what it says by itself."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal


@dataclass(frozen=True)
class Reply:
    """What the server does with one request.

    `content` is the text (a dict is sent as JSON; None is synthesised from the schema); `tool` a call of a tool
    instead, as its name and arguments; `limit`: cut at the limit of tokens; `usage` False: nobody counts; `model` who
    claims to have answered; `raw` replaces the whole body; `delay` in seconds is waited, or until the server closes.
    `then`: the connection is reset before a word, or cut in the middle, or there is no end."""

    content: str | dict[str, Any] | None = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    raw: bytes | None = None
    delay: float = 0
    tool: tuple[str, str | dict[str, Any]] | None = None
    limit: bool = False
    usage: bool = True
    model: str | None = None
    then: Literal["end", "reset", "cut", "endless"] = "end"


def failing(status: int, after: int | None = None) -> Reply:
    """An error that the client may retry at once, or `after` so many seconds."""
    return Reply(status=status, headers={"retry-after-ms": "1"} if after is None else {"Retry-After": str(after)})


@dataclass(frozen=True)
class Said:
    """A reply made out: what every API then puts into its own form."""

    text: str
    tool: tuple[str, str] | None
    limit: bool
    model: str
    tokens: tuple[int, int] | None


def made_out(reply: Reply, asked: Any, schema: dict[str, Any] | None, model: str) -> Said:
    """With plausible token counts: four characters a token."""
    content = reply.content
    if content is None:
        content = synthesised(schema) if schema else "An answer in plain words."
    text = content if isinstance(content, str) else json.dumps(content)
    tool = None
    if reply.tool:
        given = reply.tool[1]
        tool = (reply.tool[0], given if isinstance(given, str) else json.dumps(given))
    tokens = (len(json.dumps(asked)) // 4, len(text) // 4) if reply.usage else None
    return Said(text, tool, reply.limit, reply.model or model, tokens)


def pieces(text: str) -> Sequence[str]:
    """The text as a stream brings it: word by word."""
    words = text.split(" ")
    return [*(f"{word} " for word in words[:-1]), words[-1]]


def synthesised(schema: dict[str, Any], root: dict[str, Any] | None = None) -> Any:
    """The plainest value that meets a JSON schema (objects, arrays, enums, `$ref`, `anyOf`, scalars)."""
    root = schema if root is None else root
    if "$ref" in schema:
        return synthesised(root["$defs"][schema["$ref"].rsplit("/", 1)[-1]], root)
    if "anyOf" in schema:
        return synthesised(schema["anyOf"][0], root)
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][0]
    match schema.get("type"):
        case "object":
            return {name: synthesised(each, root) for name, each in schema.get("properties", {}).items()}
        case "array":
            return [synthesised(schema["items"], root) for _ in range(schema.get("minItems", 1))]
        case "integer" | "number":
            return schema.get("minimum", 0)
        case "boolean":
            return True
        case "null":
            return None
    return "text"
