"""A list of companies on its way: read, looked at, scored, batch by batch; and what of it could not be."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from shared.domain.lead import Country
from shared.domain.texts import Line

BATCH = 48
"""Companies that are looked at in one step: three rounds of what is looked at together."""
MOST_PROBLEMS = 200
ListStatus = Literal["running", "completed", "failed"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class LeadSearch(_Strict):
    """What is looked for in the directory: a kind of company, in a city, a country, or both."""

    terms: Line
    city: Line | None = None
    country: Country | None = None
    most: Annotated[int, Field(ge=1, le=1000)] = 100


class LeadList(_Strict):
    """The document. `done` of `batches` are looked at; each can be done again after a kill, and changes nothing then.
    `search`: what is looked up first; `rescore`: all leads are scored anew, none is looked at."""

    id: str
    name: str
    status: ListStatus = "running"
    status_reason: str | None = None
    attempt: int = 1
    search: LeadSearch | None = None
    rescore: bool = False
    cursor: str | None = None
    """How far scoring anew has come."""
    source: str
    licence: str = ""
    method: str = ""
    whole: bool = True
    batches: int | None = None
    done: int = 0
    received: int = 0
    scored: int = 0
    taken: int = 0
    unreached: int = 0
    unweighed: int = 0
    """Leads that could not be weighed; each says why, and so do the problems."""
    problems: list[str] = Field(default_factory=list)
    created_at: datetime
    created_by: str
    ended_at: datetime | None = None


class TakenRequest(_Strict):
    """A company that nobody of the agency may approach."""

    website: Line
    reason: Line
