"""What every type of step is given, and what it answers."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar, Protocol

from pydantic import BaseModel, ConfigDict

from shared.domain.scope import Scope
from shared.ports import Ports


class Kept(BaseModel):
    """A file of a run, as steps hand it to each other: it lies in Files and never changes."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    file: str
    """Its path in Files."""
    name: str
    bytes: int
    sha256: str


class Desk(Protocol):
    """The step's hands. Everything it makes lies in `folder`, which is its own, empty at first and removed afterwards;
    only what it `keep`s outlives it. A step that is begun again (after a kill) finds an empty folder and the same
    `key`."""

    ports: Ports
    scope: Scope
    run: str
    step: str
    item: int | None
    key: str
    """The same for every attempt at this step (and item) of this run: effects outside are told apart by it."""
    began: datetime
    """When this try began, however often it has waited since."""
    deadline: datetime

    @property
    def folder(self) -> Path:
        """Made when it is first asked for."""
        ...

    def open(self, kept: Kept) -> Path:
        """The file in the step's folder, its checksum verified. Raises InputError if it is another now."""
        ...

    def keep(self, path: Path, name: str | None = None) -> Kept:
        """Put a file of the step's folder into Files, whole, with its checksum."""
        ...

    def log(self, line: str) -> None:
        """A line for whoever watches, at once. No personal data."""
        ...

    def progress(self, done: int, total: int | None = None, unit: str = "rows") -> None: ...

    def spent(self, cpu_seconds: float, peak_bytes: int | None = None) -> None:
        """What a child process of the step has used."""
        ...

    def beat(self) -> None:
        """To be called now and then by whatever takes long. Raises ResourceError after the deadline, and PolicyError
        if the run was cancelled."""
        ...


@dataclass(frozen=True)
class Answer:
    """What a step made: `outputs` is plain JSON of at most 1 MB (a file as `Kept.model_dump()`); `left` what has left
    the machine or was changed outside; `undo` what `baton process undo` needs to take it back."""

    outputs: Mapping[str, Any] = field(default_factory=dict)
    left: tuple[str, ...] = ()
    undo: tuple[Mapping[str, Any], ...] = ()
    child: str | None = None
    """The run that this step is: it goes on now, and the step ends as it does."""


class Again(Exception):
    """The step cannot go on before `at` (or before somebody rings); it is run anew then. `why` is a short code."""

    def __init__(self, at: datetime, why: str) -> None:
        super().__init__(why)
        self.at, self.why = at, why


class StepType(BaseModel):
    """The base of every type: its fields are what `with` may hold, its docstring what completion shows. Expressions are
    resolved before it is made. When a plan is checked, each `with` is tried on it, too: what is wrong where an
    expression stands is not told, but a validator of the whole model sees an expression in a text as it is written."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    outputs: ClassVar[Mapping[str, str]] = {}
    """Name of each output → what it is, for validation of references and for editors; `*` for outputs that the plan or
    another system names."""
    repeatable: ClassVar[bool] = True
    """It may be run again after a kill without anybody outside noticing. Where False, a step of which nobody knows
    whether it happened is handed to a person."""

    light: ClassVar[bool] = False
    """It only works out values: no file, no waiting, nothing outside. Many of them are done in one turn, and written
    down together at its end."""

    @abstractmethod
    def run(self, desk: Desk) -> Answer:
        """Do it. Raises StepError, or Again."""
