"""Workspaces: made, named, archived, gone over to in a browser; and what one of them still lacks."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

from pydantic import ValidationError

from functions.http.handlers.html import html, see, workspaces_seen
from functions.http.handlers.members import name_of
from shared.access.call import Answer, Call, Listing
from shared.access.problem import Refusal, rejected
from shared.access.roles import called, permitted
from shared.access.scope import set_cookie
from shared.agents import workspaces
from shared.agents.scopes import register
from shared.domain.faults import Conflict, FieldError, Rejected
from shared.domain.scope import SHARED_WORKSPACE, parse_scope
from shared.domain.workspace import Setup, Workspace, WorkspaceChange, WorkspaceRequest


def listing(call: Call) -> Answer[Listing[Workspace]]:
    """Those in which you have a role, by id; archived ones, too."""
    return Answer(Listing(items=workspaces_seen(call)))


def create(call: Call, body: WorkspaceRequest) -> Answer[Workspace]:
    """A new workspace, with nothing of any other in it."""
    register(call.ports, call.scope)  # so that one finds back to where one is
    return Answer(workspaces.create(call.ports, call.scope.tenant, call.principal, body), status=201)


def change(call: Call, body: WorkspaceChange) -> Answer[Workspace]:
    """Name it otherwise, archive it, or bring it back. While it is archived nothing is begun in it."""
    return Answer(workspaces.change(call.ports, call.scope.tenant, call.principal, call.path["id"], body))


def setup(call: Call) -> Answer[Setup]:
    """This workspace, and whether it has its sender, brand, domain and budget."""
    return Answer(workspaces.setup(call.ports, call.scope))


def page(call: Call) -> Answer[str]:
    """The workspaces that you see, and who you are here."""
    return _page(call)


def create_form(call: Call) -> Answer[str]:
    """Make one and go over to it: what it lacks is on its settings."""
    given = {name: text for name in ("name", "id") if (text := call.form.get(name, "").strip())}
    try:
        made = create(call, WorkspaceRequest.model_validate(given)).body
    except ValidationError as error:
        return _page(call, rejected(error, "form").errors, 400, given)
    except Rejected as error:
        return _page(call, error.errors, 400, given)
    except Conflict as error:
        return _page(call, (error.error,), 409, given)
    return _over(call, made.id, "/settings")


def change_form(call: Call) -> Answer[str]:
    """The name, or `do`: archive or bring back."""
    do, name = call.form.get("do"), call.form.get("name", "").strip()
    try:
        wanted = WorkspaceChange(archived=do == "archive") if do else WorkspaceChange(name=name)
        change(call, wanted)
    except ValidationError as error:
        return _page(call, rejected(error, "form").errors, 400)
    except Conflict as error:
        return _page(call, (error.error,), 409)
    return see("/workspaces")


def choose(call: Call) -> Answer[str]:
    """From now on this browser shows that workspace. Refused (403) if the caller has no role in it."""
    wanted = call.form.get("workspace", "")
    try:
        workspace = parse_scope(call.scope.tenant, wanted).workspace
    except ValueError as error:
        raise Rejected(FieldError("workspace", str(error))) from None
    if workspace == SHARED_WORKSPACE or not permitted(call.grants, workspace):
        raise Refusal(403, "forbidden", "workspace", f"{call.principal} has no role in {workspace!r}")
    return _over(call, workspace, "/")


def _over(call: Call, workspace: str, path: str) -> Answer[str]:
    cookie = set_cookie(workspace, urlsplit(call.url).scheme == "https")
    return see(path, headers={"Set-Cookie": cookie})


def _page(
    call: Call, errors: tuple[FieldError, ...] = (), status: int = 200, given: dict[str, str] | None = None
) -> Answer[str]:
    seen = workspaces_seen(call)
    roles = {each.id: called(permitted(call.grants, each.id)) for each in seen}
    who = name_of(call) or {"owner": "the owner of this machine"}.get(call.principal, call.principal)
    shown = {"seen": seen, "roles": roles, "who": who, "errors": errors, "given": given or {}}
    signed_in = "baton_session=" in call.headers.get("cookie", "")
    return replace(html(call, "workspaces", here="workspaces", signed_in=signed_in, **shown), status=status)
