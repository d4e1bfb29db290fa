"""The ledger in a SQLite file. A partition is interned to a number; tallies change in the transaction of their rows."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Literal

from shared.adapters._sqlite.database import Database
from shared.adapters.ledger._rows import COLUMNS, ledger_row, micros, moment_or_none, planned_values, to_json
from shared.domain.effect import STATES, Standing, settled
from shared.domain.scope import Scope
from shared.ports import Claim, LedgerRow, PlannedRow, RowRef, Settlement, State, Tally

_PLAN = """INSERT OR IGNORE INTO effects (part, key, contact, person, variant, due, reason, facts, not_before)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"""
_CLAIM = """UPDATE effects SET state = ?, owner = ?, lease_until = ?, held = ?, verdict = ?,
    not_before = ifnull(?, not_before), intended_at = ifnull(?, intended_at), settled_at = ifnull(?, settled_at)
    WHERE part = ? AND key = ?"""
_SETTLE = """UPDATE effects SET state = ?, attempt = ?, acceptances = ?, provider_id = ifnull(?, provider_id),
    cost_micros = cost_micros + ?, detail = ifnull(?, detail), not_before = ifnull(?, not_before),
    settled_at = ifnull(?, settled_at) WHERE part = ? AND key = ?"""
_EXPIRE = """UPDATE effects SET state = 'unknown', detail = 'lease-ended', settled_at = ?
    WHERE part = ? AND state = 'intent' AND owner <> ? AND lease_until <= ?"""
_COUNT = "INSERT INTO tallies VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET n = n + excluded.n"
_TO_LOOK_AT = ("held", "failed", "unknown")


class SqliteLedger:
    """`shared.ports.Ledger` in `database`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def plan(self, scope: Scope, campaign: str, shard: int, rows: Sequence[PlannedRow]) -> None:
        _at_most(1000, "rows", rows)

        def work(connection: sqlite3.Connection) -> None:
            part = _new_part(connection, scope, campaign, shard)
            inserted = connection.executemany(_PLAN, [planned_values(part, row) for row in rows]).rowcount
            _count(connection, part, {"planned": inserted})

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
        _check_claims(claims)
        terms = owner, micros(lease_until), micros(now)

        def work(connection: sqlite3.Connection) -> set[str]:
            part = _part(connection, scope, campaign, shard)
            before = _standings(connection, part, [claim.key for claim in claims])
            won = [claim for claim in claims if _may_claim(before.get(claim.key), claim)]
            connection.executemany(_CLAIM, [_claim_values(part, claim, *terms) for claim in won])
            _count(connection, part, _claimed(won))
            return {claim.key for claim in won if claim.state == "intent"}

        return self._database.write(work)

    def expire(self, scope: Scope, campaign: str, shard: int, owner: str, now: datetime) -> datetime | None:
        at = micros(now)

        def work(connection: sqlite3.Connection) -> None:
            part = _part(connection, scope, campaign, shard)
            expired = connection.execute(_EXPIRE, (at, part, owner, at)).rowcount
            _count(connection, part, {"intent": -expired, "unknown": expired})

        lease = self._first_foreign_lease(scope, campaign, shard, owner)
        if lease is not None and lease <= at:
            self._database.write(work)
            lease = self._first_foreign_lease(scope, campaign, shard, owner)
        return moment_or_none(lease)

    def settle(self, scope: Scope, campaign: str, shard: int, settlements: Sequence[Settlement], now: datetime) -> None:
        at = micros(now)

        def work(connection: sqlite3.Connection) -> None:
            part = _part(connection, scope, campaign, shard)
            standings = _standings(connection, part, [each.key for each in settlements])
            updates, counts = _settle(part, standings, settlements, at)
            connection.executemany(_SETTLE, updates)
            _count(connection, part, counts)

        # Losing a receipt to a power cut only leaves the row unknown (design 4.1), so this need not wait for the disk.
        self._database.write(work, durable=False)

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
        due = None if due_by is None else micros(due_by)
        order = "key" if due is None else "not_before, key"
        with self._database.reading() as connection:
            rows = connection.execute(
                f"""SELECT {COLUMNS} FROM effects e WHERE part = ? AND key > ? AND state = ifnull(?, state)
                AND not_before <= ifnull(?, not_before) ORDER BY {order} LIMIT ?""",
                (_part(connection, scope, campaign, shard), after or "", state, due, limit),
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
        if state not in _TO_LOOK_AT:
            raise ValueError(f"state {state!r} must be one of {', '.join(_TO_LOOK_AT)}")
        shard, key = _read_cursor(cursor)
        with self._database.reading() as connection:
            # The state is a literal (checked above) so that SQLite may use the partial index.
            rows = connection.execute(
                f"""SELECT shard, {COLUMNS} FROM partitions CROSS JOIN effects e ON part = id
                WHERE scope = ? AND campaign = ? AND shard >= ? AND state = '{state}' AND (shard > ? OR key > ?)
                ORDER BY shard, key LIMIT ?""",
                (str(scope), campaign, shard, shard, key, limit + 1),
            ).fetchall()
        found = [ledger_row(campaign, row[0], row[1:]) for row in rows[:limit]]
        return found, f"{found[-1].shard}:{found[-1].key}" if len(rows) > limit else None

    def _first_foreign_lease(self, scope: Scope, campaign: str, shard: int, owner: str) -> int | None:
        with self._database.reading() as connection:
            found: tuple[int | None] = connection.execute(
                "SELECT min(lease_until) FROM effects WHERE part = ? AND state = 'intent' AND owner <> ?",
                (_part(connection, scope, campaign, shard), owner),
            ).fetchone()
        return found[0]


def _part(connection: sqlite3.Connection, scope: Scope, campaign: str, shard: int) -> int | None:
    """The partition's number; None, which no row has, if nothing was planned there."""
    found = connection.execute(
        "SELECT id FROM partitions WHERE scope = ? AND campaign = ? AND shard = ?", (str(scope), campaign, shard)
    ).fetchone()
    return found[0] if found else None


def _new_part(connection: sqlite3.Connection, scope: Scope, campaign: str, shard: int) -> int:
    place = str(scope), campaign, shard
    connection.execute("INSERT OR IGNORE INTO partitions (scope, campaign, shard) VALUES (?, ?, ?)", place)
    part = _part(connection, scope, campaign, shard)
    assert part is not None
    return part


def _row_at(connection: sqlite3.Connection, scope: Scope, ref: RowRef) -> tuple[Any, ...] | None:
    part = _part(connection, scope, ref.campaign, ref.shard)
    sql = f"SELECT {COLUMNS} FROM effects e WHERE part = ? AND key = ?"
    found: tuple[Any, ...] | None = connection.execute(sql, (part, ref.key)).fetchone()
    return found


def _standings(connection: sqlite3.Connection, part: int | None, keys: list[str]) -> dict[str, Standing]:
    rows = connection.execute(
        """SELECT key, state, attempt, acceptances FROM effects
        WHERE part = ? AND key IN (SELECT value FROM json_each(?))""",
        (part, to_json(keys)),
    )
    return {key: Standing(state, attempt, _attempts(text)) for key, state, attempt, text in rows}


def _attempts(text: str) -> tuple[int, ...]:
    return tuple(int(each) for each in text[1:-1].split(",")) if text != "[]" else ()


def _may_claim(before: Standing | None, claim: Claim) -> bool:
    return before is not None and before.state == "planned" and before.attempt == claim.attempt


def _claim_values(part: int | None, claim: Claim, owner: str, lease_until: int, now: int) -> tuple[Any, ...]:
    intent, held = claim.state == "intent", claim.state == "held"
    return (
        claim.state,
        owner if intent else None,
        lease_until if intent else None,
        claim.held if held else None,
        to_json(claim.verdict),
        micros(claim.not_before) if claim.not_before else None,
        now if intent else None,
        now if held else None,
        part,
        claim.key,
    )


def _claimed(won: Iterable[Claim]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for claim in won:
        counts["planned"] -= 1
        counts[claim.state] += 1
        if claim.state == "held":
            counts[f"held.{claim.held}"] += 1
    return counts


def _settle(
    part: int | None, standings: dict[str, Standing], settlements: Iterable[Settlement], now: int
) -> tuple[list[tuple[Any, ...]], Counter[str]]:
    """The updates and the changes of the tally; several settlements of one row apply in their order."""
    updates, counts = [], Counter[str]()
    for each in settlements:
        before = standings.get(each.key)
        if before is None:
            continue
        after = settled(before, each.state, each.attempt)
        if after == before:
            continue
        standings[each.key] = after
        counts[before.state] -= 1
        counts[after.state] += 1
        updates.append(_settle_values(part, each, after, after.state != before.state, now))
    return updates, counts


def _settle_values(part: int | None, each: Settlement, after: Standing, moved: bool, now: int) -> tuple[Any, ...]:
    """A row that stays where it is keeps all but the acceptance and what it cost."""
    again = moved and after.state == "planned"
    return (
        after.state,
        after.attempt,
        to_json(after.acceptances),
        each.provider_id if moved else None,
        each.cost_micros,
        each.detail if moved else None,
        (micros(each.not_before) if each.not_before else now) if again else None,
        now if moved else None,
        part,
        each.key,
    )


def _count(connection: sqlite3.Connection, part: int | None, changes: dict[str, int]) -> None:
    connection.executemany(_COUNT, [(part, name, n) for name, n in changes.items() if n])


def _at_most(most: int, what: str, given: Sequence[Any]) -> None:
    if len(given) > most:
        raise ValueError(f"{what}: at most {most} at a time, not {len(given)}")


def _check_claims(claims: Sequence[Claim]) -> None:
    _at_most(100, "claims", claims)
    if len({claim.key for claim in claims}) < len(claims):
        raise ValueError("claims: each row at most once")
    if any(claim.state == "held" and not claim.held for claim in claims):
        raise ValueError("claims: what is held needs a reason")


def _read_cursor(cursor: str | None) -> tuple[int, str]:
    if cursor is None:
        return -1, ""
    shard, colon, key = cursor.partition(":")
    if not (colon and shard.isdecimal()):
        raise ValueError("cursor: it is not one of ours")
    return int(shard), key
