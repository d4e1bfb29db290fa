"""What every page is answered with."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from functions.http.table import ROWS
from shared.access.call import Answer, Call
from shared.access.members import actor_of
from shared.access.roles import holders, workspaces_of
from shared.access.serving import Serving
from shared.agents import workspaces
from shared.domain.workspace import Workspace
from shared.web.members import with_names
from shared.web.offers import of_workspace, only_offered
from shared.web.pages import POLICY, page

HTML = "text/html; charset=utf-8"


def html(call: Call, template: str, **values: Any) -> Answer[str]:
    """A page of a template, times in the home's zone, with what its reader may do and no more."""
    where = call.scope.workspace
    content = page(template, call.ports.timezone, workspace=where, workspaces=lambda: _choice(call), **values)
    content = with_names(content, lambda id: actor_of(call.ports.documents, call.scope.tenant, id))
    content = of_workspace(only_offered(content, lambda method, path: _lacking(call, method, path)), where)
    return Answer(content, content_type=HTML, headers={"Content-Security-Policy": POLICY})


def see(path: str, headers: Mapping[str, str] | None = None, **more: Any) -> Answer[str]:
    """After a form: on to the page that shows what it did (303)."""
    return Answer("", status=303, content_type=HTML, headers={**(headers or {}), "Location": path}, **more)


def workspaces_seen(call: Call) -> list[Workspace]:
    """Those in which the caller has a role, this one among them, by id."""
    every = {each.id: each for each in workspaces.every(call.ports, call.scope.tenant)}
    ids = {*workspaces_of(call.grants, lambda: every), call.scope.workspace}
    return [every.get(id) or Workspace(id=id, name=id) for id in sorted(ids)]


def _choice(call: Call) -> list[Workspace]:
    """Those that the caller may go over to, and this one."""
    return [each for each in workspaces_seen(call) if not each.archived_at or each.id == call.scope.workspace]


@cache
def _serving() -> Serving:
    return Serving(ROWS)


def _lacking(call: Call, method: str, path: str) -> str | None:
    """The roles that may, if the caller may not."""
    row = _serving().row(method, path)
    if row is None or row.role == "public":
        return None
    # The row lets in whoever is asked a question of the run; the handler gives nobody else a file.
    files = row.handler == "runs:file" and not call.permissions & {"operator", "approver"}
    if row.role in call.permissions and not files:
        return None
    *others, last = (f"an {each}" if each[0] in "aeiou" else f"a {each}" for each in holders(row.role))
    return f"{', '.join(others)} or {last}" if others else last
