"""Who lets whom in: nobody as more than they are themselves, or into a workspace that is not theirs; nobody changes or
takes away their own access, so an agency never loses its last owner.

Whoever does it is looked at in the same write: of two owners who take away each other's access at once, one stays."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import Any, NamedTuple

import uuid_utils

from shared.access import members
from shared.access.members import BY_MEMBER, STREAM
from shared.access.problem import Refusal, unauthorized
from shared.access.roles import Grant, covers, grants_in, permitted
from shared.domain.faults import Conflict, FieldError, Missing, Rejected
from shared.domain.links import Link, sign
from shared.domain.member import LinkRequest, Member, MemberChange, MemberRequest, Standing
from shared.domain.names import Kind
from shared.domain.scope import DEFAULT_WORKSPACE, SHARED_WORKSPACE, Scope
from shared.domain.segment import Filter
from shared.ports import Body, Document, Order, Ports, Stale, Write

MOST_OPEN = 100
"""Invitations that wait, in one agency: whoever writes a loop stops here."""


class Inviter(NamedTuple):
    """Who asks, of which agency, and what they may where."""

    name: str
    tenant: str
    grants: Sequence[Grant]

    @property
    def scope(self) -> Scope:
        return Scope(self.tenant, SHARED_WORKSPACE)


def invite(ports: Ports, by: Inviter, wanted: MemberRequest) -> tuple[Member, str]:
    """Somebody who may come, and the token of the link that lets them in. Raises Refusal (403), Rejected for a
    workspace that is not there, Conflict where too many invitations wait."""
    _check_covers(by, wanted)
    _check_there(ports, by, wanted)
    _check_room(ports, by)
    id = uuid_utils.uuid7().hex
    made = ports.documents.put(by.scope, Kind.MEMBER, id, _invited(ports, by, id, wanted.name, wanted, wanted.days))
    _note(ports, by, "member_invited", id, _standing(wanted))
    return members.read(made), _token(ports, by.tenant, members.read(made))


def renew(ports: Ports, by: Inviter, id: str, wanted: LinkRequest) -> tuple[Member, str]:
    """A new link for somebody who is known, also for who was let out; what they had lets them in no more. Who was here
    before comes as a new member: whoever follows the link is never taken for the one who did what was done. Raises as
    `change`, and Conflict as `invite`."""
    _check_room(ports, by)
    new = uuid_utils.uuid7().hex

    def again(found: Document) -> list[Write]:
        body, came = found.body, bool(found.body["accepted_at"] or found.body["seen_at"])
        fresh = _invited(ports, by, new if came else id, body["name"], _of(members.read(found)), wanted.days)
        if came:
            return [Write(new, fresh), Write(id, _let_out(ports, body), found.rev)]
        return [Write(id, {**fresh, "link": body["link"] + 1}, found.rev)]

    made = _changed(ports, by, id, again)
    _note(ports, by, "member_renewed", id, {"link": made.link, "becomes": made.id})
    return made, _token(ports, by.tenant, made)


def change(ports: Ports, by: Inviter, id: str, wanted: MemberChange) -> Member:
    """Another role, or other workspaces, from the next request on. Raises Missing for who is not seen; Refusal (403)
    unless the asker may let in both what they are and what they become; Conflict about oneself."""
    _check_there(ports, by, wanted)

    def become(found: Document) -> list[Write]:
        return [Write(id, {**found.body, **_standing(wanted)}, found.rev)]

    made = _changed(ports, by, id, become, wanted)
    _note(ports, by, "member_changed", id, _standing(wanted))
    return made


def revoke(ports: Ports, by: Inviter, id: str) -> Member:
    """From the next request on they are let in no more, and no link of theirs opens. Repeatable. Raises as `change`."""
    made = _changed(ports, by, id, lambda found: [Write(id, _let_out(ports, found.body), found.rev)])
    _note(ports, by, "member_revoked", id, {})
    return made


def listing(ports: Ports, by: Inviter, limit: int, cursor: str | None) -> tuple[list[Member], str | None]:
    """Those whom the asker sees, the newest first: a page may have fewer. Raises ValueError for a foreign cursor."""
    order, now = Order("id", descending=True), ports.clock.now()
    page = ports.documents.find(by.scope, Kind.MEMBER, order=order, limit=limit, cursor=cursor)
    return [shown(by, each, now) for each in map(members.read, page.documents) if _sees(by, each)], page.cursor


def shown(by: Inviter, member: Member, now: Any) -> Member:
    """As the asker may see them: without the names of workspaces that are not theirs."""
    places = [each for each in member.workspaces if permitted(by.grants, each)]
    return member.model_copy(update={"workspaces": places, "state": member.state_at(now)})


def _invited(ports: Ports, by: Inviter, id: str, name: str, standing: Standing, days: int) -> Body:
    """Somebody whose link waits. An address to which it is mailed is not kept here."""
    now = ports.clock.now().replace(microsecond=0)
    made: Body = {"id": id, "name": name, **_standing(standing), "invited_by": by.name, "invited_at": now.isoformat()}
    made |= {"link": 1, "link_ends_at": (now + timedelta(days=days)).isoformat(), "digest": None, "open": True}
    return made | {"accepted_at": None, "seen_at": None, "revoked_at": None}


def _let_out(ports: Ports, body: Body) -> Body:
    """From now on, or since they were."""
    ended: Body = {"revoked_at": body["revoked_at"] or ports.clock.now().isoformat(), "open": False, "digest": None}
    return {**members.without_address(body), **ended}


def _check_room(ports: Ports, by: Inviter) -> None:
    waiting = [Filter("open", "eq", True), Filter("link_ends_at", "gt", ports.clock.now().isoformat())]
    if len(ports.documents.find(by.scope, Kind.MEMBER, waiting, limit=MOST_OPEN).documents) >= MOST_OPEN:
        raise Conflict("member", f"{MOST_OPEN} invitations wait already; take some back, or wait until they end")


def _changed(
    ports: Ports, by: Inviter, id: str, writes: Callable[[Document], list[Write]], wanted: Standing | None = None
) -> Member:
    """The first that is written."""
    if by.name == f"{BY_MEMBER}{id}":
        raise Conflict("member", "nobody changes or takes away their own access; another owner or manager does")
    while True:
        found = ports.documents.get(by.scope, Kind.MEMBER, id)
        if found is None or not _sees(by, members.read(found)):
            raise Missing("member", id)
        asker = list(_asker(ports, by))
        now_by = by._replace(grants=asker[0][1]) if asker else by
        for each in filter(None, (_of(members.read(found)), wanted)):
            _check_covers(now_by, each)
        looked_at = [Write(each.id, each.body, each.rev) for each, _ in asker]
        try:
            made, *_ = ports.documents.batch(by.scope, Kind.MEMBER, [*writes(found), *looked_at])
        except Stale:
            continue
        assert made is not None, "it was not deleted"
        return shown(by, members.read(made), ports.clock.now())


def _asker(ports: Ports, by: Inviter) -> Iterator[tuple[Document, tuple[Grant, ...]]]:
    """The document of a member who asks, and what they may by it; nothing for others, who are known elsewhere."""
    if by.name.startswith(BY_MEMBER):
        found = ports.documents.get(by.scope, Kind.MEMBER, by.name.removeprefix(BY_MEMBER))
        if found is None or found.body["revoked_at"]:
            raise unauthorized("this access was taken back")
        own = members.read(found)
        yield found, grants_in(own.role, None if own.everywhere else own.workspaces)


def _sees(by: Inviter, member: Member) -> bool:
    if member.everywhere:
        return True
    return any("inviter" in permitted(by.grants, each) for each in member.workspaces)


def _check_covers(by: Inviter, standing: Standing) -> None:
    if not covers(by.grants, standing.role, None if standing.everywhere else standing.workspaces):
        where = "everywhere" if standing.everywhere else f"in {', '.join(standing.workspaces)}"
        reason = f"{by.name} may not let anybody in as {standing.role} {where}: nobody gives more than they have"
        raise Refusal(403, "forbidden", "role", reason)


def _check_there(ports: Ports, by: Inviter, standing: Standing) -> None:
    named = (each for each in standing.workspaces if each != DEFAULT_WORKSPACE)  # in which a home begins
    wrong = [each for each in named if ports.documents.get(by.scope, Kind.SCOPE, each) is None]
    if wrong:
        raise Rejected(*(FieldError("workspaces", f"there is no workspace {each!r}") for each in wrong))


def _of(member: Member) -> Standing:
    return Standing(role=member.role, everywhere=member.everywhere, workspaces=member.workspaces)


def _standing(wanted: Standing) -> dict[str, Any]:
    return {"role": wanted.role, "everywhere": wanted.everywhere, "workspaces": wanted.workspaces}


def _token(ports: Ports, tenant: str, member: Member) -> str:
    ends = int(member.link_ends_at.timestamp())
    return sign(Link("i", Scope(tenant, SHARED_WORKSPACE), "", member.link, member.id, ends), ports.keys.link)


def _note(ports: Ports, by: Inviter, what: str, id: str, data: dict[str, Any]) -> None:
    ports.journal.append(by.scope, STREAM, ports.clock.now(), by.name, what, {"member": id, **data})
