"""The sweep over what no sender looks after: intents whose sender is gone become unknown, and whoever could know about
unknown messages is asked, of every campaign, also after it ended (design 4.1)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from shared.agents.campaigns.inquire import drafts
from shared.agents.channels import channel_of
from shared.agents.distribute.composer import Composer
from shared.agents.distribute.window import Shard, recall
from shared.agents.unknown.again import hold_planned, leave_again
from shared.agents.unknown.inquiries import note_asked
from shared.domain.campaign import ENDED, Campaign
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.ports import LedgerRow, Ports

ORPHANED = timedelta(minutes=15)
"""A lease over for so long is nobody's: no sender of this campaign has come by its shard since."""
HALF_HOUR = timedelta(minutes=30)
"""Between two looks of the timer."""
_OPEN = ("intent", "unknown", "submitted")
_OVER = ("completed", "cancelled")
"""Of a journey that stands so nothing leaves any more, also if it is proved now that it never left."""
_OWNER = "reconcile"


def reconcile(ports: Ports, scope: Scope) -> int:
    """One look at every campaign of the scope; returns how many messages are unknown after it."""
    return sum(_reconciled(ports, scope, campaign) for campaign in _planned(ports, scope))


def _planned(ports: Ports, scope: Scope) -> Iterator[Campaign]:
    cursor = None
    while True:
        page = ports.documents.find(scope, Kind.CAMPAIGN, cursor=cursor)
        found = (Campaign.model_validate(document.body) for document in page.documents)
        yield from (each for each in found if each.shards)
        cursor = page.cursor
        if cursor is None:
            return


def _reconciled(ports: Ports, scope: Scope, campaign: Campaign) -> int:
    in_doubt = _is_open(ports, scope, campaign)
    again = _asked_about(ports, scope, campaign) if in_doubt else set[int]()
    if campaign.journey and campaign.status in _OVER:
        hold_planned(ports, scope, campaign.id, "left_journey" if campaign.status == "completed" else "cancelled")
    if campaign.status not in ENDED:
        again |= set(_left_lying(ports, scope, campaign)) if campaign.journey else set()
        if again:
            leave_again(ports, scope, campaign, again)
    return ports.ledger.tally(scope, campaign.id)["unknown"] if in_doubt else 0


def _asked_about(ports: Ports, scope: Scope, campaign: Campaign) -> set[int]:
    """The shards of which something may leave again."""
    composer = Composer(ports, scope, campaign, drafts(ports, scope, campaign.id))
    shards = [n for n in range(campaign.shards) if _is_open(ports, scope, campaign, n)]
    return {n for n in shards if _one_shard(ports, scope, campaign, composer, n)}


def _left_lying(ports: Ports, scope: Scope, campaign: Campaign) -> Iterator[int]:
    """The shards of a mail of a journey in which something was to leave again and nobody was told: a sender that asked
    about its own reader found out about another's, or was killed in between."""
    place, now = (scope, campaign.id), ports.clock.now()
    if not ports.ledger.tally(*place)["planned"]:
        return
    for n in set(range(campaign.shards)) - set(map(int, campaign.again)):
        some = ports.ledger.tally(*place, n)["planned"]
        if some and any(row.attempt > 1 for row in ports.ledger.of_shard(*place, n, state="planned", due_by=now)):
            yield n


def _is_open(ports: Ports, scope: Scope, campaign: Campaign, shard: int | None = None) -> bool:
    tally = ports.ledger.tally(scope, campaign.id, shard)
    return any(tally[state] for state in _OPEN)


def _turn(row: LedgerRow, now: datetime) -> bool:
    """Is it asked about now? In the half-hours 0, 1, 2, 4, 8, … since it is unknown: who cannot tell today hardly can
    tomorrow, and thousands of unknown rows must not be asked about for ever."""
    since = row.settled_at or row.intended_at
    passed = (now - since) // HALF_HOUR if since else 0
    return passed & (passed - 1) == 0


def _one_shard(ports: Ports, scope: Scope, campaign: Campaign, composer: Composer, number: int) -> bool:
    """True if something of it may leave again, because it was proved never to have left."""
    ledger, place, now = ports.ledger, (scope, campaign.id, number), ports.clock.now()
    ledger.expire(*place, _OWNER, now - ORPHANED)
    planned, submitted = (ledger.tally(*place)[state] for state in ("planned", "submitted"))
    if not submitted and not any(_turn(row, now) for row in ledger.of_shard(*place, state="unknown")):
        return False
    recall(Shard(ports, scope, campaign.id, number, _OWNER), campaign, composer.message)
    channel = channel_of(ports, campaign)
    unknown = [row for row in ledger.of_shard(*place, state="unknown") if _turn(row, now)]
    note_asked(ports, scope, unknown, f"the provider ({channel.name})", channel.refusal() or "it cannot tell", now)
    return ledger.tally(*place)["planned"] > planned
