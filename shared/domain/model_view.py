"""Homes of models and their calls, as people see them."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel

from shared.domain.money import Money
from shared.domain.routing import Ability, HomeName, Place, Quality, State


class HomeView(BaseModel):
    """One home that is configured. `since`, `until` and `why`: how long it has not answered, when it is tried again,
    and what it said; absent if all is well."""

    name: HomeName
    model: str
    place: Place
    quality: Quality
    abilities: list[Ability]
    longest: int
    state: State
    since: datetime | None = None
    until: datetime | None = None
    why: str | None = None


class Failure(BaseModel):
    """A home that was asked before and did not answer."""

    home: str
    reason: str


class CallView(BaseModel):
    """One call as it is on the tape, without what was said. `code` and `why`: the reason for its home. `cost` null:
    unknown. `asked`: SHA-256 of everything that was asked. `unrecorded`: an earlier execution was killed in the midst,
    so a provider may have been paid for one answer more."""

    key: str
    at: datetime
    agent: str
    campaign: str | None
    task: str
    home: str
    place: str
    model: str
    code: str
    why: str
    offline: bool
    input_tokens: int | None
    output_tokens: int | None
    cost: Money | None
    asked: str
    attempt: int
    unrecorded: bool
    failures: list[Failure]
