"""Going over to another workspace, in a browser."""

from __future__ import annotations

from urllib.parse import urlsplit

from functions.http.handlers.html import see
from shared.access.call import Answer, Call
from shared.access.problem import Refusal
from shared.access.roles import permitted
from shared.access.scope import set_cookie
from shared.domain.faults import FieldError, Rejected
from shared.domain.scope import SHARED_WORKSPACE, parse_scope


def choose(call: Call) -> Answer[str]:
    """From now on this browser shows that workspace. Refused (403) if the caller has no role in it."""
    wanted = call.form.get("workspace", "")
    try:
        workspace = parse_scope(call.scope.tenant, wanted).workspace
    except ValueError as error:
        raise Rejected(FieldError("workspace", str(error))) from None
    if workspace == SHARED_WORKSPACE or not permitted(call.grants, workspace):
        raise Refusal(403, "forbidden", "workspace", f"{call.principal} has no role in {workspace!r}")
    chosen = see("/")
    cookie = set_cookie(workspace, urlsplit(call.url).scheme == "https")
    return Answer(chosen.body, chosen.status, chosen.content_type, {**chosen.headers, "Set-Cookie": cookie})
