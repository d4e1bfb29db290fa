"""Whose data a request is about: the tenant comes from the token, the workspace from a checked header (design 3)."""

from __future__ import annotations

from collections.abc import Mapping

from shared.domain.faults import FieldError, Rejected
from shared.domain.scope import SHARED_WORKSPACE, Scope, parse_scope

HEADER = "baton-workspace"
DEFAULT_WORKSPACE = "main"


def scope_of(tenant: str, headers: Mapping[str, str]) -> Scope:
    """The scope of an authenticated request; header names are lower-case. Raises Rejected."""
    workspace = headers.get(HEADER, DEFAULT_WORKSPACE)
    try:
        scope = parse_scope(tenant, workspace)
    except ValueError as error:
        raise Rejected(FieldError("Baton-Workspace", str(error))) from None
    if workspace == SHARED_WORKSPACE:
        raise Rejected(FieldError("Baton-Workspace", "'_' is the agency's own and cannot be worked in"))
    return scope
