"""distribute: what may leave of one shard leaves once: gate → ledger → wire → receipt (design 4.1, 4.2)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import uuid_utils

from shared.agents.campaigns.inquire import drafts
from shared.agents.campaigns.sealed import still_sealed
from shared.agents.channels import channel_of, stand_still
from shared.agents.contacts.notices import note_told
from shared.agents.distribute.composer import Composer
from shared.agents.distribute.handed import note_ids
from shared.agents.distribute.window import Shard, claim, due, fresh, recall, settle
from shared.agents.guardian.standing import why_stopped
from shared.agents.records import change, load, note
from shared.domain.campaign import ENDED, Campaign, sender_domain
from shared.domain.contact import Contact
from shared.domain.faults import Missing
from shared.domain.found import untold
from shared.domain.outcome import Done, Later, Outcome
from shared.domain.scope import Scope
from shared.ports import Channel, LedgerRow, Ports, Receipt, Session

LATE = timedelta(hours=1)
"""A message due longer ago than this does not leave by itself: a person is asked (design 4.6)."""
FAR = timedelta(days=3650)
_ADDRESS = re.compile(r"<?[^\s<>]+@[^\s<>]+>?")


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
        elif not campaign.cancelled and (why := _stopped(shard, campaign, channel, composer, session)):
            return _unreachable(shard, now, why)
        else:
            _send(shard, sealed, rows, composer, channel, session)
            elapsed = (shard.ports.clock.now() - now).total_seconds()
            shard.ports.clock.pace(max(0.0, len(rows) / channel.rate_per_second - elapsed))


def _stopped(shard: Shard, campaign: Campaign, channel: Channel, composer: Composer, session: Session) -> str | None:
    """Why nothing may or can leave now, whoever it is for: the sender's domain (rules C7, C12), the channel's setting,
    the key, the provider."""
    by_mail = campaign.request.channels[0] == "email"
    domain = why_stopped(shard.ports, shard.scope, sender_domain(campaign.request)) if by_mail else None
    return domain or channel.refusal() or composer.unready or session.unreachable()


def _send(
    shard: Shard, sealed: bool, rows: list[LedgerRow], composer: Composer, channel: Channel, session: Session
) -> None:
    campaign = load(shard.ports, shard.scope, shard.campaign)  # Reaching the server may have taken a while.
    if campaign.paused:
        return
    if _worth_a_word(campaign, shard.ports.clock.now()):
        _under_way(shard)
    approved = sealed and campaign.approved is not None and campaign.approved == campaign.digest
    granted, people = claim(shard, campaign, approved, rows)
    note_ids(shard.ports, shard.scope, channel, granted)
    messages = composer.messages(granted, people)
    settle(shard, composer.take_refused())
    receipts = list(session.send(messages, fresh(shard)))
    _note_told(shard, granted, people, receipts)
    settle(shard, receipts)
    _tell_of_delays(shard, [receipt for receipt in receipts if receipt.state != "unsent"])


def _note_told(
    shard: Shard, rows: Sequence[LedgerRow], people: Mapping[str, Contact], receipts: Sequence[Receipt]
) -> None:
    """Who was found and got this message knows it now (rule G10). Written before the receipt, which says that there is
    nothing left to do."""
    left = {each.key for each in receipts if each.state in ("accepted", "submitted")}
    for row in rows:
        if row.key in left and untold(people[row.contact].found):
            with suppress(Missing):  # erased meanwhile
                note_told(shard.ports, shard.scope, row.contact, shard.ports.clock.now(), f"campaign {shard.campaign}")


def _tell_of_delays(shard: Shard, receipts: Sequence[Receipt]) -> None:
    """Most of a window put off by the server is worth a word: each is tried again for days, and nobody would know."""
    put_off = [receipt for receipt in receipts if receipt.state == "deferred"]
    if 2 * len(put_off) <= len(receipts):
        return
    reason = f"most messages are put off and will be tried again: {_said(put_off[-1])}"

    def show(found: Campaign) -> None:
        if found.status == "sending":
            found.status_reason = reason

    change(shard.ports, shard.scope, shard.campaign, show)


def _said(receipt: Receipt) -> str:
    """What the server said, without the address that it said it of."""
    return _ADDRESS.sub("…", receipt.detail or "no reason given")[:200]


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


def _worth_a_word(campaign: Campaign, now: datetime) -> bool:
    """Work begins or begins again, or lateness would soon count although the sender is only slow."""
    since = campaign.resumed_at
    return campaign.status == "scheduled" or bool(campaign.status_reason) or since is None or now - since > LATE / 2


def _under_way(shard: Shard) -> None:
    now = shard.ports.clock.now()

    def show(found: Campaign) -> None:
        found.proceed("scheduled", "sending")
        if found.status == "sending":
            found.status_reason, found.resumed_at = None, now

    before = load(shard.ports, shard.scope, shard.campaign).status
    if change(shard.ports, shard.scope, shard.campaign, show).status != before:
        note(shard.ports, shard.scope, shard.campaign, "distribute", "sending", {"shard": shard.number})
