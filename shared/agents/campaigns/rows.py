"""Where the row of a message lies: in a campaign the plan says, in a mail of a journey it follows from its reader."""

from __future__ import annotations

from collections.abc import Iterator

from shared.agents.campaigns import manifest
from shared.agents.effects import effect_of
from shared.domain.campaign import Campaign
from shared.domain.position import shard_of
from shared.domain.scope import Scope
from shared.ports import Ports, RowRef


def row_at(ports: Ports, scope: Scope, campaign: Campaign, key: str) -> RowRef | None:
    """By the effect key, or the beginning of one. None if there is none."""
    if campaign.journey is None:
        return manifest.find(ports, scope, campaign.id, key)
    for shard in range(campaign.shards):
        rows = ports.ledger.of_shard(scope, campaign.id, shard, after=_before(key), limit=1)
        if rows and rows[0].key.startswith(key):
            return RowRef(campaign.id, shard, rows[0].key)
    return None


def rows_of_reader(
    ports: Ports, scope: Scope, campaign: Campaign, person: str, contact: str | None
) -> Iterator[RowRef]:
    """All that a person may have in a campaign: one row, or one for each time through a journey."""
    if campaign.journey is None:
        ref = manifest.find(ports, scope, campaign.id, effect_of(ports, scope, campaign.id, person))
        yield from [ref] if ref else []
        return
    for entry in range(1, campaign.journey.rounds + 1) if contact else ():
        shard = shard_of(contact or "", entry, campaign.journey.rounds)
        ref = RowRef(campaign.id, shard, effect_of(ports, scope, campaign.id, person, shard))
        if ports.ledger.of_person(scope, [ref]):
            yield ref


def _before(key: str) -> str | None:
    """A text just before it in the order of keys, whose letters are a-z and 2-7."""
    return key[:-1] + chr(ord(key[-1]) - 1) + "~" if key else None
