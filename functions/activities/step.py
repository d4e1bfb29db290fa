"""How an activity runs its agent. Imported at the first call."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from errno import EDQUOT, EFBIG, ENOSPC
from typing import Any

from shared.agents.channels import stand_still
from shared.domain.outcome import Later, Outcome, to_wire
from shared.domain.scope import Scope
from shared.logs import log
from shared.ports import Ports
from shared.telemetry import work
from shared.wiring import ports, telemetry

_FULL = (ENOSPC, EDQUOT, EFBIG)
_UNTIL_LOOKED_AGAIN = timedelta(minutes=5)


class StepFailed(Exception):
    """A fault, to be tried again by the flow. Its text goes into history, so it holds no more than the error's type."""


def step(
    run: Callable[[Ports, dict[str, Any]], Outcome], order: dict[str, Any], parent: str | None = None
) -> dict[str, Any]:
    """What the agent answered, in its wire form; a full disk is waited for. `parent` is the invocation's traceparent.
    Raises StepFailed for whatever else it raised."""
    verb = run.__module__.split(".")[2]
    with work.step(telemetry(), verb, order, parent or "", lambda: ports().clock.now()) as told:
        try:
            answer = to_wire(_with_room(run, order | _trace(telemetry().traceparent())))
            told["baton.outcome"], told["baton.why"] = answer["outcome"], answer.get("why")
            return answer
        except Exception as error:
            told["error.type"] = type(error).__name__
            log().error("step failed", verb=verb, instance=order.get("instance"), exc_info=True)
            raise StepFailed(f"{verb}: {type(error).__name__}; the log has the rest") from None


def _trace(traceparent: str) -> dict[str, str]:
    """The trace's id, 32 hexadecimal digits, if the work is traced."""
    return {"trace": traceparent[3:35]} if traceparent else {}


def _with_room(run: Callable[[Ports, dict[str, Any]], Outcome], order: dict[str, Any]) -> Outcome:
    """Everything that agents write can be written again, so a full disk only holds a flow up; its campaign says so."""
    try:
        return run(ports(), order)
    except OSError as fault:
        if fault.errno not in _FULL:
            raise
        log().warning("no room on the disk; it is tried again", instance=order.get("instance"), exception=str(fault))
    if "campaign" in order:
        stand_still(ports(), Scope(*order["scope"]), order["campaign"], "files", "the disk is full", {})
    return Later(ports().clock.now() + _UNTIL_LOOKED_AGAIN, "disk_full")
