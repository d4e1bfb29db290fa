"""A type of step that notes what it was asked, and fails as it is told; plugged in as the type `probe`."""

from __future__ import annotations

import sys
from typing import Any, ClassVar

import pytest

from shared.process import steps
from shared.process.errors import CodeError, TransientError
from shared.process.steps.call import Answer, Desk, StepType


class Probe(StepType):
    """Notes what it was asked, and fails as it is told."""

    text: Any = ""
    fails: int = 0
    """So many times, as something that passes."""
    breaks: bool = False
    """Always, as something that does not."""
    outputs: ClassVar = {"text": "what it was given", "file": "the same as a file"}
    seen: ClassVar[list[tuple[str, int | None, str]]] = []

    def run(self, desk: Desk) -> Answer:
        assert list(desk.folder.iterdir()) == []
        Probe.seen.append((desk.step, desk.item, desk.key))
        desk.log(f"{desk.step} at work")
        if self.breaks:
            raise CodeError("it is broken", left=("a letter",))
        if sum(each[2] == desk.key for each in Probe.seen) <= self.fails:
            raise TransientError("not now")
        file = desk.folder / "note.txt"
        file.write_text(str(self.text))
        return Answer({"text": self.text, "file": desk.keep(file).model_dump()})


class Once(Probe):
    """The same, but outside somebody would notice a second time."""

    repeatable: ClassVar[bool] = False


def plug_in(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int | None, str]]:
    """Both types can be named in plans; what the probes have seen."""
    Probe.seen.clear()
    for name in ("probe", "once"):
        monkeypatch.setitem(steps.TYPES, name, f"probe:{name.title()}")
    monkeypatch.setitem(sys.modules, "shared.process.steps.probe", sys.modules[__name__])
    return Probe.seen
