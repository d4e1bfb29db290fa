"""A workspace that is archived can be looked at; nothing is begun or changed in it."""

from __future__ import annotations

from shared.access.audit import changes
from shared.access.problem import Refusal
from shared.access.route import Route
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.ports import Documents

_STILL = frozenset(
    {"keyrings", "keys", "member_pages", "members", "privacy", "reviews", "secrets", "session", "workspaces"}
)
"""Handlers that change what is the agency's, or what the law asks for at any time."""


def check_open(documents: Documents, scope: Scope, route: Route) -> None:
    """Raises Refusal (409) for a change in a workspace that is archived."""
    if not changes(route) or route.handler.partition(":")[0] in _STILL:
        return
    found = documents.get(scope.agency, Kind.SCOPE, scope.workspace)
    if found and found.body.get("archived_at"):
        reason = f"{scope.workspace!r} is archived: it can be looked at; an owner brings it back"
        raise Refusal(409, "archived", "Baton-Workspace", reason)
