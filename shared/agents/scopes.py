"""The registry of scopes: timers walk it, so whoever stores something that a flow carries on registers first."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from shared.domain.names import Kind
from shared.domain.scope import SHARED_WORKSPACE, Scope
from shared.ports import Ports, Stale


def register(ports: Ports, scope: Scope) -> None:
    """Remember that work happens in this scope. Repeating it changes nothing."""
    if ports.documents.get(scope.agency, Kind.SCOPE, scope.workspace) is None:
        with suppress(Stale):  # somebody else has, perhaps under a name
            ports.documents.put(scope.agency, Kind.SCOPE, scope.workspace, {"workspace": scope.workspace})


def registered(ports: Ports, tenant: str) -> Iterator[Scope]:
    """Every registered scope of a tenant, by name."""
    cursor = None
    while True:
        page = ports.documents.find(Scope(tenant, SHARED_WORKSPACE), Kind.SCOPE, cursor=cursor)
        yield from (Scope(tenant, document.id) for document in page.documents)
        cursor = page.cursor
        if cursor is None:
            return


def in_use(ports: Ports, tenant: str) -> Iterator[Scope]:
    """Those of them that are not archived: in the others nothing new is begun."""
    return (each for each in registered(ports, tenant) if not is_archived(ports, each))


def working_scopes(ports: Ports) -> Iterator[Scope]:
    """Every scope of every tenant that is served here in which something may be begun."""
    for tenant in ports.tenants:
        yield from in_use(ports, tenant)


def every_scope(ports: Ports) -> Iterator[Scope]:
    """Every registered scope of every tenant that is served here."""
    for tenant in ports.tenants:
        yield from registered(ports, tenant)


def is_archived(ports: Ports, scope: Scope) -> bool:
    """Whether nothing is begun in it, and nothing leaves it by itself."""
    found = ports.documents.get(scope.agency, Kind.SCOPE, scope.workspace)
    return bool(found and found.body.get("archived_at"))
