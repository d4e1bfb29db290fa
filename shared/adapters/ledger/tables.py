"""The ledger in Azure Table storage. `_tables_shards` says how it is kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from itertools import islice
from typing import Any, Literal

import orjson

from shared.adapters._azure.table_wire import Wire, portions
from shared.adapters.ledger._claims import check_claims
from shared.adapters.ledger._tables_listed import Listed, rows_at
from shared.adapters.ledger._tables_moves import (
    claim_moves,
    expire_moves,
    foreign_intents,
    plan_moves,
    redact_moves,
    settle_moves,
)
from shared.adapters.ledger._tables_rows import (
    TALLY,
    Place,
    check_json,
    check_name,
    check_planned,
    listed_key,
    partition,
)
from shared.adapters.ledger._tables_shards import LISTED, Shards
from shared.domain.effect import STATES
from shared.domain.scope import Scope
from shared.ports import CLAIMS_MOST, Claim, LedgerRow, PlannedRow, RowRef, Settlement, State, Tally


class TablesLedger:
    """`shared.ports.Ledger` in the table `name` of the service that `connect` opens, at the first use.

    `pace` waits some seconds before a request is repeated. Methods raise Unavailable when the service cannot be
    reached, Misconfigured when it does not let us in, and ValueError for what a row of a table cannot hold."""

    def __init__(self, connect: Callable[[], Any], pace: Callable[[float], None], name: str = "ledger") -> None:
        self._wire = Wire(connect, name, pace, "LedgerConnection")
        self._shards = Shards(self._wire)
        self._listed = Listed(self._wire, self._shards)

    def plan(self, scope: Scope, campaign: str, shard: int, rows: Sequence[PlannedRow]) -> None:
        if len(rows) > 1000:
            raise ValueError(f"rows: at most 1000 a shard, not {len(rows)}")
        for row in rows:
            check_planned(row)
        place = Place(scope, campaign, shard)
        for portion in portions(rows, CLAIMS_MOST):
            self._shards.change(place, partial(plan_moves, place, portion))

    def claim(
        self,
        scope: Scope,
        campaign: str,
        shard: int,
        owner: str,
        claims: Sequence[Claim],
        now: datetime,
        lease_until: datetime,
    ) -> set[str]:
        check_claims(claims)
        check_name("owner", owner)
        for claim in claims:
            check_name("held", claim.held)
            check_json("verdict", claim.verdict)
        moves = self._shards.change(
            Place(scope, campaign, shard), partial(claim_moves, owner, claims, now, lease_until)
        )
        return {after.key for _, after in moves if after.state == "intent"}

    def expire(self, scope: Scope, campaign: str, shard: int, owner: str, now: datetime) -> datetime | None:
        place = Place(scope, campaign, shard)
        late = partial(expire_moves, owner, now, CLAIMS_MOST)
        while late(rows := self._shards.read(place).rows):
            self._shards.change(place, late)
        return min((row.lease_until for row in foreign_intents(owner, rows) if row.lease_until), default=None)

    def settle(self, scope: Scope, campaign: str, shard: int, settlements: Sequence[Settlement], now: datetime) -> None:
        place = Place(scope, campaign, shard)
        for portion in portions(settlements, CLAIMS_MOST):
            self._shards.change(place, partial(settle_moves, portion, now))

    def redact(self, scope: Scope, ref: RowRef, detail: str | None) -> None:
        self._shards.change(Place(scope, ref.campaign, ref.shard), partial(redact_moves, ref.key, detail))

    def tally(self, scope: Scope, campaign: str, shard: int | None = None) -> Tally:
        if shard is not None:
            places = [Place(scope, campaign, shard)]
        else:
            known = self._wire.range(partition(scope, campaign, "shards"))
            places = [Place(scope, campaign, int(entity["RowKey"])) for entity in known]
        sums: Counter[str] = Counter(dict.fromkeys(STATES, 0))
        for entity in self._wire.get_all([(place.partition, TALLY) for place in places]):
            sums.update(orjson.loads(entity["counts"]) if entity else {})
        return dict(sums)

    def of_shard(
        self,
        scope: Scope,
        campaign: str,
        shard: int,
        state: State | None = None,
        due_by: datetime | None = None,
        after: str | None = None,
        limit: int = 1000,
    ) -> list[LedgerRow]:
        rows = [
            row
            for row in self._shards.read(Place(scope, campaign, shard)).rows.values()
            if row.key > (after or "")
            and (state is None or row.state == state)
            and (due_by is None or row.not_before <= due_by)
        ]
        rows.sort(key=_by_key if due_by is None else _soonest_first)
        return rows[:limit]

    def of_person(self, scope: Scope, refs: Sequence[RowRef]) -> list[LedgerRow]:
        places = [(Place(scope, ref.campaign, ref.shard), ref.key) for ref in refs]
        return [row for row in rows_at(self._wire, places) if row]

    def of_state(
        self,
        scope: Scope,
        campaign: str,
        state: Literal["held", "failed", "unknown"],
        cursor: str | None = None,
        limit: int = 100,
    ) -> tuple[list[LedgerRow], str | None]:
        if state not in LISTED:
            raise ValueError(f"state {state!r} must be one of {', '.join(LISTED)}")
        rows = self._listed.read(scope, campaign, state, _read_cursor(cursor), limit + 1)
        found = list(islice(rows, limit + 1))
        page = found[:limit]
        return page, f"{page[-1].shard}:{page[-1].key}" if len(found) > limit else None

    def close(self) -> None:
        """Let go of the connections; the next use opens them again."""
        self._wire.close()


def _by_key(row: LedgerRow) -> str:
    return row.key


def _soonest_first(row: LedgerRow) -> tuple[datetime, datetime, str]:
    return row.not_before, row.due, row.key


def _read_cursor(cursor: str | None) -> str:
    """The RowKey to go on after."""
    if cursor is None:
        return ""
    shard, colon, key = cursor.partition(":")
    if not (colon and shard.isdecimal() and len(shard) < 10):
        raise ValueError("the cursor is not one of ours")
    return listed_key(int(shard), key)
