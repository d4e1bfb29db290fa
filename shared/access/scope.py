"""Whose data a request is about: the tenant comes from the token, the workspace from a checked header (design 3)."""

from __future__ import annotations

from collections.abc import Mapping

from shared.access.principal import Principal
from shared.access.problem import Refusal
from shared.domain.faults import FieldError, Rejected
from shared.domain.scope import SHARED_WORKSPACE, Scope, parse_scope

HEADER = "baton-workspace"
DEFAULT_WORKSPACE = "main"


def scope_of(principal: Principal, headers: Mapping[str, str]) -> Scope:
    """The scope of an authenticated request; header names are lower-case. Without the header it is the only workspace
    that the principal sees, else `main`. Raises Rejected, Refusal (403) for one that it does not see, there or not."""
    workspace = headers.get(HEADER, principal.only_workspace or DEFAULT_WORKSPACE)
    try:
        scope = parse_scope(principal.tenant, workspace)
    except ValueError as error:
        raise Rejected(FieldError("Baton-Workspace", str(error))) from None
    if workspace == SHARED_WORKSPACE:
        raise Rejected(FieldError("Baton-Workspace", "'_' is the agency's own and cannot be worked in"))
    if not principal.permissions(workspace):
        raise Refusal(403, "forbidden", "Baton-Workspace", f"{principal.name} has no role in {workspace!r}")
    return scope
