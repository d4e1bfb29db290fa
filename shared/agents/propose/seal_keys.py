"""The key that seals a workspace's contracts: made when it is first needed, encrypted at rest, never shown."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from datetime import datetime

from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.domain.seal_certificate import SealCertificate
from shared.ports import Ports, Stale
from shared.render.pades import SealKey, fingerprint, holder, make_seal_key

_MOST = 100


def seal_key(ports: Ports, scope: Scope, name: str) -> SealKey:
    """The key of whoever has this name here; a house that changes its name gets another. Of two who make it at once,
    one is kept."""
    id, now = hashlib.sha256(name.encode()).hexdigest()[:32], ports.clock.now()
    if ports.documents.get(scope, Kind.SEAL_KEY, id) is None:
        with suppress(Stale):
            ports.documents.put(scope, Kind.SEAL_KEY, id, _made(name, now))
    found = ports.documents.get(scope, Kind.SEAL_KEY, id)
    assert found is not None, "it was just made"
    return SealKey(found.body["key"], found.body["certificate"])


def certificates(ports: Ports, scope: Scope) -> list[SealCertificate]:
    """What this workspace seals with, the newest first: one for each name that the house has had."""
    page = ports.documents.find(scope, Kind.SEAL_KEY, limit=_MOST)
    found = [_shown(each.body["certificate"], each.body["made_at"]) for each in page.documents]
    return sorted(found, key=lambda each: each.made_at, reverse=True)


def _shown(certificate: str, made_at: str) -> SealCertificate:
    at = datetime.fromisoformat(made_at)
    return SealCertificate(
        name=holder(certificate), sha256=fingerprint(certificate), made_at=at, certificate=certificate
    )


def _made(name: str, now: datetime) -> dict[str, str]:
    made = make_seal_key(name, now.replace(microsecond=0))
    return {"key": made.key, "certificate": made.certificate, "made_at": now.isoformat()}
