"""What goes over the wire: a handler's answer or a problem, as status, headers and bytes."""

from __future__ import annotations

from typing import Any, NamedTuple

import orjson

from shared.access.call import Answer
from shared.access.contract import Contract
from shared.access.problem import CONTENT_TYPE, Problem

# Answers are about people and change all the time; pages bring their own policy for what they embed.
_HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "SAMEORIGIN",
}


class Reply(NamedTuple):
    """One HTTP response."""

    status: int
    headers: dict[str, str]
    content: bytes


def encode(answer: Answer[Any], contract: Contract) -> Reply:
    """The answer as its handler's annotation describes it. Raises pydantic's error if it does not fit: a fault."""
    content_type, content = _content(answer, contract)
    return Reply(answer.status, {**_HEADERS, "Content-Type": content_type, **answer.headers}, content)


def encode_problem(problem: Problem, instance: str, trace: str) -> Reply:
    """The problem as application/problem+json."""
    headers = {**_HEADERS, "Content-Type": CONTENT_TYPE, **problem.headers}
    return Reply(problem.status, headers, orjson.dumps(problem.body(instance, trace)))


def _content(answer: Answer[Any], contract: Contract) -> tuple[str, bytes]:
    if answer.body is None:
        return answer.content_type or "text/plain; charset=utf-8", b""
    if answer.content_type is None:
        return "application/json", contract.adapter.dump_json(answer.body)
    return answer.content_type, answer.body.encode() if isinstance(answer.body, str) else answer.body
