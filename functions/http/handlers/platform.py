"""The host itself: is it alive, can it work, what does it offer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from functions.http.resolve import handler_of
from functions.http.table import ROWS
from shared.access.call import Answer, Call
from shared.access.openapi import openapi
from shared.domain.names import Kind

VERSION = "0.1.0"


class Health(BaseModel):
    """Alive."""

    status: str


class Readiness(BaseModel):
    """Each part that work needs: `ok`, or what is wrong and how to mend it."""

    ready: bool
    checks: Mapping[str, str]


def health(call: Call) -> Answer[Health]:
    """Alive: the process answers."""
    return Answer(Health(status="ok"))


def ready(call: Call) -> Answer[Readiness]:
    """Able to work: the stores answer and messages may leave. 503 if not."""
    checks = {"documents": _documents(call)}
    checks |= {name: channel.refusal() or "ok" for name, channel in call.ports.channels.items()}
    able = all(check == "ok" for check in checks.values())
    return Answer(Readiness(ready=able, checks=checks), status=200 if able else 503)


def page(call: Call) -> Answer[dict[str, Any]]:
    """This page."""
    return Answer(openapi(ROWS, handler_of, VERSION))


def _documents(call: Call) -> str:
    try:
        call.ports.documents.get(call.scope, Kind.SCOPE, "ready")
    except Exception as fault:  # whatever it is, it is the answer
        return f"cannot be read: {fault}"
    return "ok"
