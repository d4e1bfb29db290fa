"""How an activity runs its agent. Imported at the first call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from shared.domain.outcome import Outcome, to_wire
from shared.logs import log
from shared.ports import Ports
from shared.wiring import ports


class StepFailed(Exception):
    """A fault, to be tried again by the flow. Its text goes into history, so it holds no more than the error's type."""


def step(run: Callable[[Ports, dict[str, Any]], Outcome], order: dict[str, Any]) -> dict[str, Any]:
    """What the agent answered, in its wire form. Raises StepFailed for whatever it raised."""
    try:
        return to_wire(run(ports(), order))
    except Exception as error:
        verb = run.__module__.split(".")[2]
        log().error("step failed", verb=verb, instance=order.get("instance"), exc_info=True)
        raise StepFailed(f"{verb}: {type(error).__name__}; the log has the rest") from None
