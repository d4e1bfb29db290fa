"""Keys with which other systems call this API: made, listed, revoked by the owner."""

from __future__ import annotations

from shared.access import machine_keys
from shared.access.call import Answer, Call, Listing, Paging
from shared.domain.faults import FieldError, Rejected
from shared.domain.machine_key import MachineKey, MachineKeyRequest, NewMachineKey


def create(call: Call, body: MachineKeyRequest) -> Answer[NewMachineKey]:
    """Make a key; it is shown this once."""
    return Answer(machine_keys.create(call.ports, call.scope.tenant, call.principal, body), status=201)


def listing(call: Call, query: Paging) -> Answer[Listing[MachineKey]]:
    """Keys of the agency, the newest first, without what lets in."""
    try:
        items, cursor = machine_keys.listing(call.ports, call.scope.tenant, query.limit, query.cursor)
    except ValueError as error:
        raise Rejected(FieldError("cursor", str(error))) from None
    return Answer(Listing(items=items, cursor=cursor))


def revoke(call: Call) -> Answer[MachineKey]:
    """Let a key in no more, from the next request on."""
    return Answer(machine_keys.revoke(call.ports, call.scope.tenant, call.principal, call.path["id"]))
