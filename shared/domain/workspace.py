"""A workspace: one client of the agency, with everything that is its own."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from shared.domain.machine_key import workspace_name
from shared.domain.texts import Line

_LONGEST_ID = 24
Id = Annotated[str, AfterValidator(workspace_name)]
Title = Annotated[Line, Field(max_length=60)]


class WorkspaceRequest(BaseModel):
    """The body of POST /api/v1/workspaces. Without an `id` it is made of the name; it never changes, for it begins
    every key."""

    model_config = ConfigDict(extra="forbid")

    name: Title
    id: Id | None = None


class WorkspaceChange(BaseModel):
    """The body of PATCH /api/v1/workspaces/{id}; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    name: Title | None = None
    archived: bool | None = None


class Need(BaseModel):
    """One thing that a workspace is set up with: what it is, what holds, whether it is `done`; where a page mends it,
    and which command."""

    what: str
    done: bool
    said: str
    page: str
    command: str


class Workspace(BaseModel):
    """The document, in the agency's own scope: it is the registry of workspaces, too. An archived one can be looked at;
    nothing is begun in it. One that was never named is called by its id."""

    id: str
    name: str
    created_at: datetime | None = None
    created_by: str | None = None
    archived_at: datetime | None = None


class Setup(BaseModel):
    """A workspace, and what it is set up with."""

    workspace: Workspace
    needs: list[Need]


def id_of(name: str) -> str | None:
    """What a name becomes in keys and addresses: `Café Müller` is `cafe-muller`; None if no letter is left."""
    plain = unicodedata.normalize("NFKD", name.replace("ß", "ss")).encode("ascii", "ignore").decode().lower()
    made = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_LONGEST_ID].strip("-")
    return made or None
