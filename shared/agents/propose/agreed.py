"""What was agreed, for the contract and the invoices."""

from __future__ import annotations

from shared.agents.propose.proposals import PROPOSALS
from shared.domain.agreed import Agreed
from shared.domain.faults import Conflict
from shared.domain.scope import Scope
from shared.ports import Ports


def agreed(ports: Ports, scope: Scope, proposal_id: str) -> Agreed:
    """The lines, option and version that the client accepted, as they were shown: it was stored in the same write as
    the acceptance and never changes. Raises Missing, and Conflict while nobody has accepted the proposal."""
    found = PROPOSALS.load(ports, scope, proposal_id)
    if found.accepted is None:
        raise Conflict("proposal", f"nobody has accepted it; it is {found.stands(ports.clock.now())}")
    return found.accepted
