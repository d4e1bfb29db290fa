"""One window from the gate to the receipts, whoever planned its rows: a campaign's shard or a journey (design 4.1)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from shared.agents import calendar
from shared.agents.contacts.notices import note_told
from shared.agents.distribute.composer import Composer
from shared.agents.distribute.handed import note_ids
from shared.agents.distribute.window import FRESH, Shard, claim, fresh, settle
from shared.agents.guardian.standing import why_stopped
from shared.agents.records import change, load, note
from shared.domain.campaign import Campaign, sender_domain
from shared.domain.contact import Contact
from shared.domain.faults import Missing
from shared.domain.found import untold
from shared.ports import CalendarUnavailable, Channel, LedgerRow, Receipt, Session

LATE = timedelta(hours=1)
"""A message due longer ago than this does not leave by itself: a person is asked (design 4.6)."""
_ADDRESS = re.compile(r"<?[^\s<>]+@[^\s<>]+>?")


def stopped(shard: Shard, campaign: Campaign, channel: Channel, composer: Composer, session: Session) -> str | None:
    """Why nothing may or can leave now, whoever it is for: the sender's domain (rules C7, C12), the channel's setting,
    the key, the provider, the calendar that cannot be read."""
    by_mail = campaign.request.channels[0] == "email"
    domain = why_stopped(shard.ports, shard.scope, sender_domain(campaign.request)) if by_mail else None
    return domain or channel.refusal() or composer.unready or session.unreachable() or unread(shard, campaign)


def unread(shard: Shard, campaign: Campaign) -> str | None:
    """Look into the sender's calendar for this window, unless that was just done. Nothing leaves if it cannot be
    read."""
    now, known = shard.ports.clock.now(), shard.memory.calendar
    if known and known[0] <= now < known[0] + FRESH:
        return None
    try:
        shard.memory.calendar = now, calendar.ahead(shard.ports, shard.scope, campaign.request.window, now)
    except CalendarUnavailable as fault:
        return calendar.sentence(fault)
    return None


def send(
    shard: Shard, sealed: bool, rows: list[LedgerRow], composer: Composer, channel: Channel, session: Session
) -> None:
    """Decide about these rows, at most 99 of one shard, and send what may leave. `sealed`: what lies on file is what
    was approved."""
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


def pace(shard: Shard, channel: Channel, messages: int, since: datetime) -> None:
    """Wait as long as so many messages take at the channel's rate, if they took less."""
    elapsed = (shard.ports.clock.now() - since).total_seconds()
    shard.ports.clock.pace(max(0.0, messages / channel.rate_per_second - elapsed))


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
