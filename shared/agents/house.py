"""Who a workspace writes as: read it, change it."""

from __future__ import annotations

from shared.domain.house import HOUSE, House
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.ports import Ports


def read(ports: Ports, scope: Scope) -> House:
    """What it is; empty where nobody wrote any."""
    found = ports.documents.get(scope, Kind.HOUSE, HOUSE)
    return House.model_validate(found.body) if found else House()


def write(ports: Ports, scope: Scope, by: str, house: House) -> House:
    """Put this in the place of what was there. Campaigns that exist keep their own sender."""
    ports.documents.put(scope, Kind.HOUSE, HOUSE, house.model_dump(mode="json"), "*")
    ports.journal.append(scope, "policy", ports.clock.now(), by, "house", {"sender": house.sender is not None})
    return house
