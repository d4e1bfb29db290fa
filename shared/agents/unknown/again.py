"""Rows that may leave again when their distribution has ended: it is started anew. Or they leave no more."""

from __future__ import annotations

from collections.abc import Collection

from shared.agents.distribute.window import LEASE, SIZE
from shared.agents.records import change, load
from shared.agents.schedule.planning import distribution
from shared.domain.campaign import ENDED, Campaign
from shared.domain.scope import Scope
from shared.ports import Claim, Ports


def leave_again(ports: Ports, scope: Scope, campaign: Campaign, shards: Collection[int]) -> None:
    """Count one more run of every distribution that has one of these shards; the edge starts what the document counts
    and has no instance yet, be it after a kill (design 4.6). The shards of a mail of a journey its flow looks at."""
    numbers = (
        list(shards)
        if campaign.journey
        else [
            n
            for n in range(campaign.distributions)
            if any(shard in shards for _, shard in distribution(ports, scope, campaign.id, n))
        ]
    )

    def count(found: Campaign) -> None:
        if found.status not in ENDED:
            found.again = {**found.again, **{str(n): found.again.get(str(n), 0) + 1 for n in numbers}}

    change(ports, scope, campaign.id, count)


def hold_planned(ports: Ports, scope: Scope, campaign: str, code: str) -> None:
    """Hold every row that nobody will send any more; `code` says why."""
    place, now = (scope, campaign), ports.clock.now()
    if not ports.ledger.tally(*place)["planned"]:
        return
    for number in range(load(ports, *place).shards):
        while rows := ports.ledger.of_shard(*place, number, state="planned", limit=SIZE):
            claims = [Claim(row.key, row.attempt, "held", {"code": code}, code) for row in rows]
            ports.ledger.claim(*place, number, "journey", claims, now, now + LEASE)
