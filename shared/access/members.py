"""People who were let in by a link: a token of their own, kept as a digest, and sessions that end with it.

A member is one document of the agency, and an open invitation is a member who has not come yet. So accepting is one
conditional write: of two who follow a link at once, one is let in. Each link has a number; with a new link, what an
earlier one gave lets in no more. A person is looked up at each request, so what is taken away is gone at the next."""

from __future__ import annotations

import hmac
from collections.abc import Collection
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from shared.access import bearer_text
from shared.access.problem import Refusal, unauthorized
from shared.access.session import session_of
from shared.domain.faults import Unavailable
from shared.domain.links import Link
from shared.domain.member import Member
from shared.domain.names import Kind
from shared.domain.scope import SHARED_WORKSPACE, Scope
from shared.ports import Document, Documents, Ports, Stale

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
    """Whose session it is: `member:<tenant>:<id>:<link>`, as it was signed. Raises Refusal (401)."""
    tenant, id, link = (*principal.removeprefix(BY_MEMBER).split(":"), "", "")[:3]
    found = _of(documents, tenant, id) if principal.startswith(BY_MEMBER) and tenant in tenants else None
    if found is None or str(found.body["link"]) != link or not found.body["accepted_at"]:
        raise unauthorized("the session was ended; sign in again", "Cookie")
    return _admitted(documents, tenant, found, now)


def opened(ports: Ports, link: Link) -> Member | None:
    """Whom a verified link lets in; None if it has ended, was used or taken back, or there is a newer one."""
    found = _opened(ports, link)
    return read(found) if found else None


def accept(ports: Ports, link: Link, name: str) -> LetIn:
    """Use the link up: a token and a session, given this once. Raises Refusal (410) if it opens no more."""
    found, now = _opened(ports, link), ports.clock.now()
    if found is None:
        raise _ended()
    tenant, id = link.scope.tenant, found.id
    token = bearer_text.new("batonm", tenant, id)
    body = {**found.body, "name": name, "accepted_at": now.isoformat(), "open": False}
    try:
        made = ports.documents.put(
            link.scope, Kind.MEMBER, id, {**body, "digest": bearer_text.digest(token)}, found.rev
        )
    except Stale:  # somebody else has used it in this moment, or it was taken back
        raise _ended() from None
    ports.journal.append(link.scope, STREAM, now, f"{BY_MEMBER}{id}", "member_accepted", {"member": id})
    return LetIn(read(made), token, session(ports, tenant, read(made)))


def session(ports: Ports, tenant: str, member: Member) -> str:
    """A session for a browser, as its cookie's value."""
    principal = f"{BY_MEMBER}{tenant}:{member.id}:{member.link}"
    return session_of(principal, "", ports.clock.now(), ports.keys.field, LIFE)


def read(found: Document) -> Member:
    """What is shown of a member: nothing of what lets them in."""
    return Member.model_validate({name: value for name, value in found.body.items() if name in Member.model_fields})


def name_of(documents: Documents, tenant: str, id: str) -> str | None:
    """What a member is called."""
    found = _of(documents, tenant, id)
    return read(found).name if found else None


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


def _opened(ports: Ports, link: Link) -> Document | None:
    if link.scope.tenant not in ports.tenants or link.scope.workspace != SHARED_WORKSPACE:
        return None
    found = _of(ports.documents, link.scope.tenant, link.person)
    if found is None:
        return None
    member, now = read(found), ports.clock.now()
    waits = member.state_at(now) == "invited" and member.link == link.shard
    return found if waits and now.timestamp() < link.target else None


def _ended() -> Refusal:
    reason = "this link was used, has ended or was taken back; ask whoever sent it for a new one"
    return Refusal(410, "gone", "token", reason)


def _of(documents: Documents, tenant: str, id: str) -> Document | None:
    return documents.get(Scope(tenant, SHARED_WORKSPACE), Kind.MEMBER, id)
