"""What claims, news and time change about rows: pure, so that it can be decided again when somebody was faster."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from shared.adapters.ledger._tables_rows import Place, as_stored, shortened
from shared.domain.effect import Standing, settled
from shared.ports import REDACTABLE, Claim, LedgerRow, PlannedRow, Settlement

Rows = Mapping[str, LedgerRow]


class Move(NamedTuple):
    """One row before and after; None before: it is new."""

    before: LedgerRow | None
    after: LedgerRow


def plan_moves(place: Place, planned: Iterable[PlannedRow], rows: Rows) -> list[Move]:
    """Rows that are not there yet; of two with one key the first."""
    new = {row.key: row for row in reversed(list(planned)) if row.key not in rows}
    return [Move(None, _planned(place, row)) for row in new.values()]


def claim_moves(owner: str, claims: Iterable[Claim], now: datetime, lease_until: datetime, rows: Rows) -> list[Move]:
    """What the gate decided, on rows that are still planned at that attempt."""
    moves = []
    for claim in claims:
        row = rows.get(claim.key)
        if row and (row.state, row.attempt) == ("planned", claim.attempt):
            moves.append(Move(row, _claimed(row, owner, claim, now, lease_until)))
    return moves


def settle_moves(settlements: Iterable[Settlement], now: datetime, rows: Rows) -> list[Move]:
    """What became of attempts, as `domain.effect` decides; several settlements of one row apply in their order."""
    changed: dict[str, LedgerRow] = {}
    for news in settlements:
        row = changed.get(news.key) or rows.get(news.key)
        if row and (after := _settled(row, news, now)) is not None:
            changed[news.key] = after
    return [Move(rows[key], after) for key, after in changed.items()]


def expire_moves(owner: str, now: datetime, most: int, rows: Rows) -> list[Move]:
    """Foreign intents past their lease become unknown; at most so many at a time."""
    late = [row for row in foreign_intents(owner, rows) if row.lease_until and row.lease_until <= now]
    return [Move(row, replace(row, state="unknown", detail="lease-ended", settled_at=now)) for row in late[:most]]


def redact_moves(key: str, detail: str | None, rows: Rows) -> list[Move]:
    """One row without what names a person; none if it is not decided, or says nothing more already."""
    row = rows.get(key)
    if row is None or row.state not in REDACTABLE:
        return []
    after = replace(row, detail=detail, provider_id=None, facts={})
    return [] if after == row else [Move(row, after)]


def foreign_intents(owner: str, rows: Rows) -> list[LedgerRow]:
    """Rows that somebody else may be sending."""
    return [row for row in rows.values() if row.state == "intent" and row.owner != owner]


def count(counts: Mapping[str, int], moves: Iterable[Move]) -> dict[str, int]:
    """The tally after these moves, without what is nought."""
    total = Counter(counts)
    for before, after in moves:
        total.subtract(_names(before) if before else ())
        total.update(_names(after))
    return {name: n for name, n in total.items() if n}


def entering(moves: Iterable[Move], states: Sequence[str]) -> dict[str, list[LedgerRow]]:
    """Of each of these states, the rows that come into it."""
    found: dict[str, list[LedgerRow]] = {}
    for before, after in moves:
        if after.state in states and (before is None or before.state != after.state):
            found.setdefault(after.state, []).append(after)
    return found


def _names(row: LedgerRow) -> tuple[str, ...]:
    return (row.state, f"held.{row.held}") if row.state == "held" else (row.state,)


def _planned(place: Place, row: PlannedRow) -> LedgerRow:
    """It may leave once it is due."""
    return LedgerRow(
        campaign=place.campaign,
        shard=place.shard,
        key=row.key,
        contact=row.contact,
        person=row.person,
        variant=row.variant,
        due=row.due,
        reason=row.reason,
        facts=as_stored(row.facts),
        state="planned",
        attempt=1,
        not_before=row.due,
        owner=None,
        lease_until=None,
        held=None,
        verdict=None,
        provider_id=None,
        cost_micros=0,
        detail=None,
        acceptances=(),
        intended_at=None,
        settled_at=None,
    )


def _claimed(row: LedgerRow, owner: str, claim: Claim, now: datetime, lease_until: datetime) -> LedgerRow:
    intent, held = claim.state == "intent", claim.state == "held"
    return replace(
        row,
        state=claim.state,
        owner=owner if intent else None,
        lease_until=lease_until if intent else None,
        held=claim.held if held else None,
        verdict=as_stored(claim.verdict),
        not_before=claim.not_before or row.not_before,
        intended_at=now if intent else row.intended_at,
        settled_at=now if held else row.settled_at,
    )


def _settled(row: LedgerRow, news: Settlement, now: datetime) -> LedgerRow | None:
    """The row after the news; None if it changes nothing. A row that stays in its state keeps all but the acceptance
    and what it cost."""
    if news.state == "unsent" and news.owner != row.owner:
        return None
    before = Standing(row.state, row.attempt, row.acceptances)
    after = settled(before, news.state, news.attempt)
    if after == before:
        return None
    kept = replace(row, acceptances=after.acceptances, cost_micros=row.cost_micros + news.cost_micros)
    if after.state == row.state:
        return kept
    return replace(
        kept,
        state=after.state,  # type: ignore[arg-type]
        attempt=after.attempt,
        provider_id=row.provider_id if news.provider_id is None else shortened(news.provider_id),
        detail=row.detail if news.detail is None else shortened(news.detail),
        not_before=(news.not_before or now) if news.state == "planned" else row.not_before,
        settled_at=now,
    )
