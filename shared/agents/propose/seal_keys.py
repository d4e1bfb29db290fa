"""The key that seals a workspace's contracts: made when it is first needed, encrypted at rest, never shown."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from datetime import datetime

from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.ports import Ports, Stale
from shared.render.pades import SealKey, make_seal_key


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


def _made(name: str, now: datetime) -> dict[str, str]:
    made = make_seal_key(name, now.replace(microsecond=0))
    return {"key": made.key, "certificate": made.certificate, "made_at": now.isoformat()}
