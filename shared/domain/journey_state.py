"""A journey as it is kept: its plan, how it stands, and what is to change."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from shared.domain.journey import Plan

JourneyStatus = Literal["draft", "running", "paused", "stopped", "completed"]
STILL_ON: tuple[JourneyStatus, ...] = ("running", "paused")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Change(_Strict):
    """A plan that takes effect once its new mails are approved."""

    version: int
    plan: dict[str, Any]
    mails: dict[str, str]
    by: str
    at: datetime


class Journey(_Strict):
    """The document. `plan` is its newest version in effect, `mails` the campaign by which each mail leaves."""

    id: str
    title: str
    status: JourneyStatus
    version: int = 1
    plan: dict[str, Any]
    mails: dict[str, str]
    created_at: datetime
    created_by: str
    started_at: datetime | None = None
    ended_at: datetime | None = None
    attempt: int = 1
    """The attempt of its flow: what broke goes on under the next."""
    reason: str | None = None
    """Why it stands still, if it does."""
    change: Change | None = None
    moved: dict[str, str | None] = Field(default_factory=dict)
    """Steps that were taken away -> where those who stood there go on; None: they leave."""
    changed_at: datetime | None = None
    """When its plan was last changed while people were on their way."""
    former: dict[str, list[str]] = Field(default_factory=dict)
    """Mail -> the campaigns by which it left before, oldest first: who had it by one does not get it by another."""
    held_back: list[str] = Field(default_factory=list)
    """The campaigns that its pause has paused, and that go on with it; what a person paused by itself is none."""

    def campaigns(self) -> list[str]:
        """Those by which its mails leave, and left."""
        return [*self.mails.values(), *(id for ids in self.former.values() for id in ids)]

    def declared(self) -> Plan:
        """The plan as it is written down."""
        return Plan.model_validate(self.plan)


class Affected(_Strict):
    """People who stand at a step when it changes, and what becomes of them."""

    step: str
    people: int
    change: Literal["new words", "changed", "taken away"]
    then: str


class Changes(_Strict):
    """What a new plan would do, or does once its new mails are approved. `people` stand at a step that changes;
    nobody gets a mail again that they had."""

    journey: str
    version: int
    under_way: int
    people: int
    affected: list[Affected]
    had: dict[str, int]
    """Mails whose words change -> people who had the old ones and do not get the new."""
    new_mails: list[str]
    added: list[str]
    removed: list[str]
