"""A decision by a person about exactly one sealed thing (design 4.3)."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator

from shared.domain.texts import Plain


class ApprovalRequest(BaseModel):
    """The body of POST …/approvals."""

    model_config = ConfigDict(extra="forbid")

    decision: Literal["approve", "reject", "changes"]
    digest: str
    comment: Annotated[str, StringConstraints(max_length=2000), Plain] | None = None

    @field_validator("digest")
    @classmethod
    def _whole(cls, digest: str) -> str:
        if not re.fullmatch("[0-9a-f]{64}", digest):
            raise ValueError("must be all 64 characters (0-9, a-f) of the digest that the campaign shows")
        return digest


class Approval(BaseModel):
    """One sealed subject waiting for, or having, its decision. Document id: `<subject>-<version>`."""

    model_config = ConfigDict(extra="forbid")

    subject: str
    version: int
    digest: str
    sealed: dict[str, Any]
    """What the digest was computed over; it names digests and settings, no person."""
    asked_at: datetime
    decision: Literal["approve", "reject", "changes"] | None = None
    by: str | None = None
    at: datetime | None = None
    comment: str | None = None
    until: datetime | None = Field(default=None)
    """After this moment the question lapses and the campaign is cancelled."""


class StepApproval(Approval):
    """The question of a step of a process. `subject` is the id of the step's document, `digest` that of the file with
    exactly what is shown, whose path `sealed` names; after `until` the plan decides."""

    given: str | None = None
    """The file with what was filled in."""
