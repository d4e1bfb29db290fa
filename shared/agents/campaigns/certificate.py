"""The certificate: every planned row read again from the ledger and put into exactly one part."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from shared.agents.campaigns import manifest
from shared.agents.records import load
from shared.domain.campaign import Campaign
from shared.domain.certificate import Certificate
from shared.domain.inquiry import Decision, mark_of
from shared.domain.scope import Scope
from shared.ports import LedgerRow, Ports

_PAGE = 1000


def rows(ports: Ports, scope: Scope, campaign: str, shards: int) -> Iterator[LedgerRow]:
    """Every row of a campaign, shard by shard: memory stays flat however many there are."""
    for shard in range(shards):
        after = None
        while True:
            page = ports.ledger.of_shard(scope, campaign, shard, after=after, limit=_PAGE)
            yield from page
            if len(page) < _PAGE:
                break
            after = page[-1].key


def part_of(row: LedgerRow, now: datetime) -> str:
    """The certificate's part for one row: sent_once, sent_twice, failed, held.<reason>, unknown or remaining."""
    if len(set(row.acceptances)) > 1:
        return "sent_twice"
    if row.state in ("accepted", "delivered"):
        return "sent_once"
    if row.state == "held":
        return f"held.{row.held}"
    if row.state == "intent":
        return "unknown" if row.lease_until and row.lease_until <= now else "remaining"
    return {"failed": "failed", "planned": "remaining"}.get(row.state, "unknown")


def certificate(ports: Ports, scope: Scope, campaign: str) -> Certificate:
    """Recounted from the rows themselves, not from any sum that is kept with them. Raises Missing."""
    found, now = load(ports, scope, campaign), ports.clock.now()
    # Until the plan is complete, or if its planning broke off, only the manifest knows where rows may be.
    shards = found.shards or manifest.shard_count(ports, scope, campaign)
    parts: Counter[str] = Counter()
    marks: Counter[Decision] = Counter()
    for row in rows(ports, scope, campaign, shards):
        parts[part_of(row, now)] += 1
        marks.update(mark(row))
    return certified(found, parts, marks, now)


def mark(row: LedgerRow) -> list[Decision]:
    """What a person decided about a row that is no longer unknown; at most one."""
    decision = mark_of(row.detail)
    stands = row.state == "accepted" if decision == "sent" else row.state in ("accepted", "delivered", "intent")
    return [decision] if decision and stands else []


def certified(campaign: Campaign, parts: Counter[str], marks: Counter[Decision], now: datetime) -> Certificate:
    """The certificate of rows that were counted by `part_of` and `mark`."""
    return Certificate(
        campaign=campaign.id,
        name=campaign.name,
        planned=parts.total(),
        sent_once=parts["sent_once"],
        sent_twice=parts["sent_twice"],
        failed=parts["failed"],
        held={part.removeprefix("held."): n for part, n in sorted(parts.items()) if part.startswith("held.")},
        unknown=parts["unknown"],
        remaining=parts["remaining"],
        recounted_at=now,
        assumed=marks["sent"],
        sent_again=marks["again"],
    )
