"""What a trigger of a process has done so far."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class NotStarted(_Strict):
    """A run that a trigger did not start, and why. It is not tried again."""

    at: datetime
    field: str
    reason: str


class Fired(_Strict):
    """How a trigger stands: the run that it started last and, if nothing was started since, the one that it did not."""

    at: datetime | None = None
    run: str | None = None
    refused: NotStarted | None = None


class Seen(_Strict):
    """A file of a folder as it was at the last look: a digest of its version, and since when it is like this. `taken`:
    nothing is to be started by it any more."""

    version: str
    since: datetime
    taken: bool = False


class TriggerState(Fired):
    """The document. `looked`: up to which time runs have been started (cron), or when the folder was looked at first
    (file). `files` are known by a digest of their path."""

    process: str
    looked: datetime | None = None
    files: dict[str, Seen] = Field(default_factory=dict)
