"""What the agents of a domain remember together (S3.14): notes with their origin, every version kept (rule L7)."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

from shared.domain.agent import Domain
from shared.domain.texts import Line, Plain

Key = Annotated[str, StringConstraints(pattern="^[a-z0-9][a-z0-9-]{0,79}$")]
NoteText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000), Plain]


class NoteRequest(BaseModel):
    """What is to be remembered, and why."""

    model_config = ConfigDict(extra="forbid")

    text: NoteText
    why: Line


class Note(BaseModel):
    """One version of one note. `by` is a person or `agent:<id>`, `cause` the task in which an agent wrote it. `text` is
    None in a version that forgot it."""

    domain: Domain
    key: str
    version: int
    text: str | None
    by: str
    why: str
    cause: str | None = None
    at: datetime
