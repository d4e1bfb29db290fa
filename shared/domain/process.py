"""A declared process and its versions; what it does is in its plan (`shared.process.declared`)."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

TriggerKind = Literal["cron", "event", "bus", "file"]


class ProcessVersion(BaseModel):
    """One text of a process. `digest` is the SHA-256 of the text as it was written: an approval of it, and a run, are
    of these words and no others."""

    digest: str
    at: datetime | None = None
    by: str = ""


class Process(BaseModel):
    """A process by its name. `versions` are newest first, at most 200; the first one is what a new run takes.
    `origin` is `catalog` for one that comes with Baton: it is read-only, and a process of the workspace's own with the
    same name takes its place. `triggers`: by what the newest version starts by itself."""

    name: str
    title: str
    origin: Literal["own", "catalog"] = "own"
    versions: list[ProcessVersion]
    triggers: list[TriggerKind] = Field(default_factory=list)

    @property
    def digest(self) -> str:
        return self.versions[0].digest
