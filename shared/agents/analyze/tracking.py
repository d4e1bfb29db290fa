"""One request for a signed link: whose message it was, whether a person or a machine asked, and where a click goes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from shared.agents.effects import effect_of
from shared.domain.draft import Draft, draft_id
from shared.domain.engagement import Engagement, What, engagement_id
from shared.domain.links import Link, Purpose
from shared.domain.machine import Reason, is_simulated, machine_reason
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.ports import LedgerRow, Ports, RowRef, Settlement, Stale

WHAT: Mapping[Purpose, What] = {"o": "open", "c": "click"}


def track(ports: Ports, link: Link, user_agent: str, method: str) -> None:
    """Count one opening or click; a link to no row of the ledger counts nothing. IP addresses are not looked at.

    Unsubscribing is more than a count: `contacts.unsubscribe` records it."""
    row = _row(ports, link)
    if row is None:
        return
    now, what = ports.clock.now(), WHAT[link.purpose]
    reason = machine_reason(user_agent, method, _seconds_since_accepted(row, now))
    _count(ports, link.scope, _seen(row, link, what, now, reason, is_simulated(user_agent)))
    _prove(ports, link.scope, row, what, now)


def click_target(ports: Ports, link: Link) -> str | None:
    """Where a click link leads, as approved and sent; None if it leads nowhere (any more)."""
    row = _row(ports, link)
    campaign = ports.documents.get(link.scope, Kind.CAMPAIGN, link.campaign)
    if row is None or campaign is None:
        return None
    id = draft_id(link.campaign, campaign.body["version"], row.variant)
    draft = ports.documents.get(link.scope, Kind.DRAFT, id)
    links = Draft.model_validate(draft.body).links if draft else []
    return links[link.target] if 0 <= link.target < len(links) else None


def _row(ports: Ports, link: Link) -> LedgerRow | None:
    key = effect_of(ports, link.scope, link.campaign, link.person, link.shard)
    rows = ports.ledger.of_person(link.scope, [RowRef(link.campaign, link.shard, key)])
    return rows[0] if rows else None


def _seconds_since_accepted(row: LedgerRow, now: datetime) -> float | None:
    left = row.settled_at if row.state in ("accepted", "delivered") else row.intended_at
    return (now - left).total_seconds() if left else None


def _seen(row: LedgerRow, link: Link, what: What, now: datetime, reason: Reason | None, simulated: bool) -> Engagement:
    """This one request, as if it were the first."""
    human = reason is None
    return Engagement(
        campaign=row.campaign,
        key=row.key,
        person=row.person,
        what=what,
        human=int(human),
        machine=int(not human),
        first_at=now,
        first_human_at=now if human else None,
        last_at=now,
        machine_reason=reason,
        target=link.target if what == "click" else None,
        simulated=simulated,
    )


def _count(ports: Ports, scope: Scope, seen: Engagement) -> None:
    """Add it to what is on record; whoever loses a race adds it to the winner's."""
    id = engagement_id(seen.campaign, seen.key, seen.what)
    while True:
        found = ports.documents.get(scope, Kind.ENGAGEMENT, id)
        total = _added(Engagement.model_validate(found.body), seen) if found else seen
        try:
            ports.documents.put(scope, Kind.ENGAGEMENT, id, total.model_dump(mode="json"), found.rev if found else None)
            return
        except Stale:
            continue


def _added(before: Engagement, seen: Engagement) -> Engagement:
    return before.model_copy(
        update={
            "human": before.human + seen.human,
            "machine": before.machine + seen.machine,
            "first_human_at": before.first_human_at or seen.first_human_at,
            "last_at": seen.last_at,
            "machine_reason": before.machine_reason or seen.machine_reason,
            "target": seen.target if seen.human else before.target,
            "simulated": before.simulated or seen.simulated,
        }
    )


def _prove(ports: Ports, scope: Scope, row: LedgerRow, what: What, now: datetime) -> None:
    """Whoever follows a link of a message has got it: evidence that settles an unknown row (design 4.1)."""
    if row.state == "unknown":
        settled = Settlement(row.key, row.attempt, "accepted", detail=f"proved by its recipient: {what}")
        ports.ledger.settle(scope, row.campaign, row.shard, [settled], now)
