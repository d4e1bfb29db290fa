"""The search by words: full text with BM25, in a time that does not grow with how common the words are."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from shared.domain.knowledge_terms import asked

_MOST_RANKED = 6_000
"""Passages that a query may make SQLite rank at once: some 5 ms. Rare words find them; of common ones, those that have
all the words; if even these are more, the newest."""
_PREFIX = 5
"""Letters from which on a term also finds the words that it begins."""
# A word of the heading counts twice.
_RANKED = """SELECT rowid FROM (SELECT rowid, bm25(words, 2.0, 1.0) AS score FROM words WHERE words MATCH ?
    ORDER BY rowid DESC LIMIT ?) ORDER BY score, rowid LIMIT ?"""
_COUNT = "SELECT count(*) FROM (SELECT 1 FROM words WHERE words MATCH ? LIMIT ?)"


def ranked(connection: sqlite3.Connection, query: str, limit: int) -> list[int]:
    """Passages (their rows), best first: those with the very words, then those with longer ones."""
    words = asked(query)
    found = _best(connection, [f'"{word}"' for word in words], limit)
    if len(found) < limit:
        longer = _best(connection, [f'"{word}" *' for word in words if len(word) >= _PREFIX], limit)
        found = list(dict.fromkeys(found + longer))
    return found[:limit]


def _best(connection: sqlite3.Connection, phrases: Sequence[str], limit: int) -> list[int]:
    """By the rarest phrases; if common ones were left out, those that have them all come first."""
    there = _by_rarity(connection, phrases)
    telling = _telling(there)
    found: list[int] = []
    if len(telling) < len(there):
        found = _query(connection, " AND ".join(phrase for _, phrase in there), limit)
    if len(found) < limit and telling:
        found += _query(connection, " OR ".join(telling), limit)
    return list(dict.fromkeys(found))


def _query(connection: sqlite3.Connection, match: str, limit: int) -> list[int]:
    return [int(row[0]) for row in connection.execute(_RANKED, (match, _MOST_RANKED, limit))]


def _by_rarity(connection: sqlite3.Connection, phrases: Sequence[str]) -> list[tuple[int, str]]:
    """Those that stand anywhere, with how many passages have them (counted no further than may be ranked)."""
    counted = [(int(connection.execute(_COUNT, (each, _MOST_RANKED)).fetchone()[0]), each) for each in phrases]
    return sorted(each for each in counted if each[0])


def _telling(there: Sequence[tuple[int, str]]) -> list[str]:
    """As many of the rarest as stay within what may be ranked; at least one."""
    chosen: list[str] = []
    left = _MOST_RANKED
    for count, phrase in there:
        if chosen and count > left:
            break
        chosen.append(phrase)
        left -= count
    return chosen
