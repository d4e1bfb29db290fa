"""What a plan may say: the one model behind validation, the published JSON Schema and the runs. What a step's `with`
may hold is said by its type (`shared.process.steps`)."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from shared.domain.process import TriggerKind
from shared.domain.texts import Line, Plain
from shared.process.errors import ErrorClass

Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
"""Of a process, a step, an input or an output: a to z, digits and underscores, at most 40."""
Expression = Annotated[str, StringConstraints(max_length=2000)]
"""`${{ … }}`, or a text with such parts."""
Span = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{0,5}(s|m|h|d)$")]
"""A length of time: 30s, 10m, 2h, 14d."""
Prose = Annotated[str, StringConstraints(max_length=2000), Plain]
InputType = Literal["text", "integer", "number", "boolean", "date", "file", "files", "choice", "list", "object"]
OnError = Literal["stop", "continue", "compensate", "ask"]
MOST_STEPS = 2000


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=True, use_attribute_docstrings=True)


class Input(_Strict):
    """Something that a run is given. Without a default it must be given."""

    type: InputType = "text"
    title: Line | None = None
    description: Prose = ""
    default: Any = None
    optional: bool = False
    choices: list[str] = Field(default_factory=list, max_length=100)
    sensitive: bool = False
    """Never shown, logged or kept in plain text."""


class Foreach(_Strict):
    """Once for each item; within the step the item is `item`."""

    items: Expression
    at_once: Annotated[int, Field(ge=1, le=64)] = 4


class Action(_Strict):
    """One thing to do: a type and what it is given."""

    type: Annotated[str, StringConstraints(pattern=r"^[a-z]+(\.[a-z_]+)?$", max_length=60)]
    given: dict[str, Any] = Field(default_factory=dict, alias="with")


class Step(Action):
    """One step. `retry`: how often more, by class of error; waits double from five seconds on. `compensate` is done, in
    reverse order of the steps, if the run fails after this step was done."""

    id: Id
    title: Line | None = None
    needs: list[Id] = Field(default_factory=list, max_length=200)
    when: Expression | None = None
    foreach: Foreach | None = None
    retry: dict[ErrorClass, Annotated[int, Field(ge=0, le=20)]] = Field(default_factory=dict)
    timeout: Span = "1h"
    on_error: OnError = "stop"
    compensate: Action | None = None


class Trigger(_Strict):
    """What starts a run: exactly one of them, and what the run is given."""

    cron: Line | None = None
    """Five fields, in the zone of BATON_TIMEZONE."""
    event: Line | None = None
    """The type of an event of Baton's own, such as `campaign.completed`."""
    bus: Line | None = None
    """The subject of a command on the queue `commands`."""
    file: FileArrival | None = None
    given: dict[str, Any] = Field(default_factory=dict, alias="with")

    @property
    def kind(self) -> TriggerKind:
        """Which of them it is."""
        return next(kind for kind in get_args(TriggerKind) if getattr(self, kind) is not None)


class FileArrival(_Strict):
    """A file that has come into a folder and no longer grows."""

    folder: Id
    glob: Line = "*"
    input: Id


class Concurrency(_Strict):
    """Runs with the same key never overlap beyond `at_most`; the next one waits, or is refused."""

    key: Expression
    at_most: Annotated[int, Field(ge=1, le=100)] = 1
    otherwise: Literal["wait", "refuse"] = "wait"


class Plan(_Strict):
    """A process, declared."""

    process: Id
    title: Line
    description: Prose = ""
    inputs: dict[Id, Input] = Field(default_factory=dict, max_length=100)
    steps: list[Step] = Field(min_length=1, max_length=MOST_STEPS)
    last: list[Step] = Field(default_factory=list, max_length=50, alias="finally")
    outputs: dict[Id, Expression] = Field(default_factory=dict, max_length=100)
    triggers: list[Trigger] = Field(default_factory=list, max_length=20)
    concurrency: Concurrency | None = None
    at_once: Annotated[int, Field(ge=1, le=64)] = 8
    """How many steps may be under way together."""
    within: Span | None = None
    """The time in which a run is to end (its SLA); a later one is reported."""

    @cached_property
    def by_id(self) -> dict[str, Step]:
        """Every step, also those of `finally`."""
        return {step.id: step for step in (*self.steps, *self.last)}


Trigger.model_rebuild()
