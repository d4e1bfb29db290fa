"""A run played turn by turn, without a host: the real flow, the real activity, the real stores; time jumps."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from functions.flows import run_flow
from functions.orchestrators import process
from shared.domain.names import DOORBELL
from shared.domain.outcome import to_wire
from shared.domain.run import Run
from shared.ports import Ports
from shared.process import execute, runs
from shared.process.declared import Plan
from tests.flows.stage import Stage
from tests.integration.agents.conftest import SCOPE, Hand

HANDLE = process.bp._function_builders[0]._function.get_user_function()


def stored(ports: Ports, plan: dict[str, Any]) -> tuple[str, str]:
    """Put a plan where runs find it; its name and digest."""
    text = Plan.model_validate({"title": "A test", **plan}).model_dump_json(by_alias=True)
    digest = hashlib.sha256(text.encode()).hexdigest()
    ports.files.put(SCOPE, f"processes/{plan['process']}/{digest}.json", text.encode())
    return plan["process"], digest


class Played:
    """One run on its stage. `play()` until it ends or waits for a person; then steer it, and `ring()`."""

    def __init__(self, ports: Ports, hand: Hand, plan: dict[str, Any], **inputs: Any) -> None:
        self.ports, self.hand = ports, hand
        self.id = runs.start(ports, SCOPE, "owner", *stored(ports, {"process": "test", **plan}), inputs).id
        self.asked: list[dict[str, Any]] = []
        self._children: dict[str, Stage] = {}
        self.stage = self._staged(self.run)

    @property
    def run(self) -> Run:
        return runs.read(self.ports, SCOPE, self.id)

    def play(self, until: datetime | None = None) -> Run:
        self.stage.play(until or self.stage.now)
        return self.run

    def ring(self) -> Run:
        self.stage.ring(DOORBELL)
        return self.run

    def retried(self) -> Run:
        """The flow of the next attempt, played to its end or its first wait."""
        self.stage = self._staged(self.run)
        return self.play()

    def states(self) -> dict[str, str]:
        """How each step (and item) stands."""
        found = runs.steps(self.ports, SCOPE, self.id)
        return {f"{each.step}.{each.item}" if each.item is not None else each.step: each.status for each in found}

    def _staged(self, run: Run) -> Stage:
        flow = run_flow(SCOPE, run)
        return Stage(HANDLE, flow.input, self._answer, flow.instance_id, self.hand.now())

    def _answer(self, action: dict[str, Any]) -> Any:
        order = action["input"]
        if action["functionName"] == "run":
            return self._staged(runs.read(self.ports, SCOPE, order["run"])).play().output
        if self.stage.now > self.hand.now():
            self.hand.set(self.stage.now)
        self.asked.append(order)
        return to_wire(execute.run(self.ports, order))
