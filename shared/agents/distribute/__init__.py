"""distribute: what may leave of one shard leaves once: gate → ledger → wire → receipt (design 4.1, 4.2)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import uuid_utils

from shared.agents.campaigns.inquire import drafts
from shared.agents.campaigns.sealed import still_sealed
from shared.agents.channels import channel_of, stand_still
from shared.agents.distribute.composer import Composer
from shared.agents.distribute.sending import LATE, pace, send, stopped
from shared.agents.distribute.window import Shard, due, recall
from shared.agents.records import change, load, note
from shared.domain.campaign import ENDED, Campaign
from shared.domain.outcome import Done, Later, Outcome
from shared.domain.scope import Scope
from shared.ports import Channel, LedgerRow, Ports, Session

FAR = timedelta(days=3650)


def run(ports: Ports, order: dict[str, Any]) -> Outcome:
    """Work on one shard until nothing of it can move now.

    Done: {cancelled?}. Later: paused, missed, unreachable (the whole campaign stands still), not_due, lease,
    submitted (the provider works on it)."""
    scope, id = Scope(*order["scope"]), order["campaign"]
    campaign = load(ports, scope, id)
    channel = channel_of(ports, campaign)
    owner = f"{order['instance']}/{uuid_utils.uuid4().hex[:12]}"
    shard = Shard(ports, scope, id, order["shard"], owner, trace=order.get("trace"))
    composer = Composer(ports, scope, campaign, drafts(ports, scope, id))
    with channel.session(scope) as session:
        return _work(shard, composer, channel, session, order.get("attempt", 1))


def _work(shard: Shard, composer: Composer, channel: Channel, session: Session, attempt: int) -> Outcome:
    """Window after window; the documents are read again before each (design 4.6). What a later attempt of the
    campaign's flow sends is not ours."""
    sealed = still_sealed(shard.ports, shard.scope, load(shard.ports, shard.scope, shard.campaign))
    while True:
        campaign, now = load(shard.ports, shard.scope, shard.campaign), shard.ports.clock.now()
        if campaign.attempt > attempt or (campaign.status in ENDED and not campaign.cancelled):
            return Done()
        if campaign.paused or campaign.status == "missed":
            return Later(now + timedelta(minutes=1), "paused" if campaign.paused else "missed")
        rows = due(shard, now, everything=campaign.cancelled)
        if not rows:
            if not _tidied(shard, campaign, composer, now):
                return _end(shard, campaign, now)
        elif not campaign.cancelled and _overslept(campaign, rows, now):
            return _missed(shard, now)
        elif not campaign.cancelled and (why := stopped(shard, campaign, channel, composer, session)):
            return _unreachable(shard, now, why)
        else:
            send(shard, sealed, rows, composer, channel, session)
            pace(shard, channel, len(rows), now)


def _tidied(shard: Shard, campaign: Campaign, composer: Composer, now: datetime) -> bool:
    """With nothing due: leases that ran out become unknown, and evidence moves rows on that are unknown or with the
    provider. True if any moved."""
    shard.ports.ledger.expire(shard.scope, shard.campaign, shard.number, shard.owner, now)
    return recall(shard, campaign, composer.message)


def _end(shard: Shard, campaign: Campaign, now: datetime) -> Outcome:
    """Nothing can move now: come again when the next row is due, a foreign lease ends or the provider may know more,
    else this shard is done."""
    ledger, place = shard.ports.ledger, (shard.scope, shard.campaign, shard.number)
    lease = ledger.expire(*place, shard.owner, now)
    waiting = ledger.of_shard(*place, state="planned", due_by=now + FAR, limit=1)
    if ledger.of_shard(*place, state="submitted", limit=1):
        due = [now + timedelta(minutes=1), *(row.not_before for row in waiting), *([lease] if lease else [])]
        return Later(min(due), "submitted")
    if waiting:
        return Later(min(waiting[0].not_before, lease or waiting[0].not_before), "not_due")
    if lease:
        return Later(lease, "lease")
    return Done({"cancelled": True} if campaign.cancelled else {})


def _overslept(campaign: Campaign, rows: list[LedgerRow], now: datetime) -> bool:
    """Rows were due so long ago that the moment has passed, and no one said go on since."""
    since = campaign.resumed_at
    return any(now - max(row.not_before, since or row.not_before) > LATE for row in rows)


def _missed(shard: Shard, now: datetime) -> Outcome:
    def ask_a_person(found: Campaign) -> None:
        if found.status not in ENDED and not found.paused:
            found.status, found.status_reason = "missed", "its time passed while nothing was running"

    change(shard.ports, shard.scope, shard.campaign, ask_a_person)
    note(shard.ports, shard.scope, shard.campaign, "distribute", "missed", {"shard": shard.number})
    return Later(now + timedelta(minutes=1), "missed")


def _unreachable(shard: Shard, now: datetime, why: str) -> Outcome:
    """Nothing was claimed, so nobody's tries are used up."""
    stand_still(shard.ports, shard.scope, shard.campaign, "distribute", why, {"shard": shard.number})
    return Later(now + timedelta(minutes=1), "unreachable")
