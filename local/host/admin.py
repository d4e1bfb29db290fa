"""GET and PUT /admin/host/clock: see the host's clock, and let the virtual one run or hold."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from local.host.clock import Clock, VirtualClock
from local.host.config import parse_time

CLOCK_PATH = "/admin/host/clock"
_FROM_ELSEWHERE = {
    "origin",
    "forwarded",
    "via",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
    "x-real-ip",
}
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class ClockApi:
    """Needs no key: it answers programs of this machine only, and only a virtual clock can be set.

    `next_due` gives the time of the next durable timer or timer trigger.
    """

    def __init__(self, clock: Clock, next_due: Callable[[], datetime | None]) -> None:
        self._clock, self._next_due = clock, next_due

    async def respond(self, request: Request) -> Response:
        """GET answers {mode, now, until, open, next}; PUT takes {mode: run|hold, until} and answers the same."""
        # A page in a browser names its origin, or (by DNS rebinding) a host that is not this machine; a proxy or tunnel
        # that shows the host to others says for whom it asks.
        if not _FROM_ELSEWHERE.isdisjoint(request.headers) or request.url.hostname not in _LOOPBACK:
            return _refuse(403, "the clock is for programs of this machine, not for web pages")
        if request.method == "PUT":
            return self._put(await request.body())
        return JSONResponse(self._state()) if request.method == "GET" else _refuse(405, "use GET or PUT")

    def _put(self, body: bytes) -> Response:
        if not isinstance(self._clock, VirtualClock):
            return _refuse(409, "the clock is real; start the host with --clock virtual")
        try:
            asked = _object(body)
            until = _time(asked.get("until"))
            if asked.get("mode") not in ("run", "hold"):
                raise ValueError(f"mode: {asked.get('mode')!r} is neither 'run' nor 'hold'")
            self._clock.set(asked["mode"], until)
        except ValueError as error:
            return _refuse(400, str(error))
        return JSONResponse(self._state())

    def _state(self) -> dict[str, Any]:
        return {
            "mode": self._clock.mode,
            "now": _text(self._clock.now()),
            "until": _text(self._clock.until),
            "open": self._clock.opened,
            "next": _text(self._next_due()),
        }


def _object(body: bytes) -> dict[str, Any]:
    try:
        content = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"the body is not valid JSON: {error}") from None
    if not isinstance(content, dict):
        raise ValueError('the body must be a JSON object, such as {"mode": "run"}')
    return content


def _time(text: object) -> datetime | None:
    try:
        return None if text is None else parse_time(str(text))
    except ValueError:
        raise ValueError(f"until: {text!r} is not an ISO 8601 time") from None


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat().replace("+00:00", "Z") if moment else None


def _refuse(status: int, reason: str) -> Response:
    return JSONResponse({"error": reason}, status)
