"""Secrets that plans speak of by name (`${{ secrets.name }}`): encrypted at rest, never shown again, put in when a step
runs. One is always there: `workspace`, a key of 32 bytes in hexadecimal that belongs to the workspace for good."""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

from shared.agents.scopes import register
from shared.domain.faults import Conflict, FieldError, Missing, Rejected
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.ports import Ports

OWN = "workspace"
MOST = 100
STREAM = "secrets"


class SecretValue(BaseModel):
    """The body of PUT /api/v1/secrets/{name}."""

    model_config = ConfigDict(extra="forbid")

    value: Annotated[str, StringConstraints(min_length=1, max_length=10_000)]


class Secret(BaseModel):
    """What is shown of one: never its value."""

    name: str
    changed_at: datetime | None = None
    """None: it was always there."""
    changed_by: str | None = None


def every(ports: Ports, scope: Scope) -> list[Secret]:
    """All of them, by name."""
    found = ports.documents.find(scope, Kind.SECRET, limit=MOST).documents
    kept = [Secret(name=each.id, **{n: each.body[n] for n in ("changed_at", "changed_by")}) for each in found]
    return sorted([Secret(name=OWN), *kept], key=lambda each: each.name)


def put(ports: Ports, scope: Scope, by: str, name: str, value: str) -> Secret:
    """Keep it, in the place of what was there. Raises Rejected, or Conflict if there are enough."""
    if name == OWN:
        raise Rejected(FieldError("name", f"{OWN!r} is made by Baton and stays as it is"))
    known = {each.name for each in every(ports, scope)}
    if name not in known and len(known) > MOST:
        raise Conflict("secrets", f"there are {MOST} already; remove one first")
    now = ports.clock.now()
    register(ports, scope)
    body = {"value": value, "changed_at": now.isoformat(), "changed_by": by}
    ports.documents.put(scope, Kind.SECRET, name, body, "*")
    ports.journal.append(scope, STREAM, now, by, "secret_put", {"name": name})
    return Secret(name=name, changed_at=now, changed_by=by)


def remove(ports: Ports, scope: Scope, by: str, name: str) -> Secret:
    """Forget it. Raises Missing."""
    found = next((each for each in every(ports, scope) if each.name == name and name != OWN), None)
    if found is None:
        raise Missing("secret", name)
    ports.documents.delete(scope, Kind.SECRET, name)
    ports.journal.append(scope, STREAM, ports.clock.now(), by, "secret_removed", {"name": name})
    return found


def values(ports: Ports, scope: Scope, names: Iterable[str]) -> dict[str, str]:
    """Those that a step names. One that nobody has set is left out: its expression says what is missing."""
    found: dict[str, str] = {}
    for name in names:
        if name == OWN:
            found[name] = _own(ports, scope)
        elif document := ports.documents.get(scope, Kind.SECRET, name):
            found[name] = document.body["value"]
    return found


def _own(ports: Ports, scope: Scope) -> str:
    """Derived from the one key of the home that is never rotated, so what it has encrypted can be read for good."""
    return hmac.digest(ports.keys.address, f"baton-workspace-secret-1|{scope}".encode(), "sha256").hex()
