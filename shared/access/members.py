"""People who were let in by a link: a token of their own, kept as a digest, and sessions that end with it.

A member is one document of the agency, and an open invitation is a member who has not come yet. So accepting is one
conditional write: of two who follow a link at once, one is let in. A link opens as long as the member who made it could
still make it: who was let out lets nobody in. A person is looked up at each request, so what is taken away is gone at
the next."""

from __future__ import annotations

import hmac
from collections.abc import Collection
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from shared.access import bearer_text
from shared.access.problem import Refusal, unauthorized
from shared.access.roles import covers, grants_in
from shared.access.session import session_of
from shared.domain.actor_names import folded
from shared.domain.faults import Conflict, Missing, Unavailable
from shared.domain.links import Link
from shared.domain.member import Member
from shared.domain.names import Kind
from shared.domain.scope import SHARED_WORKSPACE, Scope
from shared.ports import Body, Document, Documents, Ports, Stale, Write

PREFIX = "batonm_"
FORM = bearer_text.form("batonm")
BY_MEMBER = "member:"
"""What the names of such principals begin with."""
STREAM = "access"
"""The journal's stream, in the agency's scope, of who was let in."""
LIFE = timedelta(days=14)
"""Of a session in a browser: it may be long, for the member is looked up at each request."""


class Known(NamedTuple):
    """A member, and whose they are."""

    tenant: str
    member: Member


class LetIn(NamedTuple):
    """What somebody is given, once: their token, and a session for the browser that they sit before."""

    member: Member
    token: str
    session: str


def of_token(documents: Documents, text: str, tenants: Collection[str], now: datetime) -> Known:
    """Whose token it is. Raises Refusal (401)."""
    said = bearer_text.read(FORM, text, tenants)
    found = _of(documents, said.tenant, said.id) if said else None
    kept = found.body["digest"] if found else None
    if said is None or found is None or not hmac.compare_digest(kept or "", bearer_text.digest(text)):
        raise unauthorized("does not hold a member's token that is known here")
    return _admitted(documents, said.tenant, found, now)


def of_session(documents: Documents, principal: str, tenants: Collection[str], now: datetime) -> Known:
    """Whose session it is: `member:<tenant>:<id>:<link>:<round>`, as it was signed. Raises Refusal (401)."""
    tenant, id, link, turn = (*principal.removeprefix(BY_MEMBER).split(":"), "", "", "")[:4]
    found = _of(documents, tenant, id) if principal.startswith(BY_MEMBER) and tenant in tenants else None
    if found is None or _round(found) != f"{link}:{turn or 0}" or not found.body["accepted_at"]:
        raise unauthorized("the session was ended; sign in again", "Cookie")
    return _admitted(documents, tenant, found, now)


def opened(ports: Ports, link: Link) -> Member | None:
    """Whom a verified link lets in; None if it has ended, was used or taken back, there is a newer one, or whoever made
    it might not any more."""
    found = _opened(ports, link)
    return read(found[0]) if found else None


def accept(ports: Ports, link: Link, name: str) -> LetIn:
    """Use the link up: a token and a session, given this once. Raises Refusal (410) if it opens no more, Conflict if
    somebody else of the agency is called so: what each did is shown under their name."""
    tenant, id, now = link.scope.tenant, link.person, ports.clock.now()
    token = bearer_text.new("batonm", tenant, id)
    came = {"name": name, "accepted_at": now.isoformat(), "open": False, "digest": bearer_text.digest(token)}
    while True:
        found = _opened(ports, link)
        if found is None:
            raise _ended()
        if folded(name) in _names(ports.documents, link.scope, but=id):
            raise Conflict("name", "somebody else here is called so; add what tells you apart")
        first, *makers = [Write(each.id, each.body, each.rev) for each in found]
        body: Body = {**without_address(first.body or {}), **came}
        try:
            made, *_ = ports.documents.batch(link.scope, Kind.MEMBER, [replace(first, body=body), *makers])
        except Stale:  # somebody else used it in this moment, it was taken back, or so was its maker: look again
            continue
        assert made is not None, "it was not deleted"
        ports.journal.append(link.scope, STREAM, now, f"{BY_MEMBER}{id}", "member_accepted", {"member": id})
        return LetIn(read(made), token, session(ports, tenant, id))


