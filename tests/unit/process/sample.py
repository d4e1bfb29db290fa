"""Types of steps of the tests' own, so that they look at the checks and not at what real types take."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from shared.process.steps.call import Answer, Desk, Kept, StepType


class Copy(StepType):
    """Copy a file."""

    outputs: ClassVar[Mapping[str, str]] = {"file": "the copy", "rows": "how many"}
    source: Kept | str
    target: Annotated[str, Field(pattern=r"^[^.].*$")]
    times: int = 1
    mode: Literal["new", "replace"] = "new"
    deep: bool = False

    def run(self, desk: Desk) -> Answer:
        return Answer()


class Column(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str
    type: Literal["text", "number"] = "text"


class Read(StepType):
    """Read a table."""

    outputs: ClassVar[Mapping[str, str]] = {"rows": "the rows"}
    file: Kept
    columns: list[Column] = Field(default_factory=list)
    headers: dict[str, str] = Field(default_factory=dict)

    def run(self, desk: Desk) -> Answer:
        return Answer()


class Script(StepType):
    """Run a script."""

    outputs: ClassVar[Mapping[str, str]] = {"*": "what the script answers"}
    given: dict[str, Any] = Field(default_factory=dict, alias="with")

    def run(self, desk: Desk) -> Answer:
        return Answer()
