"""Whose data a request is about: the tenant comes from the token, the workspace from a checked header (design 3).

A browser cannot send that header, so the pages keep in a cookie which workspace their reader chose. It is no proof of
anything: what is chosen is checked against the token like what the header says."""

from __future__ import annotations

from collections.abc import Mapping
from http.cookies import CookieError, SimpleCookie

from shared.access.principal import Principal
from shared.access.problem import Refusal
from shared.access.roles import workspaces_of
from shared.domain.faults import FieldError, Rejected
from shared.domain.scope import DEFAULT_WORKSPACE, SHARED_WORKSPACE, Scope, parse_scope

HEADER = "baton-workspace"
COOKIE = "baton_workspace"
SHOWN = "workspace"
"""The query parameter by which each form says of which workspace the page is that shows it."""
_ATTRIBUTES = "Path=/; HttpOnly; SameSite=Strict"


def scope_of(principal: Principal, headers: Mapping[str, str]) -> Scope:
    """The scope of an authenticated request; header names are lower-case. Without the header it is, in a browser, the
    workspace that was chosen there; else the only one that the principal sees; else `main`, or in a browser, whose
    reader sees where they are, the first that they see. Raises Rejected, Refusal (403) for one that the principal does
    not see, there or not."""
    browser = "authorization" not in headers
    chosen = _chosen(principal, headers.get("cookie", "")) if browser else None
    workspace = headers.get(HEADER, chosen or _usual(principal, browser))
    try:
        scope = parse_scope(principal.tenant, workspace)
    except ValueError as error:
        raise Rejected(FieldError("Baton-Workspace", str(error))) from None
    if workspace == SHARED_WORKSPACE:
        raise Rejected(FieldError("Baton-Workspace", "'_' is the agency's own and cannot be worked in"))
    if not principal.permissions(workspace):
        forget = {"Set-Cookie": f"{COOKIE}=; Max-Age=0; {_ATTRIBUTES}"} if chosen else {}
        raise Refusal(403, "forbidden", "Baton-Workspace", f"{principal.name} has no role in {workspace!r}", forget)
    return scope


def set_cookie(workspace: str, secure: bool) -> str:
    """The Set-Cookie header that keeps the choice until the browser is closed."""
    return f"{COOKIE}={workspace}; {_ATTRIBUTES}{'; Secure' if secure else ''}"


def check_shown(scope: Scope, shown: str | None) -> None:
    """Raises Refusal (409) if the form is on a page of another workspace than the request is now about: its reader went
    over to that one in another window."""
    if shown is not None and shown != scope.workspace:
        reason = (
            f"this page shows {shown[:40]!r}, and you have gone over to {scope.workspace!r} since; nothing was done"
        )
        raise Refusal(409, "other-workspace", SHOWN, reason)


def _usual(principal: Principal, browser: bool) -> str:
    seen = [] if principal.permissions(DEFAULT_WORKSPACE) or not browser else workspaces_of(principal.grants, tuple)
    return principal.only_workspace or (seen[0] if seen else DEFAULT_WORKSPACE)


def _chosen(principal: Principal, cookies: str) -> str | None:
    """What is no workspace's name nobody chose here."""
    try:
        morsel = SimpleCookie(cookies).get(COOKIE)
        named = parse_scope(principal.tenant, morsel.value).workspace if morsel else None
    except (CookieError, ValueError):
        return None
    return None if named == SHARED_WORKSPACE else named
