"""A key with which another system calls Baton's API."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from shared.domain.scope import SHARED_WORKSPACE, parse_scope

KeyScope = Literal["reader", "operator", "approver", "manager"]
"""What a key may do. None may make keys."""


def workspace_name(name: str) -> str:
    if name == SHARED_WORKSPACE:
        raise ValueError("'_' is the agency's own and cannot be worked in")
    return parse_scope("any", name).workspace


class MachineKeyRequest(BaseModel):
    """A key that is wished for. It ends by itself after `days`."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(min_length=1, max_length=60)]
    scopes: Annotated[list[KeyScope], Field(min_length=1, max_length=4)]
    workspaces: Annotated[list[Annotated[str, AfterValidator(workspace_name)]], Field(min_length=1, max_length=100)]
    days: Annotated[int, Field(ge=1, le=366)] = 90


class MachineKey(BaseModel):
    """A key as it is kept and listed: everything but the key. `last_used_on` is a day: who asks more often than that
    what a system does finds it in the journal."""

    id: str
    tenant: str
    name: str
    scopes: list[KeyScope]
    workspaces: list[str]
    created_at: datetime
    created_by: str
    expires_at: datetime
    last_used_on: date | None = None
    revoked_at: datetime | None = None


class NewMachineKey(MachineKey):
    """A key that was made just now; `key` is shown this once."""

    key: str
