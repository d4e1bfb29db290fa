"""The search by vectors: the signs of the numbers find candidates, the numbers themselves rank them."""

from __future__ import annotations

import math
import sqlite3
import sys
from array import array
from collections.abc import Iterator, Mapping, Sequence
from heapq import nsmallest
from operator import mul

from shared.domain.knowledge import Passage, passage_id

_OVERSAMPLED = 8
"""Candidates for each passage that is wanted: a sign keeps little of a number, yet the near ones are among them."""
_LEAST = 100


def nearest(connection: sqlite3.Connection, space: str, vector: Sequence[float], limit: int) -> list[int]:
    """Passages (their rows), the smallest angle first. Vectors of another length are passed over."""
    unit = _unit(vector)
    if unit is None:
        return []
    mine, size = int.from_bytes(_signs(unit), "little"), len(unit)
    rows = connection.execute("SELECT passage, signs FROM vectors WHERE space = ?", (space,))
    apart = (((int.from_bytes(signs, "little") ^ mine).bit_count(), passage) for passage, signs in rows)
    near = [passage for _, passage in nsmallest(max(_LEAST, limit * _OVERSAMPLED), apart)]
    scored = [(-_dot(unit, numbers), passage) for passage, numbers in _numbers(connection, space, near, size)]
    return [passage for _, passage in sorted(scored)[:limit]]


def put(connection: sqlite3.Connection, space: str, vectors: Mapping[str, Sequence[float]]) -> None:
    """As `shared.ports.Knowledge.put_vectors`, inside the caller's transaction."""
    for id, vector in vectors.items():
        unit = _unit(vector)
        if unit is not None:
            connection.execute(
                "INSERT OR REPLACE INTO vectors SELECT ?, id, ?, ? FROM passages WHERE hash = ?",
                (space, _signs(unit), _little(unit), bytes.fromhex(id)),
            )


def missing(connection: sqlite3.Connection, space: str, limit: int) -> list[Passage]:
    """As `shared.ports.Knowledge.without_vector`."""
    rows = connection.execute(
        """SELECT heading, text FROM passages WHERE NOT EXISTS
        (SELECT 1 FROM vectors WHERE space = ? AND passage = passages.id) ORDER BY id LIMIT ?""",
        (space, limit),
    )
    return [
        Passage(id=passage_id(heading, text), text=text, heading=heading, start=0, end=len(text))
        for heading, text in rows
    ]


def _numbers(
    connection: sqlite3.Connection, space: str, passages: Sequence[int], size: int
) -> Iterator[tuple[int, array[float]]]:
    for passage in passages:
        row = connection.execute("SELECT numbers FROM vectors WHERE space = ? AND passage = ?", (space, passage))
        numbers = array("f", row.fetchone()[0])
        if sys.byteorder == "big":
            numbers.byteswap()
        if len(numbers) == size:
            yield passage, numbers


def _unit(vector: Sequence[float]) -> array[float] | None:
    """The vector with length 1; None for one without a direction."""
    length = math.sqrt(sum(number * number for number in vector))
    return array("f", (number / length for number in vector)) if length and math.isfinite(length) else None


def _dot(first: Sequence[float], second: Sequence[float]) -> float:
    return float(sum(map(mul, first, second)))


def _signs(unit: Sequence[float]) -> bytes:
    bits = sum(1 << n for n, number in enumerate(unit) if number > 0)
    return bits.to_bytes((len(unit) + 7) // 8, "little")


def _little(unit: array[float]) -> bytes:
    if sys.byteorder == "big":
        unit = array("f", unit)
        unit.byteswap()
    return unit.tobytes()
