"""What a person decides about unknown messages: written to the journal with its author before it is done."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby, islice

from shared.agents.campaigns.rows import row_at
from shared.agents.records import load, note
from shared.agents.unknown.again import leave_again
from shared.agents.unknown.inquiries import change_inquiry
from shared.domain.campaign import ENDED, Campaign
from shared.domain.faults import Conflict, FieldError, Rejected
from shared.domain.inquiry import MARKS, Decided, Decision, Inquiry, UnknownDecision, decided
from shared.domain.scope import Scope
from shared.ports import LedgerRow, Ports, Settlement

_TOGETHER = 99


def decide(ports: Ports, scope: Scope, campaign: str, by: str, request: UnknownDecision) -> Decided:
    """Carry it out for the rows that are still unknown; the others have an answer by now. The caller starts what is to
    leave again. Repeating it changes nothing more.

    Raises Missing; Rejected for a key that is none of the plan; Conflict if nothing may leave any more."""
    found = load(ports, scope, campaign)
    if request.decision == "again" and found.status in ENDED:
        raise Conflict("decision", f"the campaign is {found.status}: nothing leaves any more; treat them as sent")
    rows = _named(ports, scope, found, request.keys) if request.keys else _every(ports, scope, found)
    count, shards = 0, set[int]()
    for shard, batch in _batches(rows):
        _carry_out(ports, scope, found, by, request.decision, batch)
        count, shards = count + len(batch), shards | {shard}
    if request.decision == "again" and shards:
        leave_again(ports, scope, found, shards)
    return decided(campaign, request.decision, count, ports.ledger.tally(scope, campaign)["unknown"])


def _named(ports: Ports, scope: Scope, campaign: Campaign, keys: Sequence[str]) -> list[LedgerRow]:
    refs = [row_at(ports, scope, campaign, key) if campaign.shards else None for key in keys]
    wrong = [n for n, ref in enumerate(refs) if ref is None or ref.key != keys[n]]
    if wrong:
        raise Rejected(
            *(FieldError(f"keys[{n}]", f"no message of this campaign has the key {keys[n]!r}") for n in wrong)
        )
    rows = ports.ledger.of_person(scope, [ref for ref in dict.fromkeys(refs) if ref])
    return sorted((row for row in rows if row.state == "unknown"), key=lambda row: row.shard)


def _every(ports: Ports, scope: Scope, campaign: Campaign) -> Iterator[LedgerRow]:
    for shard in range(campaign.shards):
        if ports.ledger.tally(scope, campaign.id, shard)["unknown"]:
            yield from ports.ledger.of_shard(scope, campaign.id, shard, state="unknown")


def _batches(rows: Sequence[LedgerRow] | Iterator[LedgerRow]) -> Iterator[tuple[int, list[LedgerRow]]]:
    for shard, of in groupby(rows, lambda row: row.shard):
        while batch := list(islice(of, _TOGETHER)):
            yield shard, batch


def _carry_out(
    ports: Ports, scope: Scope, campaign: Campaign, by: str, decision: Decision, rows: Sequence[LedgerRow]
) -> None:
    now = ports.clock.now()
    note(ports, scope, campaign.id, by, f"unknown_{decision}", {"keys": [row.key for row in rows], "n": len(rows)})

    def written_down(before: Inquiry) -> Inquiry:
        return before.model_copy(update={"decision": decision, "decided_by": by, "decided_at": now})

    for row in rows:
        change_inquiry(ports, scope, row, written_down)
    detail = f"{MARKS[decision]} by {by}"
    settlements = [
        Settlement(row.key, row.attempt, "accepted", detail=detail)
        if decision == "sent"
        else Settlement(row.key, row.attempt, "planned", detail=detail, not_before=now)
        for row in rows
    ]
    ports.ledger.settle(scope, campaign.id, rows[0].shard, settlements, now)
