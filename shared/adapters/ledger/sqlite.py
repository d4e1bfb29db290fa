"""The ledger in a SQLite file. A partition is interned to a number; tallies change in the transaction of their rows."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

from shared.adapters._sqlite.database import Database
from shared.adapters.ledger._books import NOTED, count, new_part, part_of
from shared.adapters.ledger._claims import check_claims, write_claims
from shared.adapters.ledger._rows import COLUMNS, ledger_row, micros, moment_or_none, planned_values
from shared.adapters.ledger._settlements import write_settlements
from shared.domain.effect import STATES
from shared.domain.scope import Scope
from shared.ports import REDACTABLE, Claim, LedgerRow, PlannedRow, RowRef, Settlement, State, Tally

_PLAN = """INSERT INTO effects (part, key, contact, person, variant, due, reason, facts, not_before)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (part, key) DO NOTHING"""
_EXPIRING = "part = ? AND state = 'intent' AND owner <> ? AND lease_until <= ?"
_NOTE_EXPIRING = f"INSERT OR IGNORE INTO noted SELECT part, 'unknown', key FROM effects WHERE {_EXPIRING}"
_EXPIRE = f"UPDATE effects SET state = 'unknown', detail = 'lease-ended', settled_at = ? WHERE {_EXPIRING}"

_REDACT = f"""UPDATE effects SET detail = ?, provider_id = NULL, facts = '{{}}'
    WHERE part = ? AND key = ? AND state IN ({", ".join("?" * len(REDACTABLE))})"""


class SqliteLedger:
    """`shared.ports.Ledger` in `database`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def plan(self, scope: Scope, campaign: str, shard: int, rows: Sequence[PlannedRow]) -> None:
        if len(rows) > 1000:
            raise ValueError(f"rows: at most 1000 a shard, not {len(rows)}")

        def work(connection: sqlite3.Connection) -> None:
            part = new_part(connection, scope, campaign, shard)
            values = [planned_values(part, row) for row in sorted(rows, key=_due)]
            inserted = connection.executemany(_PLAN, values).rowcount
            count(connection, part, {"planned": inserted})

        if rows:
            self._database.write(work)

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
        at, until = micros(now), micros(lease_until)

        def work(connection: sqlite3.Connection) -> set[str]:
            part = part_of(connection, scope, campaign, shard)
            return write_claims(connection, part, owner, claims, at, until)

        return self._database.write(work)

    def expire(self, scope: Scope, campaign: str, shard: int, owner: str, now: datetime) -> datetime | None:
        at = micros(now)

        def work(connection: sqlite3.Connection) -> None:
            part = part_of(connection, scope, campaign, shard)
            connection.execute(_NOTE_EXPIRING, (part, owner, at))
            expired = connection.execute(_EXPIRE, (at, part, owner, at)).rowcount
            count(connection, part, {"intent": -expired, "unknown": expired})

        lease = self._first_foreign_lease(scope, campaign, shard, owner)
        if lease is not None and lease <= at:
            self._database.write(work)
            lease = self._first_foreign_lease(scope, campaign, shard, owner)
        return moment_or_none(lease)

    def settle(self, scope: Scope, campaign: str, shard: int, settlements: Sequence[Settlement], now: datetime) -> None:
        at = micros(now)

        def work(connection: sqlite3.Connection) -> None:
            part = part_of(connection, scope, campaign, shard)
            write_settlements(connection, part, settlements, at)

        # Losing a receipt to a power cut only leaves the row unknown (design 4.1), so this need not wait for the disk.
        self._database.write(work, durable=False)

    def redact(self, scope: Scope, ref: RowRef, detail: str | None) -> None:
        def work(connection: sqlite3.Connection) -> None:
            part = part_of(connection, scope, ref.campaign, ref.shard)
            connection.execute(_REDACT, (detail, part, ref.key, *REDACTABLE))

        self._database.write(work)

    def tally(self, scope: Scope, campaign: str, shard: int | None = None) -> Tally:
        with self._database.reading() as connection:
            sums = connection.execute(
                """SELECT name, sum(n) FROM partitions JOIN tallies ON part = id
                WHERE scope = ? AND campaign = ? AND shard = ifnull(?, shard) GROUP BY name HAVING sum(n) <> 0""",
                (str(scope), campaign, shard),
            ).fetchall()
        return {**dict.fromkeys(STATES, 0), **dict(sums)}

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
        where, order = "part = ? AND key > ? AND state = ifnull(?, state)", "key"
        values: list[Any] = [after or "", state]
        if due_by is not None:
            where, order = f"{where} AND not_before <= ?", "not_before, id"
            values.append(micros(due_by))
        with self._database.reading() as connection:
            rows = connection.execute(
                f"SELECT {COLUMNS} FROM effects e WHERE {where} ORDER BY {order} LIMIT ?",
                (part_of(connection, scope, campaign, shard), *values, limit),
            ).fetchall()
        return [ledger_row(campaign, shard, row) for row in rows]

    def of_person(self, scope: Scope, refs: Sequence[RowRef]) -> list[LedgerRow]:
        with self._database.reading() as connection:
            found = [(ref, _row_at(connection, scope, ref)) for ref in refs]
        return [ledger_row(ref.campaign, ref.shard, row) for ref, row in found if row]

    def of_state(
        self,
        scope: Scope,
        campaign: str,
        state: Literal["held", "failed", "unknown"],
        cursor: str | None = None,
        limit: int = 100,
    ) -> tuple[list[LedgerRow], str | None]:
        if state not in NOTED:
            raise ValueError(f"state {state!r} must be one of {', '.join(NOTED)}")
        shard, key = _read_cursor(cursor)
        with self._database.reading() as connection:
            rows = connection.execute(
                f"""SELECT shard, {COLUMNS} FROM partitions p CROSS JOIN noted n ON n.part = p.id
                CROSS JOIN effects e ON e.part = p.id AND e.key = n.key
                WHERE scope = ? AND campaign = ? AND shard >= ? AND n.state = ? AND e.state = n.state
                AND (shard > ? OR n.key > ?) ORDER BY shard, n.key LIMIT ?""",
                (str(scope), campaign, shard, state, shard, key, limit + 1),
            ).fetchall()
        found = [ledger_row(campaign, row[0], row[1:]) for row in rows[:limit]]
        return found, f"{found[-1].shard}:{found[-1].key}" if len(rows) > limit else None

    def _first_foreign_lease(self, scope: Scope, campaign: str, shard: int, owner: str) -> int | None:
        with self._database.reading() as connection:
            found: tuple[int | None] = connection.execute(
                "SELECT min(lease_until) FROM effects WHERE part = ? AND state = 'intent' AND owner <> ?",
                (part_of(connection, scope, campaign, shard), owner),
            ).fetchone()
        return found[0]


def _due(row: PlannedRow) -> datetime:
    return row.due


def _row_at(connection: sqlite3.Connection, scope: Scope, ref: RowRef) -> tuple[Any, ...] | None:
    part = part_of(connection, scope, ref.campaign, ref.shard)
    sql = f"SELECT {COLUMNS} FROM effects e WHERE part = ? AND key = ?"
    found: tuple[Any, ...] | None = connection.execute(sql, (part, ref.key)).fetchone()
    return found


def _read_cursor(cursor: str | None) -> tuple[int, str]:
    if cursor is None:
        return -1, ""
    shard, colon, key = cursor.partition(":")
    if not (colon and shard.isdecimal() and len(shard) < 10):
        raise ValueError("the cursor is not one of ours")
    return int(shard), key
