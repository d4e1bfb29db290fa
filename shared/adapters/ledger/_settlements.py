"""Settlements of a partition, inside the transaction of whoever writes."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
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


_Stored = tuple[str, int, str]
"""State, attempt and acceptances (JSON) of a row."""
_Found = tuple[int, str | None, _Stored]


class _Change(NamedTuple):
    """What a settlement makes of a row that stands so."""

    before: str
    stored: _Stored

    @property
    def after(self) -> str:
        return self.stored[0]

    @property
    def moved(self) -> bool:
        return self.after != self.before


class _Move(NamedTuple):
    id: int
    news: Settlement
    change: _Change


def write_settlements(
    connection: sqlite3.Connection, part: int | None, settlements: Sequence[Settlement], now: int
) -> None:
    """What became of attempts, as `domain.effect` decides."""
    moves = list(_moves(_rows(connection, part, [each.key for each in settlements]), settlements))
    kinds = Counter(move.change for move in moves)
    if any(change.moved and change.after in (*NOTED, "planned") for change in kinds):
        note(connection, part, [(move.change.after, move.news.key) for move in moves if _to_note(move)])
        connection.executemany(_AGAIN, [(_not_before(move, now), move.id) for move in moves if _again(move)])
    connection.executemany(_SETTLE, [_values(move, now) for move in moves])
    count(connection, part, _counts(kinds))


def _rows(connection: sqlite3.Connection, part: int | None, keys: list[str]) -> dict[str, _Found]:
    """The numbers and owners of these rows, and how they stand."""
    rows = connection.execute(
        """SELECT key, id, owner, state, attempt, acceptances FROM effects
        WHERE part = ? AND key IN (SELECT value FROM json_each(?))""",
        (part, to_json(keys)),
    )
    return {key: (id, owner, (state, attempt, acceptances)) for key, id, owner, state, attempt, acceptances in rows}


def _moves(rows: dict[str, _Found], settlements: Iterable[Settlement]) -> Iterator[_Move]:
    """What changes; several settlements of one row apply in their order."""
    for news in settlements:
        if news.key not in rows:
            continue
        id, owner, stored = rows[news.key]
        if news.state == "unsent" and news.owner != owner:
            continue
        change = _change(stored, news.state, news.attempt)
        if change is not None:
            rows[news.key] = id, owner, change.stored
            yield _Move(id, news, change)


@lru_cache(1000)
def _change(stored: _Stored, state: str, attempt: int) -> _Change | None:
    """The rows of a window are mostly alike: what is decided of one is remembered for the others."""
    before = Standing(stored[0], stored[1], tuple(orjson.loads(stored[2])))
    after = settled(before, state, attempt)
    if after == before:
        return None
    return _Change(before.state, (after.state, after.attempt, to_json(after.acceptances)))


def _counts(kinds: Counter[_Change]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for change, n in kinds.items():
        counts[change.before] -= n
        counts[change.after] += n
    return counts


def _values(move: _Move, now: int) -> tuple[Any, ...]:
    """A row that stays in its state keeps all but the acceptance and what it cost."""
    news, change = move.news, move.change
    if not change.moved:
        return (*change.stored, None, news.cost_micros, None, None, move.id)
    return (*change.stored, news.provider_id, news.cost_micros, news.detail, now, move.id)


def _to_note(move: _Move) -> bool:
    return move.change.moved and move.change.after in NOTED


def _again(move: _Move) -> bool:
    return move.change.moved and move.news.state == "planned"


def _not_before(move: _Move, now: int) -> int:
    return micros(move.news.not_before) if move.news.not_before else now
