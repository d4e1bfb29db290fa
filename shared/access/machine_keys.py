"""Keys for other systems: shown once, kept as a digest, bound to a tenant, workspaces and scopes, and ending by
themselves.

A key is `baton_<tenant>_<id>_<secret><check>`: a prefix by which scanners of secrets find it, and a CRC-32 of what is
before it, by which what is none is known without a look into the store."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import zlib
from collections.abc import Collection
from contextlib import suppress
from datetime import datetime, timedelta

import uuid_utils

from shared.access.problem import unauthorized
from shared.domain.faults import Missing, Unavailable
from shared.domain.machine_key import MachineKey, MachineKeyRequest, NewMachineKey
from shared.domain.names import Kind
from shared.domain.scope import SHARED_WORKSPACE, Scope
from shared.ports import Body, Document, Documents, Order, Ports, Stale

PREFIX = "baton_"
BY_KEY = "key:"
"""What the names of such principals begin with."""
FORM = re.compile(r"baton_(?P<tenant>[a-z0-9-]{1,24})_(?P<id>[0-9a-f]{32})_[0-9a-f]{48}(?P<check>[0-9a-f]{8})")
STREAM = "access"
"""The journal's stream, in the agency's scope, of who was let in."""
_SECRET_BYTES = 24


def create(ports: Ports, tenant: str, by: str, wanted: MachineKeyRequest) -> NewMachineKey:
    """Make a key; what is returned is the only place that holds it."""
    now, id = ports.clock.now(), uuid_utils.uuid7().hex
    text = f"{PREFIX}{tenant}_{id}_{secrets.token_hex(_SECRET_BYTES)}"
    text += _check(text)
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
    ports.documents.put(agency, Kind.KEY, id, {**kept.model_dump(mode="json"), "digest": _digest(text)})
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
    form = FORM.fullmatch(text)
    found = None
    if form and form["tenant"] in tenants and form["check"] == _check(text[: -len(form["check"])]):
        found = documents.get(Scope(form["tenant"], SHARED_WORKSPACE), Kind.KEY, form["id"])
    if found is None or not hmac.compare_digest(found.body["digest"], _digest(text)):
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


def _digest(text: str) -> str:
    # No slow hash: what is guessed at has 192 random bits.
    return hashlib.sha256(text.encode()).hexdigest()


def _check(text: str) -> str:
    return f"{zlib.crc32(text.encode()):08x}"
