"""People on a page: who is let in, a form for another, and the link that is shown once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from functions.http.handlers.html import html, see, workspaces_seen
from functions.http.handlers.members import invited, inviter, places
from shared.access import inviting
from shared.access.call import Answer, Call, Paging
from shared.access.members import BY_MEMBER
from shared.access.problem import rejected
from shared.access.roles import covers
from shared.domain.faults import Conflict, FieldError, Rejected
from shared.domain.member import ROLE_NAMES, Invited, LinkRequest, Member, MemberChange, MemberRequest
from shared.domain.workspace import Workspace
from shared.web.members import MAY, STATES

Noun = TypeVar("Noun", bound=BaseModel)
_IN = "in."
_EVERYWHERE = "everywhere"


def page(call: Call, query: Paging) -> Answer[str]:
    """Who is let in."""
    return _page(call, query)


def invite(call: Call) -> Answer[str]:
    """Let somebody in: the page that follows shows the link, once."""
    said = {name: text for name in ("name", "to", "days") if (text := call.form.get(name, "").strip())}
    given = {**_standing(call), **said}
    try:
        wanted = MemberRequest.model_validate(given)
        made, token = inviting.invite(call.ports, inviter(call), wanted)
    except ValidationError as error:
        return _page(call, errors=rejected(error, "form").errors, status=400, given=given)
    except Rejected as error:
        return _page(call, errors=error.errors, status=400, given=given)
    except Conflict as error:
        return _page(call, errors=(error.error,), status=409, given=given)
    return replace(_page(call, link=invited(call, made, token, wanted.to)), shown_once=True)


def change(call: Call) -> Answer[str]:
    """Another role, or other workspaces."""
    inviting.change(call.ports, inviter(call), call.path["id"], _checked(MemberChange, _standing(call)))
    return see("/members")


def revoke(call: Call) -> Answer[str]:
    """Let them in no more."""
    inviting.revoke(call.ports, inviter(call), call.path["id"])
    return see("/members")


def renew(call: Call) -> Answer[str]:
    """A new link, shown once."""
    made, token = inviting.renew(call.ports, inviter(call), call.path["id"], LinkRequest())
    return replace(_page(call, link=invited(call, made, token, None)), shown_once=True)


def _standing(call: Call) -> dict[str, Any]:
    form = call.form
    here = [name.removeprefix(_IN) for name in form if name.startswith(_IN)]
    everywhere = _EVERYWHERE in form or form.get("role") == "owner"
    return {"role": form.get("role", ""), "everywhere": everywhere, "workspaces": [] if everywhere else here}


def _checked(model: type[Noun], given: Mapping[str, Any]) -> Noun:
    try:
        return model.model_validate(given)
    except ValidationError as error:
        raise rejected(error, "form") from None


def _page(
    call: Call,
    query: Paging | None = None,
    errors: tuple[FieldError, ...] = (),
    status: int = 200,
    given: Mapping[str, Any] | None = None,
    link: Invited | None = None,
) -> Answer[str]:
    query = query or Paging()
    try:
        found, cursor = inviting.listing(call.ports, inviter(call), query.limit, query.cursor)
    except ValueError as error:
        raise Rejected(FieldError("cursor", str(error))) from None
    theirs = [each for each in workspaces_seen(call) if "inviter" in _may(call, each) and not each.archived_at]
    everywhere = covers(call.grants, "viewer", None)
    roles = [each for each in ROLE_NAMES if _gives(call, each, theirs)]
    made = html(
        call,
        "members",
        here="workspaces",
        people=[_row(call, each) for each in found],
        cursor=cursor,
        places=theirs,
        everywhere=everywhere,
        roles=roles,
        may=MAY,
        states=STATES,
        errors=errors,
        given=given or {"workspaces": [call.scope.workspace]},
        link=link,
        simulated=not call.ports.relays,
    )
    return replace(made, status=status)


def _row(call: Call, member: Member) -> dict[str, Any]:
    """`steered`: whoever looks may change them."""
    where = None if member.everywhere else member.workspaces
    mine = call.principal == f"{BY_MEMBER}{member.id}"
    steered = not mine and covers(call.grants, member.role, where)
    return {"member": member, "where": places(call, call.scope.tenant, member), "steered": steered, "mine": mine}


def _gives(call: Call, role: str, theirs: list[Workspace]) -> bool:
    return covers(call.grants, role, None if role == "owner" else [each.id for each in theirs][:1])


def _may(call: Call, workspace: Workspace) -> frozenset[str]:
    return frozenset(replace(call, scope=call.scope._replace(workspace=workspace.id)).permissions)
