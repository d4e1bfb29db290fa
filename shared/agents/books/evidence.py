"""What became of a mail of the books whose sender was killed before it could note an answer: the channel is asked, and
what it cannot tell stays unknown, for a person to see (design 4.1)."""

from __future__ import annotations

from shared.agents.channels import channel_named
from shared.domain.scope import Scope
from shared.ports import LedgerRow, Ports, Proof, Settlement

_OWNER = "books"


def look_again(ports: Ports, scope: Scope, place: str) -> None:
    """Move on what can be moved: proved to have left, proved never to have left (then it may leave now), or failed."""
    ledger, now = ports.ledger, ports.clock.now()
    ledger.expire(scope, place, 0, _OWNER, now)
    rows = [*ledger.of_shard(scope, place, 0, state="unknown"), *ledger.of_shard(scope, place, 0, state="submitted")]
    if not rows:
        return
    proofs = channel_named(ports, "email").evidence(scope, [row.key for row in rows])
    settlements = [_proved(row, proofs[row.key]) for row in rows if row.key in proofs]
    if settlements:
        ledger.settle(scope, place, 0, settlements, now)


def _proved(row: LedgerRow, proof: Proof) -> Settlement:
    if proof == "absent":
        return Settlement(row.key, row.attempt, "unsent", owner=row.owner)
    return Settlement(row.key, row.attempt, "failed" if proof == "failed" else "accepted", row.provider_id)
