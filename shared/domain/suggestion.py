"""What could be done about a run that failed, or whose rows are in quarantine: to be read, never applied by itself."""

from __future__ import annotations

from pydantic import BaseModel

from shared.domain.run import ErrorKind, RunFile
from shared.domain.task import TaskStatus


class Trouble(BaseModel):
    """A step that failed (then with the class of the error, and the input that is to blame), or that put rows aside.

    `rules`: what is known about it without a model. `quarantine`: its file; where a rule knows what a value was
    perhaps meant to be, that stands in its column of suggestions."""

    step: str
    type: str
    kind: ErrorKind | None = None
    field: str = ""
    what: str
    rules: list[str]
    reasons: dict[str, int]
    quarantine: RunFile | None = None


class Suggestion(BaseModel):
    """The answer. `text` is what a model suggests, `written_by` which one; `task` is where it was asked, `status` how
    that stands. `note`: why no model was asked, or why it has not answered."""

    run: str
    attempt: int
    troubles: list[Trouble]
    task: str | None = None
    status: TaskStatus | None = None
    text: str | None = None
    written_by: str | None = None
    note: str = ""
