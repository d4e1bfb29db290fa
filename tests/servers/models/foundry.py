"""The forms of Foundry: agents with versions, and responses of an agent (azure-ai-projects 2.10, Responses API)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.servers.models.script import Said, pieces

FIXED = ("model", "instructions", "text", "tools", "tool_choice", "reasoning", "temperature", "top_p")
"""What a request may not say when it refers to an agent: the agent's definition says it."""


class Refusal(Exception):
    """An error of the service."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.body = status, {"error": {"code": code, "message": message}}


class Agents:
    """The agents of the project. Each version is fixed when it is made."""

    def __init__(self) -> None:
        self.versions: dict[str, list[dict[str, Any]]] = {}

    def create(self, name: str, body: dict[str, Any]) -> dict[str, Any]:
        versions = self.versions.setdefault(name, [])
        number = str(len(versions) + 1)
        made = {
            "object": "agent.version",
            "id": f"{name}:{number}",
            "name": name,
            "version": number,
            "created_at": 0,
            "metadata": body.get("metadata") or {},
            "description": body.get("description"),
            "definition": body["definition"],
            "status": "active",
        }
        versions.append(made)
        return made

    def get(self, name: str) -> dict[str, Any]:
        if name not in self.versions:
            raise Refusal(404, "not_found", f"there is no agent {name}")
        return {"object": "agent", "id": name, "name": name, "versions": {"latest": self.versions[name][-1]}}

    def definition(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Of the agent that a request refers to."""
        reference = asked.get("agent_reference")
        if reference is None:
            raise Refusal(400, "invalid_payload", "agent_reference: this server answers as agents only")
        for name in FIXED:
            if asked.get(name) is not None:
                raise Refusal(400, "invalid_payload", f"{name}: Not allowed when agent is specified.")
        self.get(reference["name"])
        found = [each for each in self.versions[reference["name"]] if each["version"] == reference.get("version")]
        if not found:
            raise Refusal(404, "not_found", f"there is no version {reference.get('version')}")
        definition: dict[str, Any] = found[0]["definition"]
        return definition


def schema_of(definition: dict[str, Any]) -> dict[str, Any] | None:
    form: dict[str, Any] = definition.get("text", {}).get("format", {})
    return form.get("schema")


def response(said: Said, status: str | None = None) -> dict[str, Any]:
    part = {"type": "output_text", "text": said.text, "annotations": []}
    item: dict[str, Any] = {"type": "message", "id": "m1", "role": "assistant", "status": "completed"}
    item["content"] = [part]
    if said.tool:
        item = {"type": "function_call", "id": "f1", "call_id": "call_1", "name": said.tool[0]}
        item |= {"arguments": said.tool[1], "status": "completed"}
    return {
        "id": "resp_test",
        "object": "response",
        "created_at": 0,
        "status": status or ("incomplete" if said.limit else "completed"),
        "model": said.model,
        "output": [item] if status is None else [],
        "parallel_tool_calls": True,
        "tool_choice": "auto",
        "tools": [],
        "error": None,
        "incomplete_details": {"reason": "max_output_tokens"} if said.limit else None,
        "instructions": None,
        "metadata": {},
        "usage": _usage(said),
    }


def events(said: Said) -> Iterator[dict[str, Any]]:
    """The events of a streamed response, numbered."""
    whole = response(said)
    place = {"item_id": "m1", "output_index": 0, "content_index": 0}
    told: list[dict[str, Any]] = [{"type": "response.created", "response": response(said, "in_progress")}]
    for piece in pieces(said.text):
        told.append({"type": "response.output_text.delta", **place, "delta": piece, "logprobs": []})
    told.append({"type": "response.output_text.done", **place, "text": said.text, "logprobs": []})
    told.append({"type": f"response.{whole['status']}", "response": whole})
    for number, event in enumerate(told):
        yield {**event, "sequence_number": number}


def _usage(said: Said) -> dict[str, Any] | None:
    if said.tokens is None:
        return None
    read, written = said.tokens
    counts = {"input_tokens": read, "output_tokens": written, "total_tokens": read + written}
    details = {"input_tokens_details": {"cached_tokens": 0}, "output_tokens_details": {"reasoning_tokens": 0}}
    return {**counts, **details}
