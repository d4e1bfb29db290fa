"""The tables of an index of passages: one SQLite file a scope, the same on every home."""

from __future__ import annotations

from shared.adapters._sqlite.schema import Migrations

MIGRATIONS: Migrations = (
    (
        # A passage is kept once, wherever it stands; `hash` is the id that citations name.
        """CREATE TABLE passages (
            id INTEGER PRIMARY KEY, hash BLOB NOT NULL UNIQUE, heading TEXT NOT NULL, text TEXT NOT NULL) STRICT""",
        # `place` is JSON: offsets, page, rows.
        """CREATE TABLE places (
            document TEXT NOT NULL, edition TEXT NOT NULL, n INTEGER NOT NULL, passage INTEGER NOT NULL,
            place TEXT NOT NULL, PRIMARY KEY (document, edition, n)) STRICT, WITHOUT ROWID""",
        "CREATE INDEX places_passage ON places (passage)",
        """CREATE TABLE editions (
            document TEXT NOT NULL, edition TEXT NOT NULL, at TEXT NOT NULL,
            PRIMARY KEY (document, edition)) STRICT, WITHOUT ROWID""",
        # Without content of its own: what it holds are terms (domain.knowledge_terms), made again to be taken out.
        """CREATE VIRTUAL TABLE words USING fts5(
            heading, terms, content='', tokenize="unicode61 remove_diacritics 2")""",
        # `signs` is one bit a dimension, `numbers` the vector of length 1 as little-endian float32.
        """CREATE TABLE vectors (
            space TEXT NOT NULL, passage INTEGER NOT NULL, signs BLOB NOT NULL, numbers BLOB NOT NULL,
            PRIMARY KEY (space, passage)) STRICT, WITHOUT ROWID""",
    ),
)
