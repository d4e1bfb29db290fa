"""The effect that a signed link is about: links name a campaign, a shard and a person, the ledger knows effects."""

from __future__ import annotations

from shared.domain.address import effect_key
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.ports import Ports

STEP = "1"
"""The step that effect keys of a campaign name; a mail of a journey counts how often its reader came in."""
_USUAL = "email"


def effect_of(ports: Ports, scope: Scope, campaign: str, person: str, shard: int = 0) -> str:
    """The effect key of this person's message in that shard, whatever channel the campaign goes over. For a campaign
    that is not on file any more, as if it had been mail: nothing can be looked up by it, and an unsubscription still
    counts."""
    found = ports.documents.get(scope, Kind.CAMPAIGN, campaign)
    channel = str(found.body["request"]["channels"][0]) if found else _USUAL
    journey = found.body.get("journey") if found else None
    step = str(1 + shard % int(journey["rounds"])) if journey else STEP
    return effect_key(scope, campaign, step, channel, person)
