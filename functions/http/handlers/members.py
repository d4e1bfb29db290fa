"""People who are let in, over HTTP: invited, listed, changed, let out; and who asks."""

from __future__ import annotations

from urllib.parse import urlsplit

from pydantic import BaseModel

from shared.access import inviting, members
from shared.access.call import Answer, Call, Listing, Paging
from shared.access.inviting import Inviter
from shared.agents import house, workspaces
from shared.agents.distribute.alone import Letter, send_alone
from shared.domain.faults import Conflict, FieldError, Rejected
from shared.domain.member import Invited, LinkRequest, Member, MemberChange, MemberRequest
from shared.domain.scope import Scope
from shared.render.invite_notice import invite_notice


class Me(BaseModel):
    """Who asks: `name` as a person is called, if it is known; what may be done in this workspace."""

    principal: str
    name: str | None
    workspace: str
    permissions: list[str]


def me(call: Call) -> Answer[Me]:
    """Who you are here, and what you may do in this workspace."""
    may = [*map(str, sorted(call.permissions))]
    return Answer(Me(principal=call.principal, name=name_of(call), workspace=call.scope.workspace, permissions=may))


def listing(call: Call, query: Paging) -> Answer[Listing[Member]]:
    """Those whom you may see, the newest first: role, workspaces, when they were last here, what their link does."""
    try:
        items, cursor = inviting.listing(call.ports, inviter(call), query.limit, query.cursor)
    except ValueError as error:
        raise Rejected(FieldError("cursor", str(error))) from None
    return Answer(Listing(items=items, cursor=cursor))


def invite(call: Call, body: MemberRequest) -> Answer[Invited]:
    """Let somebody in by a link that works once; it is shown this once, and mailed if an address is given.

    Nobody is let in as more than you are, or where you are not."""
    made, token = inviting.invite(call.ports, inviter(call), body)
    return Answer(invited(call, made, token, body.to), status=201, shown_once=True)


def change(call: Call, body: MemberChange) -> Answer[Member]:
    """Another role, or other workspaces, from their next request on."""
    return Answer(inviting.change(call.ports, inviter(call), call.path["id"], body))


def revoke(call: Call) -> Answer[Member]:
    """Let them in no more, from their next request on."""
    return Answer(inviting.revoke(call.ports, inviter(call), call.path["id"]))


def renew(call: Call, body: LinkRequest) -> Answer[Invited]:
    """A new link; what they have now lets them in no more."""
    made, token = inviting.renew(call.ports, inviter(call), call.path["id"], body)
    return Answer(invited(call, made, token, body.to), status=201, shown_once=True)


def inviter(call: Call) -> Inviter:
    """Who asks."""
    return Inviter(call.principal, call.scope.tenant, call.grants)


def invited(call: Call, member: Member, token: str, to: str | None) -> Invited:
    """The link, and what became of the mail with it."""
    at = urlsplit(call.url)
    base = call.ports.public_url if call.ports.public_url.startswith("https://") else f"{at.scheme}://{at.netloc}"
    url = f"{base}/api/i/{token}"
    shown = inviting.shown(inviter(call), member, call.ports.clock.now())
    return Invited(member=shown, url=url, mail=_mailed(call, member, url, to) if to else None)


def places(call: Call, tenant: str, member: Member) -> str:
    """Where somebody is let in, as one reads it."""
    if member.everywhere:
        return "every workspace"
    return ", ".join(workspaces.get(call.ports, Scope(tenant, each)).name for each in member.workspaces)


def name_of(call: Call) -> str | None:
    """What the caller is called; None of whom no name is kept."""
    if not call.principal.startswith(members.BY_MEMBER):
        return None
    id = call.principal.removeprefix(members.BY_MEMBER)
    return members.name_of(call.ports.documents, call.scope.tenant, id)


def _mailed(call: Call, member: Member, url: str, to: str) -> str:
    """The invitation stands whether its mail leaves or not: then the link is handed over otherwise."""
    sender = house.read(call.ports, call.scope).sender
    if sender is None:
        return "not sent: say first who writes here"
    where = places(call, call.scope.tenant, member)
    rendered = invite_notice(member.name, sender.name, where, url, member.link_ends_at)
    letter = Letter(f"member-{member.id}", str(member.link), "invitation", sender, to, rendered)
    try:
        return send_alone(call.ports, call.scope, letter).state
    except Conflict as why:
        return f"not sent: {why.error.reason}"
