"""Keys for other systems: shown once, kept as a digest, bound to a tenant, workspaces and scopes, and ending by
themselves. A key is `baton_<tenant>_<id>_<secret><check>` (`bearer_text`)."""

from __future__ import annotations

import hmac
from collections.abc import Collection
from contextlib import suppress
from datetime import datetime, timedelta

import uuid_utils

from shared.access import bearer_text
from shared.access.problem import unauthorized
from shared.domain.faults import Missing, Unavailable
from shared.domain.machine_key import MachineKey, MachineKeyRequest, NewMachineKey
from shared.domain.names import Kind
from shared.domain.scope import SHARED_WORKSPACE, Scope
from shared.ports import Body, Document, Documents, Order, Ports, Stale

PREFIX = "baton_"
BY_KEY = "key:"
"""What the names of such principals begin with."""
FORM = bearer_text.form("baton")
STREAM = "access"
"""The journal's stream, in the agency's scope, of who was let in."""


def create(ports: Ports, tenant: str, by: str, wanted: MachineKeyRequest) -> NewMachineKey:
    """Make a key; what is returned is the only place that holds it."""
    now, id = ports.clock.now(), uuid_utils.uuid7().hex
    text = bearer_text.new("baton", tenant, id)
    kept = MachineKey(
        id=id,
        tenant=tenant,
        created_at=now,
        created_by=by,
        expires_at=now + timedelta(days=wanted.days),
        name=wanted.name,
        scopes=sorted(set(wanted.scopes)),
        workspaces=sorted(set(wanted.workspaces)),
    )
    agency = Scope(tenant, SHARED_WORKSPACE)
    ports.documents.put(agency, Kind.KEY, id, {**kept.model_dump(mode="json"), "digest": bearer_text.digest(text)})
    said = {"key": id, "scopes": list(kept.scopes), "workspaces": kept.workspaces}
    ports.journal.append(agency, STREAM, now, by, "key_made", said)
    return NewMachineKey(**kept.model_dump(), key=text)


def listing(ports: Ports, tenant: str, limit: int, cursor: str | None) -> tuple[list[MachineKey], str | None]:
    """Keys, the newest first, those that are over or revoked among them. Raises ValueError for a foreign cursor."""
    order = Order("id", descending=True)
    page = ports.documents.find(Scope(tenant, SHARED_WORKSPACE), Kind.KEY, order=order, limit=limit, cursor=cursor)
    return [_shown(each) for each in page.documents], page.cursor


def revoke(ports: Ports, tenant: str, by: str, id: str) -> MachineKey:
    """From now on the key is refused; a second time changes nothing. Raises Missing."""
    agency, now = Scope(tenant, SHARED_WORKSPACE), ports.clock.now()
    while True:
        found = ports.documents.get(agency, Kind.KEY, id)
        if found is None:
            raise Missing("key", id)
        if found.body["revoked_at"]:
            return _shown(found)
        with suppress(Stale):
            body: Body = {**found.body, "revoked_at": now.isoformat()}
            made = ports.documents.put(agency, Kind.KEY, id, body, found.rev)
            ports.journal.append(agency, STREAM, now, by, "key_revoked", {"key": id})
            return _shown(made)


def used(documents: Documents, text: str, tenants: Collection[str], now: datetime) -> MachineKey:
    """The key that a caller brought, of an agency that is served here: with its directory its keys go. Raises Refusal
    (401)."""
    said = bearer_text.read(FORM, text, tenants)
    found = documents.get(Scope(said.tenant, SHARED_WORKSPACE), Kind.KEY, said.id) if said else None
    if found is None or not hmac.compare_digest(found.body["digest"], bearer_text.digest(text)):
        raise unauthorized("does not hold a key that is known here")
    key = _shown(found)
    if key.revoked_at is not None:
        raise unauthorized("this key was revoked")
    if now >= key.expires_at:
        raise unauthorized("this key is over")
    _note_use(documents, found, now)
    return key


def _note_use(documents: Documents, found: Document, now: datetime) -> None:
    today = now.date().isoformat()
    if found.body["last_used_on"] != today:
        agency = Scope(found.body["tenant"], SHARED_WORKSPACE)
        with suppress(Stale, Unavailable):  # somebody else notes it, or nothing can be written: reading still can
            documents.put(agency, Kind.KEY, found.id, {**found.body, "last_used_on": today}, found.rev)


def _shown(found: Document) -> MachineKey:
    return MachineKey.model_validate({name: value for name, value in found.body.items() if name != "digest"})
