"""What is written into an index of passages, and taken out of it again."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

import orjson

from shared.domain.knowledge import Passage
from shared.domain.knowledge_terms import terms
from shared.ports import Held


def store(
    connection: sqlite3.Connection, document: str, edition: str, passages: Sequence[Passage], at: datetime
) -> None:
    """As `shared.ports.Knowledge.store`, inside the caller's transaction."""
    _forget(connection, document, [edition])
    connection.execute("INSERT INTO editions VALUES (?, ?, ?)", (document, edition, at.isoformat()))
    for n, passage in enumerate(passages):
        connection.execute(
            "INSERT INTO places VALUES (?, ?, ?, ?, ?)",
            (document, edition, n, _kept(connection, passage), _place(passage)),
        )
    _sweep(connection)


def drop(connection: sqlite3.Connection, document: str, editions: Collection[str] | None) -> None:
    """As `shared.ports.Knowledge.drop`, inside the caller's transaction."""
    if editions is None:
        rows = connection.execute("SELECT edition FROM editions WHERE document = ?", (document,)).fetchall()
        editions = [edition for (edition,) in rows]
    _forget(connection, document, editions)
    _sweep(connection)


def held(connection: sqlite3.Connection) -> list[Held]:
    """As `shared.ports.Knowledge.held`."""
    rows = connection.execute("SELECT document, edition, at FROM editions ORDER BY document, edition")
    return [Held(document, edition, datetime.fromisoformat(at)) for document, edition, at in rows]


def _kept(connection: sqlite3.Connection, passage: Passage) -> int:
    """The row of the passage; made if it stands nowhere yet."""
    key = bytes.fromhex(passage.id)
    found = connection.execute("SELECT id FROM passages WHERE hash = ?", (key,)).fetchone()
    if found:
        return int(found[0])
    values = (key, passage.heading, passage.text)
    id = connection.execute("INSERT INTO passages (hash, heading, text) VALUES (?, ?, ?)", values).lastrowid
    assert id is not None
    said = (id, terms(passage.heading), terms(passage.text))
    connection.execute("INSERT INTO words (rowid, heading, terms) VALUES (?, ?, ?)", said)
    return id


def _place(passage: Passage) -> str:
    place = {"start": passage.start, "end": passage.end, "page": passage.page, "rows": passage.rows}
    return orjson.dumps(place).decode()


def _forget(connection: sqlite3.Connection, document: str, editions: Iterable[str]) -> None:
    """Take the places away; what they leave without any is noted for `_sweep`."""
    connection.execute("CREATE TEMP TABLE IF NOT EXISTS left_over (passage INTEGER PRIMARY KEY)")
    for edition in editions:
        this = (document, edition)
        connection.execute(
            "INSERT OR IGNORE INTO left_over SELECT passage FROM places WHERE document = ? AND edition = ?", this
        )
        connection.execute("DELETE FROM places WHERE document = ? AND edition = ?", this)
        connection.execute("DELETE FROM editions WHERE document = ? AND edition = ?", this)


def _sweep(connection: sqlite3.Connection) -> None:
    """Passages that lost a place and have none left go, with their words and vectors."""
    gone = connection.execute(
        """SELECT id, heading, text FROM passages WHERE id IN (SELECT passage FROM left_over)
        AND NOT EXISTS (SELECT 1 FROM places WHERE places.passage = passages.id)"""
    ).fetchall()
    for id, heading, text in gone:
        said = (id, terms(heading), terms(text))
        connection.execute("INSERT INTO words (words, rowid, heading, terms) VALUES ('delete', ?, ?, ?)", said)
        connection.execute("DELETE FROM vectors WHERE passage = ?", (id,))
        connection.execute("DELETE FROM passages WHERE id = ?", (id,))
    connection.execute("DELETE FROM left_over")
