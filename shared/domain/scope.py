"""The (tenant, workspace) pair that begins every key: an agency and one of its clients (design 3)."""

from __future__ import annotations

import re
from typing import NamedTuple

_PART = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,22}[a-z0-9])?")
SHARED_WORKSPACE = "_"
DEFAULT_WORKSPACE = "main"


class Scope(NamedTuple):
    """A tenant (agency) and a workspace (one client); workspace `_` holds what the agency shares."""

    tenant: str
    workspace: str

    @property
    def agency(self) -> Scope:
        """The same tenant's shared workspace: suppression, caps, people, users."""
        return Scope(self.tenant, SHARED_WORKSPACE)

    def __str__(self) -> str:
        return f"{self.tenant}~{self.workspace}"


def parse_scope(tenant: str, workspace: str) -> Scope:
    """Check both parts (1-24 of a-z, 0-9 and inner hyphens; workspace may be `_`). Raises ValueError."""
    for name, value in (("tenant", tenant), ("workspace", workspace)):
        if not (_PART.fullmatch(value) or (name == "workspace" and value == SHARED_WORKSPACE)):
            raise ValueError(f"{name} {value!r} must be 1 to 24 of a-z, 0-9 and hyphens inside")
    return Scope(tenant, workspace)
