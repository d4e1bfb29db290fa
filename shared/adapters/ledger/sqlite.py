"""The ledger in a SQLite file. A partition is interned to a number; tallies change in the transaction of their rows."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple

from shared.adapters._sqlite.database import Database
from shared.adapters.ledger._rows import COLUMNS, ledger_row, micros, moment_or_none, planned_values, to_json
from shared.domain.effect import STATES, Standing, settled
from shared.domain.scope import Scope
from shared.ports import Claim, LedgerRow, PlannedRow, RowRef, Settlement, State, Tally

_PLAN = """INSERT OR IGNORE INTO effects (part, key, contact, person, variant, due, reason, facts, not_before)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"""
_CLAIM = """UPDATE effects SET state = ?, owner = ?, lease_until = ?, held = ?, verdict = ?,
    not_before = ifnull(?, not_before), intended_at = ifnull(?, intended_at), settled_at = ifnull(?, settled_at)
    WHERE id = ?"""
_SETTLE = """UPDATE effects SET state = ?, attempt = ?, acceptances = ?, provider_id = ifnull(?, provider_id),
    cost_micros = cost_micros + ?, detail = ifnull(?, detail), not_before = ifnull(?, not_before),
    settled_at = ifnull(?, settled_at) WHERE id = ?"""
_EXPIRING = "part = ? AND state = 'intent' AND owner <> ? AND lease_until <= ?"
_NOTE_EXPIRING = f"INSERT OR IGNORE INTO noted SELECT part, 'unknown', key FROM effects WHERE {_EXPIRING}"
_EXPIRE = f"UPDATE effects SET state = 'unknown', detail = 'lease-ended', settled_at = ? WHERE {_EXPIRING}"
_NOTE = "INSERT OR IGNORE INTO noted VALUES (?, ?, ?)"
_COUNT = "INSERT INTO tallies VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET n = n + excluded.n"
_NOTED = ("held", "failed", "unknown")


class _Move(NamedTuple):
    id: int
    news: Settlement
    before: Standing
    after: Standing


class SqliteLedger:
    """`shared.ports.Ledger` in `database`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def plan(self, scope: Scope, campaign: str, shard: int, rows: Sequence[PlannedRow]) -> None:
        _at_most(1000, "rows", rows)

        def work(connection: sqlite3.Connection) -> None:
            part = _new_part(connection, scope, campaign, shard)
            values = [planned_values(part, row) for row in sorted(rows, key=_due)]
            inserted = connection.executemany(_PLAN, values).rowcount
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
            open_to = _planned(connection, part, [claim.key for claim in claims])
            won = [claim for claim in claims if (claim.key, claim.attempt) in open_to]
            connection.executemany(_NOTE, [(part, "held", claim.key) for claim in won if claim.state == "held"])
            connection.executemany(
                _CLAIM, [_claim_values(open_to[claim.key, claim.attempt], claim, *terms) for claim in won]
            )
            _count(connection, part, _claimed(won))
            return {claim.key for claim in won if claim.state == "intent"}

        return self._database.write(work)

    def expire(self, scope: Scope, campaign: str, shard: int, owner: str, now: datetime) -> datetime | None:
        at = micros(now)

        def work(connection: sqlite3.Connection) -> None:
            part = _part(connection, scope, campaign, shard)
            connection.execute(_NOTE_EXPIRING, (part, owner, at))
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
            moves = _moves(_standings(connection, part, [each.key for each in settlements]), settlements)
            connection.executemany(_NOTE, [(part, move.after.state, move.news.key) for move in moves if _to_note(move)])
            connection.executemany(_SETTLE, [_settle_values(move, at) for move in moves])
            _count(connection, part, _settled(moves))

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
        where, order = "part = ? AND key > ? AND state = ifnull(?, state)", "key"
        values: list[Any] = [after or "", state]
        if due_by is not None:
            where, order = f"{where} AND not_before <= ?", "not_before, id"
            values.append(micros(due_by))
        with self._database.reading() as connection:
            rows = connection.execute(
                f"SELECT {COLUMNS} FROM effects e WHERE {where} ORDER BY {order} LIMIT ?",
                (_part(connection, scope, campaign, shard), *values, limit),
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
        if state not in _NOTED:
            raise ValueError(f"state {state!r} must be one of {', '.join(_NOTED)}")
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
                (_part(connection, scope, campaign, shard), owner),
            ).fetchone()
        return found[0]


def _due(row: PlannedRow) -> datetime:
    return row.due


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


def _planned(connection: sqlite3.Connection, part: int | None, keys: list[str]) -> dict[tuple[str, int], int]:
    """The numbers of those rows that may be claimed, by key and attempt."""
    rows = connection.execute(
        """SELECT key, attempt, id FROM effects
        WHERE part = ? AND state = 'planned' AND key IN (SELECT value FROM json_each(?))""",
        (part, to_json(keys)),
    )
    return {(key, attempt): id for key, attempt, id in rows}


def _standings(connection: sqlite3.Connection, part: int | None, keys: list[str]) -> dict[str, tuple[int, Standing]]:
    """The numbers and standings of these rows."""
    rows = connection.execute(
        """SELECT key, id, state, attempt, acceptances FROM effects
        WHERE part = ? AND key IN (SELECT value FROM json_each(?))""",
        (part, to_json(keys)),
    )
    return {key: (id, Standing(state, attempt, _attempts(text))) for key, id, state, attempt, text in rows}


def _attempts(text: str) -> tuple[int, ...]:
    return tuple(int(each) for each in text[1:-1].split(",")) if text != "[]" else ()


def _claim_values(id: int, claim: Claim, owner: str, lease_until: int, now: int) -> tuple[Any, ...]:
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
        id,
    )


def _claimed(won: Iterable[Claim]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for claim in won:
        counts["planned"] -= 1
        counts[claim.state] += 1
        if claim.state == "held":
            counts[f"held.{claim.held}"] += 1
    return counts


def _moves(rows: dict[str, tuple[int, Standing]], settlements: Iterable[Settlement]) -> list[_Move]:
    """What changes; several settlements of one row apply in their order."""
    moves = []
    for news in settlements:
        if news.key not in rows:
            continue
        id, before = rows[news.key]
        after = settled(before, news.state, news.attempt)
        if after != before:
            rows[news.key] = id, after
            moves.append(_Move(id, news, before, after))
    return moves


def _to_note(move: _Move) -> bool:
    return move.after.state in _NOTED and move.after.state != move.before.state


def _settled(moves: Iterable[_Move]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for move in moves:
        counts[move.before.state] -= 1
        counts[move.after.state] += 1
    return counts


def _settle_values(move: _Move, now: int) -> tuple[Any, ...]:
    """A row that stays in its state keeps all but the acceptance and what it cost."""
    news, after = move.news, move.after
    moved = after.state != move.before.state
    again = moved and after.state == "planned"
    return (
        after.state,
        after.attempt,
        to_json(after.acceptances),
        news.provider_id if moved else None,
        news.cost_micros,
        news.detail if moved else None,
        (micros(news.not_before) if news.not_before else now) if again else None,
        now if moved else None,
        move.id,
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
        raise ValueError("the cursor is not one of ours")
    return int(shard), key
