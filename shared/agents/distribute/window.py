"""One window of at most 99 rows: read facts, decide, write verdicts and intents, settle receipts (design 4.1, 4.2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from shared.agents.campaigns.audience import with_revisions
from shared.domain.campaign import Campaign
from shared.domain.contact import Contact
from shared.domain.gate import Facts, Verdict, decide
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.domain.slots import opening, zone
from shared.ports import CLAIMS_MOST, Claim, LedgerRow, Ports, Receipt, Settlement

SIZE = CLAIMS_MOST
LEASE = timedelta(minutes=2)
"""How long an open intent belongs to its sender. A sender that needs longer still settles: evidence always counts."""
AHEAD = timedelta(minutes=2)
"""A shard spans at most so long; its rows may be claimed ahead of their second, because the sender paces itself."""
RETRY_FIRST, RETRY_MOST = timedelta(minutes=5), 11
"""A deferred message is tried again after 5, 10, … minutes, eleven times in 3½ days: a server that takes nothing for
hours costs nobody the message. Then it has failed (RFC 5321 4.5.4.1)."""


@dataclass(frozen=True)
class Shard:
    """Where a sender works, and who it is. `owner` names one run of one activity."""

    ports: Ports
    scope: Scope
    campaign: str
    number: int
    owner: str


def due(shard: Shard, now: datetime, everything: bool) -> list[LedgerRow]:
    """The next rows to decide about: those whose time has come, or every planned one."""
    ledger, by = shard.ports.ledger, None if everything else now + AHEAD
    rows = ledger.of_shard(shard.scope, shard.campaign, shard.number, state="planned", due_by=by, limit=SIZE)
    return [row for row in rows if everything or row.not_before <= now or row.not_before == row.due]


def claim(
    shard: Shard, campaign: Campaign, approved: bool, rows: Sequence[LedgerRow]
) -> tuple[list[LedgerRow], dict[str, Contact]]:
    """Decide each row and write it down durably. Returns the rows that may leave now and the people they are for."""
    people = with_revisions(shard.ports, shard.scope, [row.contact for row in rows])
    suppressed = _suppressed(shard, rows)
    now = shard.ports.clock.now()
    verdicts = {
        row.key: decide(_facts(campaign, approved, row, people.get(row.contact), suppressed.get(row.person), now))
        for row in rows
    }
    claims = [_claim(row, verdicts[row.key]) for row in rows]
    granted = shard.ports.ledger.claim(shard.scope, shard.campaign, shard.number, shard.owner, claims, now, now + LEASE)
    return [row for row in rows if row.key in granted], {id: contact for id, (contact, _) in people.items()}


def settle(shard: Shard, receipts: Iterable[Receipt]) -> None:
    """Write down what the provider said of each."""
    said = list(receipts)
    now = shard.ports.clock.now()
    settlements = [_settlement(receipt, now) for receipt in said]
    if settlements:
        shard.ports.ledger.settle(shard.scope, shard.campaign, shard.number, settlements, now)


def recall_unknown(shard: Shard, campaign: Campaign) -> bool:
    """Ask the channel for evidence about unknown rows: proved accepted is settled, proved absent may leave again.
    True if any row moved; what cannot be decided stays unknown (design 4.1)."""
    ledger, channel = shard.ports.ledger, shard.ports.channels[campaign.request.channels[0]]
    rows = ledger.of_shard(shard.scope, shard.campaign, shard.number, state="unknown")
    proofs = channel.evidence(shard.scope, [row.key for row in rows]) if rows else {}
    now = shard.ports.clock.now()
    settlements = [_proved(row, proofs[row.key], now) for row in rows if row.key in proofs]
    if settlements:
        ledger.settle(shard.scope, shard.campaign, shard.number, settlements, now)
    return bool(settlements)


def _proved(row: LedgerRow, proof: str, now: datetime) -> Settlement:
    if proof == "absent":
        return Settlement(row.key, row.attempt, "planned", not_before=now)
    # One message lies there: if an attempt is known to have brought it, it is that one's.
    return Settlement(row.key, row.acceptances[-1] if row.acceptances else row.attempt, "accepted")


def _suppressed(shard: Shard, rows: Sequence[LedgerRow]) -> dict[str, str]:
    """person -> revision of the suppression that names them."""
    asked = [Filter("id", "in", [row.person for row in rows])]
    page = shard.ports.documents.find(shard.scope.agency, Kind.SUPPRESSION, asked, limit=len(rows))
    return {document.id: document.rev for document in page.documents}


def _facts(
    campaign: Campaign,
    approved: bool,
    row: LedgerRow,
    found: tuple[Contact, str] | None,
    suppression: str | None,
    now: datetime,
) -> Facts:
    contact, rev = found or (None, "")
    consent = contact.consent.get("email") if contact else None
    where = zone(str(row.facts["zone"]))
    opens = opening(now, where, campaign.request.window.hours) if where else now
    return Facts(
        approved=approved,
        cancelled=campaign.cancelled,
        holdout=bool(row.facts.get("holdout")),
        over_budget=bool(row.facts.get("over_budget")),
        no_room=bool(row.facts.get("no_room")),
        present=contact is not None and contact.person == row.person,
        consent=consent.status if consent else "unknown",
        suppressed=suppression is not None,
        opens=opens if opens > now else None,
        versions=_versions(contact=rev, suppression=suppression, seal=campaign.approved),
    )


def _versions(**read: str | None) -> Mapping[str, str]:
    return {name: rev for name, rev in read.items() if rev}


def _claim(row: LedgerRow, verdict: Verdict) -> Claim:
    held = verdict.code if verdict.state == "held" else None
    return Claim(row.key, row.attempt, verdict.state, verdict.record(), held, verdict.not_before)


def _settlement(receipt: Receipt, now: datetime) -> Settlement:
    if receipt.state != "deferred":
        fields: dict[str, Any] = {"provider_id": receipt.provider_id, "cost_micros": receipt.cost_micros}
        return Settlement(receipt.key, receipt.attempt, receipt.state, detail=receipt.detail, **fields)
    if receipt.attempt >= RETRY_MOST:
        return Settlement(receipt.key, receipt.attempt, "failed", detail=f"gave up: {receipt.detail}")
    wait = RETRY_FIRST * 2 ** max(0, receipt.attempt - 1)
    return Settlement(receipt.key, receipt.attempt, "planned", detail=receipt.detail, not_before=now + wait)