def session(ports: Ports, tenant: str, id: str) -> str:
    """A session for a browser, as its cookie's value. Raises Missing."""
    found = _of(ports.documents, tenant, id)
    if found is None:
        raise Missing("member", id)
    return session_of(f"{BY_MEMBER}{tenant}:{id}:{_round(found)}", "", ports.clock.now(), ports.keys.field, LIFE)


def end_sessions(ports: Ports, tenant: str, id: str) -> None:
    """No cookie that they were given until now is a session any more, in no browser; their token stays."""
    agency = Scope(tenant, SHARED_WORKSPACE)
    while found := ports.documents.get(agency, Kind.MEMBER, id):
        body: Body = {**found.body, "signed_out": found.body.get("signed_out", 0) + 1}
        with suppress(Stale):
            ports.documents.put(agency, Kind.MEMBER, id, body, found.rev)
            ports.journal.append(
                agency, STREAM, ports.clock.now(), f"{BY_MEMBER}{id}", "member_signed_out", {"member": id}
            )
            return


def read(found: Document) -> Member:
    """What is shown of a member: nothing of what lets them in."""
    return Member.model_validate({name: value for name, value in found.body.items() if name in Member.model_fields})


def without_address(body: Body) -> Body:
    """What an invitation was mailed to is for nothing any more."""
    return {name: value for name, value in body.items() if name != "to"}


def name_of(documents: Documents, tenant: str, id: str) -> str | None:
    """What a member is called."""
    found = _of(documents, tenant, id)
    return read(found).name if found else None


def _round(found: Document) -> str:
    """By which of their links a session is, and how often they had signed out before it."""
    return f"{found.body['link']}:{found.body.get('signed_out', 0)}"


def actor_of(documents: Documents, tenant: str, id: str) -> str | None:
    """A member as whoever did something: `Zoe (client)`."""
    found = _of(documents, tenant, id)
    return f"{read(found).name} ({read(found).role})" if found else None


def _names(documents: Documents, scope: Scope, but: str) -> set[str]:
    """What all are called who ever came in, also those who were let out since: journals know them."""
    names, cursor = set(), None
    while True:
        page = documents.find(scope, Kind.MEMBER, cursor=cursor)
        came = (each for each in map(read, page.documents) if each.accepted_at or each.link > 1)
        names |= {folded(each.name) for each in came if each.id != but}
        cursor = page.cursor
        if cursor is None:
            return names


def _admitted(documents: Documents, tenant: str, found: Document, now: datetime) -> Known:
    member = read(found)
    if member.revoked_at is not None:
        raise unauthorized("this access was taken back")
    _note_seen(documents, tenant, found, now)
    return Known(tenant, member)


def _note_seen(documents: Documents, tenant: str, found: Document, now: datetime) -> None:
    hour = now.replace(minute=0, second=0, microsecond=0).isoformat()
    if found.body["seen_at"] != hour:
        with suppress(Stale, Unavailable):  # somebody else notes it, or nothing can be written: reading still can
            body: dict[str, Any] = {**found.body, "seen_at": hour}
            documents.put(Scope(tenant, SHARED_WORKSPACE), Kind.MEMBER, found.id, body, found.rev)


def _opened(ports: Ports, link: Link) -> list[Document] | None:
    """Whom it lets in and, if a member made it, the maker: they may let in as much now, too."""
    if link.scope.tenant not in ports.tenants or link.scope.workspace != SHARED_WORKSPACE:
        return None
    found = _of(ports.documents, link.scope.tenant, link.person)
    if found is None:
        return None
    member, now = read(found), ports.clock.now()
    waits = member.state_at(now) == "invited" and member.link == link.shard
    if not waits or now.timestamp() >= link.target:
        return None
    if not member.invited_by.startswith(BY_MEMBER):
        return [found]
    maker = _of(ports.documents, link.scope.tenant, member.invited_by.removeprefix(BY_MEMBER))
    return [found, maker] if maker and _may_let_in(read(maker), member) else None


def _may_let_in(maker: Member, member: Member) -> bool:
    grants = grants_in(maker.role, None if maker.everywhere else maker.workspaces)
    is_in = maker.accepted_at is not None and maker.revoked_at is None
    return is_in and covers(grants, member.role, None if member.everywhere else member.workspaces)


def _ended() -> Refusal:
    reason = "this link was used, has ended or was taken back; ask whoever sent it for a new one"
    return Refusal(410, "gone", "token", reason)


def _of(documents: Documents, tenant: str, id: str) -> Document | None:
    return documents.get(Scope(tenant, SHARED_WORKSPACE), Kind.MEMBER, id)
