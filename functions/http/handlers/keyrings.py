"""The keys of this home over HTTP: ids and what they are for, never the keys."""

from __future__ import annotations

from functions.flows import renewal_flow
from shared.access.call import Answer, Call
from shared.agents.encryption import renewal, rings
from shared.domain.renewal import RemovalQuery, RingKey, Rings, ring_of


def listing(call: Call) -> Answer[Rings]:
    """The rings, and how far what is encrypted has been moved to the newest key."""
    return Answer(rings.shown(call.ports, call.scope.tenant))


def rotate(call: Call) -> Answer[RingKey]:
    """A new key, which everything new uses from now on; old ones still open. What is encrypted is moved to it."""
    made = rings.rotate(call.ports, call.scope.tenant, call.principal, ring_of(call.path["ring"]))
    begun = [(tenant, found) for tenant in call.ports.tenants if (found := renewal.due(call.ports, tenant))]
    return Answer(made, status=201, start=[renewal_flow(tenant, found) for tenant, found in begun])


def remove(call: Call, query: RemovalQuery) -> Answer[RingKey]:
    """Forget a key; refused while anything stored needs it, and for links unless that is wanted."""
    ring, key = ring_of(call.path["ring"]), call.path["key"]
    return Answer(rings.remove(call.ports, call.scope.tenant, call.principal, ring, key, query.links_stop))
