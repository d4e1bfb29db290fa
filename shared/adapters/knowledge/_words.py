"""The search by words: full text with BM25, in a time that does not grow with how common the words are."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from shared.domain.knowledge_terms import asked

_MOST_RANKED = 12_000
"""Passages that a query may make SQLite rank: some 10 ms. Rare words find them, common ones only if there are no rare
ones; then the newest are ranked."""
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
    telling = _telling(connection, phrases)
    if not telling:
        return []
    rows = connection.execute(_RANKED, (" OR ".join(telling), _MOST_RANKED, limit))
    return [int(row[0]) for row in rows]


def _telling(connection: sqlite3.Connection, phrases: Sequence[str]) -> list[str]:
    """The rarest of the phrases that stand anywhere, as many as stay within what may be ranked; at least one."""
    counted = ((int(connection.execute(_COUNT, (each, _MOST_RANKED)).fetchone()[0]), each) for each in phrases)
    chosen: list[str] = []
    left = _MOST_RANKED
    for count, phrase in sorted(each for each in counted if each[0]):
        if chosen and count > left:
            break
        chosen.append(phrase)
        left -= count
    return chosen
