"""Settlements of a partition, inside the transaction of whoever writes."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import orjson

from shared.adapters.ledger._books import NOTED, count, note
from shared.adapters.ledger._rows import micros, to_json
from shared.domain.effect import Standing, settled
from shared.ports import Settlement

_SETTLE = """UPDATE effects SET state = ?, attempt = ?, acceptances = ?, provider_id = ifnull(?, provider_id),
    cost_micros = cost_micros + ?, detail = ifnull(?, detail), settled_at = ifnull(?, settled_at) WHERE id = ?"""
# Apart from the others: naming not_before, though it stays, would rewrite its place in the index.
_AGAIN = "UPDATE effects SET not_before = ? WHERE id = ?"


class _Move(NamedTuple):
    id: int
    news: Settlement
    before: Standing
    after: Standing


def write_settlements(
    connection: sqlite3.Connection, part: int | None, settlements: Sequence[Settlement], now: int
) -> None:
    """What became of attempts, as `domain.effect` decides."""
    moves = _moves(_standings(connection, part, [each.key for each in settlements]), settlements)
    note(connection, part, [(move.after.state, move.news.key) for move in moves if _to_note(move)])
    connection.executemany(_SETTLE, [_values(move, now) for move in moves])
    connection.executemany(_AGAIN, [(_not_before(move, now), move.id) for move in moves if _again(move)])
    count(connection, part, _changes(moves))


def _standings(connection: sqlite3.Connection, part: int | None, keys: list[str]) -> dict[str, tuple[int, Standing]]:
    """The numbers and standings of these rows."""
    rows = connection.execute(
        """SELECT key, id, state, attempt, acceptances FROM effects
        WHERE part = ? AND key IN (SELECT value FROM json_each(?))""",
        (part, to_json(keys)),
    )
    return {key: (id, _standing(*stored)) for key, id, *stored in rows}


# The rows of a window are mostly alike: what is decided of one is remembered for the others.
@lru_cache(1000)
def _standing(state: str, attempt: int, acceptances: str) -> Standing:
    return Standing(state, attempt, tuple(orjson.loads(acceptances)))


@lru_cache(1000)
def _stored(after: Standing) -> tuple[str, int, str]:
    return after.state, after.attempt, to_json(after.acceptances)


_settled = lru_cache(1000)(settled)


def _moves(rows: dict[str, tuple[int, Standing]], settlements: Iterable[Settlement]) -> list[_Move]:
    """What changes; several settlements of one row apply in their order."""
    moves = []
    for news in settlements:
        if news.key not in rows:
            continue
        id, before = rows[news.key]
        after = _settled(before, news.state, news.attempt)
        if after != before:
            rows[news.key] = id, after
            moves.append(_Move(id, news, before, after))
    return moves


def _to_note(move: _Move) -> bool:
    return move.after.state in NOTED and move.after.state != move.before.state


def _changes(moves: Iterable[_Move]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for (before, after), n in Counter((move.before.state, move.after.state) for move in moves).items():
        counts[before] -= n
        counts[after] += n
    return counts


def _values(move: _Move, now: int) -> tuple[Any, ...]:
    """A row that stays in its state keeps all but the acceptance and what it cost."""
    news, after = move.news, move.after
    moved = after.state != move.before.state
    return (
        *_stored(after),
        news.provider_id if moved else None,
        news.cost_micros,
        news.detail if moved else None,
        now if moved else None,
        move.id,
    )


def _again(move: _Move) -> bool:
    return move.after.state == "planned" and move.before.state != "planned"


def _not_before(move: _Move, now: int) -> int:
    return micros(move.news.not_before) if move.news.not_before else now
