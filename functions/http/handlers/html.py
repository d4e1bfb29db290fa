"""What every page is answered with."""

from __future__ import annotations

from functools import cache
from typing import Any

from functions.http.table import ROWS
from shared.access.call import Answer, Call
from shared.access.roles import holders, workspaces_of
from shared.access.serving import Serving
from shared.agents.scopes import registered
from shared.web.offers import of_workspace, only_offered
from shared.web.pages import POLICY, page

HTML = "text/html; charset=utf-8"


def html(call: Call, template: str, **values: Any) -> Answer[str]:
    """A page of a template, times in the home's zone, with what its reader may do and no more."""
    where = call.scope.workspace
    content = page(template, call.ports.timezone, workspace=where, workspaces=lambda: workspaces(call), **values)
    content = of_workspace(only_offered(content, lambda method, path: _lacking(call, method, path)), where)
    return Answer(content, content_type=HTML, headers={"Content-Security-Policy": POLICY})


def see(path: str, **more: Any) -> Answer[str]:
    """After a form: on to the page that shows what it did (303)."""
    return Answer("", status=303, content_type=HTML, headers={"Location": path}, **more)


def workspaces(call: Call) -> list[str]:
    """Those that the caller may go over to, this one among them."""

    def known() -> list[str]:
        return [each.workspace for each in registered(call.ports, call.scope.tenant)]

    return sorted({*workspaces_of(call.grants, known), call.scope.workspace})


@cache
def _serving() -> Serving:
    return Serving(ROWS)


def _lacking(call: Call, method: str, path: str) -> str | None:
    """The roles that may, if the caller may not."""
    row = _serving().row(method, path)
    if row is None or row.role == "public" or row.role in call.permissions:
        return None
    *others, last = (f"an {each}" if each[0] in "aeiou" else f"a {each}" for each in holders(row.role))
    return f"{', '.join(others)} or {last}" if others else last
