"""An executable that whoever runs this machine has allowed by name."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, ClassVar

from pydantic import AfterValidator, Field, StringConstraints

from shared.process.errors import PolicyError
from shared.process.shipped import CATALOG
from shared.process.steps.call import Answer, Desk
from shared.process.steps.program import Program


def _value(given: str) -> str:
    if given.startswith("-"):
        raise ValueError("begins with '-': a value must not be taken for an option (those stand in `options`)")
    return given


Argument = Annotated[str, StringConstraints(max_length=4000, pattern=r"^[^\x00]*$")]
Value = Annotated[Argument, AfterValidator(_value)]


SHIPPED = {"sol_courts": str(CATALOG / "sol_import" / "courts.awk")}
"""Executables of the catalogue, allowed as they come."""


class Executable(Program):
    """Run a program from the allow-list (setting BATON_PROGRAMS, and what the catalogue ships) in the sandbox:
    no shell, its arguments as a list, its inputs as JSON on standard input, its streams seen live."""

    program: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]
    options: list[Argument] = Field(default_factory=list, max_length=100)
    """Written in the plan by its author; come first."""
    arguments: list[Value] = Field(default_factory=list, max_length=1000)
    """Values, which may come from data: none may begin with '-'."""

    outputs: ClassVar[Mapping[str, str]] = {
        "*": "what the program wrote to outputs.json",
        "files": "what was kept, by name",
        "used": "seconds, cpu_seconds, memory (bytes), level of the sandbox",
    }

    def run(self, desk: Desk) -> Answer:
        """Raises PolicyError if nobody has allowed it."""
        programs = {**SHIPPED, **desk.ports.programs}
        allowed = programs.get(self.program)
        if allowed is None:
            names = ", ".join(sorted(programs))
            raise PolicyError(f"{self.program!r} is not among the allowed programs ({names})", "program")
        place = desk.folder / "place"
        place.mkdir()
        shown = () if Path(allowed).is_relative_to("/usr") else (Path(allowed),)
        return self.carry_out(desk, (allowed, *self.options, *self.arguments), place, shown)
