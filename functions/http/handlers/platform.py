"""The host itself: is it alive, can it work, what does it offer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from functions.http.readiness import look
from functions.http.resolve import handler_of
from functions.http.table import ROWS
from shared.access.call import Answer, Call
from shared.access.openapi import openapi
from shared.wiring import model_urls

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
    """Able to work: each home that is configured answers, and messages may leave. 503 if not."""
    checks = look(call.ports, call.scope, model_urls())
    able = all(check == "ok" for check in checks.values())
    return Answer(Readiness(ready=able, checks=checks), status=200 if able else 503)


def page(call: Call) -> Answer[dict[str, Any]]:
    """This page."""
    return Answer(openapi(ROWS, handler_of, VERSION))
