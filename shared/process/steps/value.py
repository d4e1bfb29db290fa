"""A step that does nothing but hand on a value."""

from __future__ import annotations

from typing import Any, ClassVar

from shared.process.steps.call import Answer, Desk, StepType


class Value(StepType):
    """Hands on a value: for what several steps need, or for the items of a loop."""

    value: Any
    """Of any kind, expressions in it resolved."""

    outputs: ClassVar = {"value": "the value"}
    light: ClassVar = True

    def run(self, desk: Desk) -> Answer:
        return Answer({"value": self.value})
