"""What the edge tells of: a step, a request, a timer. Each is a span below whoever called it, and is measured."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from shared.telemetry import Telemetry

Told = dict[str, str | int | None]
"""What becomes known on the way; it is told at the end."""


@contextmanager
def step(
    telemetry: Telemetry, verb: str, order: Mapping[str, Any], parent: str, now: Callable[[], datetime]
) -> Iterator[Told]:
    """Around a step. Put `baton.outcome` (and `baton.why`) in."""
    flow = _flow(str(order.get("instance", "")))
    here: Told = {"baton.verb": verb, "baton.flow": flow}
    found: Told = {f"baton.{name}": order.get(name) for name in ("instance", "campaign", "shard")}
    said: Told = {"baton.outcome": "fault"}
    began = telemetry.seconds()
    telemetry.add("baton.step.active", 1, {"baton.verb": verb})
    try:
        with telemetry.span(f"step {verb}", here | found, parent=parent) as span:
            try:
                yield said
            finally:
                span.set(said)
    except Exception as error:
        said["error.type"] = said.get("error.type") or type(error).__name__
        raise
    finally:
        telemetry.add("baton.step.active", -1, {"baton.verb": verb})
        ended = {"baton.outcome": said["baton.outcome"], "error.type": said.get("error.type")}
        telemetry.record("baton.step.duration", telemetry.seconds() - began, {**here, **ended})
        if said["baton.outcome"] in ("done", "refused") and "since" in order:
            elapsed = (now() - datetime.fromisoformat(order["since"])).total_seconds()
            telemetry.record("baton.flow.elapsed", elapsed, here)


@contextmanager
def request(telemetry: Telemetry, method: str, route: str, parent: str) -> Iterator[Told]:
    """Around a request. Put `http.response.status_code` in (and `error.type`, for a fault)."""
    here: Told = {"http.route": route, "http.request.method": method}
    said: Told = {"http.response.status_code": 500}
    began = telemetry.seconds()
    try:
        with telemetry.span(f"request {route}", here, parent=parent) as span:
            try:
                yield said
            finally:
                span.set(said)
                if said.get("error.type"):
                    span.fail(str(said["error.type"]))
    finally:
        telemetry.record("baton.request.duration", telemetry.seconds() - began, here | said)


@contextmanager
def timer(telemetry: Telemetry, name: str, parent: str) -> Iterator[None]:
    """Around what happens by the clock."""
    failed: str | None = None
    try:
        with telemetry.span(f"timer {name}", {"baton.timer": name}, parent=parent):
            yield
    except Exception as error:
        failed = type(error).__name__
        raise
    finally:
        telemetry.add("baton.timer.runs", 1, {"baton.timer": name, "error.type": failed})


def _flow(instance: str) -> str:
    """The kind in an instance id (`<tenant>~<workspace>~<kind>~<id>~<attempt>`)."""
    parts = instance.split("~")
    return parts[2] if len(parts) == 5 else "none"
