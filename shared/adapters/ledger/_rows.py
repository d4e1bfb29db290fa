"""Rows of the ledger to and from SQLite: times as microseconds since 1970, mappings as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from shared.ports import LedgerRow, PlannedRow

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

COLUMNS = """e.key, e.contact, e.person, e.variant, e.due, e.reason, e.facts, e.state, e.attempt, e.not_before, e.owner,
    e.lease_until, e.held, e.verdict, e.provider_id, e.cost_micros, e.detail, e.acceptances, e.intended_at,
    e.settled_at"""


def micros(at: datetime) -> int:
    """Microseconds since 1970; only aware times (TypeError)."""
    return (at - _EPOCH) // _MICROSECOND


def moment(micros: int) -> datetime:
    """The inverse of `micros`."""
    return _EPOCH + timedelta(microseconds=micros)


def moment_or_none(micros: int | None) -> datetime | None:
    """`moment`, or None if there was none."""
    return None if micros is None else moment(micros)


def to_json(value: Mapping[str, Any] | Sequence[Any]) -> str:
    """Compact JSON text."""
    return orjson.dumps(value).decode()


def planned_values(part: int, row: PlannedRow) -> tuple[Any, ...]:
    """The values of a new row, in the order of the table's first columns; it may leave once it is due."""
    due = micros(row.due)
    return part, row.key, row.contact, row.person, row.variant, due, row.reason, to_json(row.facts), due


def ledger_row(campaign: str, shard: int, values: Sequence[Any]) -> LedgerRow:
    """A row as read with COLUMNS."""
    key, contact, person, variant, due, reason, facts, state, attempt, not_before, owner, lease_until = values[:12]
    held, verdict, provider_id, cost_micros, detail, acceptances, intended_at, settled_at = values[12:]
    return LedgerRow(
        campaign=campaign,
        shard=shard,
        key=key,
        contact=contact,
        person=person,
        variant=variant,
        due=moment(due),
        reason=reason,
        facts=orjson.loads(facts),
        state=state,
        attempt=attempt,
        not_before=moment(not_before),
        owner=owner,
        lease_until=moment_or_none(lease_until),
        held=held,
        verdict=None if verdict is None else orjson.loads(verdict),
        provider_id=provider_id,
        cost_micros=cost_micros,
        detail=detail,
        acceptances=tuple(orjson.loads(acceptances)),
        intended_at=moment_or_none(intended_at),
        settled_at=moment_or_none(settled_at),
    )
