"""A process within a process: a run of its own, whose end is the step's."""

from __future__ import annotations

import hashlib
from typing import Any, ClassVar

from pydantic import Field

from shared.domain.faults import Conflict, Missing, Rejected
from shared.domain.names import Kind
from shared.domain.run import Parent
from shared.process import runs
from shared.process.errors import InputError, TransientError
from shared.process.steps.call import Answer, Desk, StepType
from shared.process.store import ready


class Process(StepType):
    """Runs another process with these inputs; its outputs are the step's. Pausing or cancelling goes through."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")
    """Which process, in the version that is the newest when the step begins."""
    inputs: dict[str, Any] = Field(default_factory=dict)
    """What it is given; an input of the type file takes a file of a step."""

    outputs: ClassVar = {"*": "the outputs of the process"}

    def run(self, desk: Desk) -> Answer:
        try:
            return Answer(child=self._child(desk))
        except (Rejected, Missing) as wrong:
            raise InputError(str(wrong), "with.inputs") from None
        except Conflict as conflict:
            raise TransientError(str(conflict)) from None

    def _child(self, desk: Desk) -> str:
        """The run: begun by this try or by one before it, or a new attempt at one that did not succeed."""
        above = runs.read(desk.ports, desk.scope, desk.run)
        id = desk.key[:32]
        if desk.step in above.again:
            id = hashlib.sha256(f"{desk.key}~{above.attempt}".encode()).hexdigest()[:32]
        found = desk.ports.documents.get(desk.scope, Kind.RUN, id)
        if found and found.body["status"] in ("failed", "cancelled"):
            return runs.retry(desk.ports, desk.scope, id, "flow").id
        parent = Parent(run=desk.run, step=desk.step, item=desk.item)
        digest = found.body["digest"] if found else ready(desk.ports, desk.scope, self.name)
        made = runs.start(
            desk.ports, desk.scope, "flow", self.name, digest, self.inputs, id=id, trigger="process", parent=parent
        )
        return made.id
