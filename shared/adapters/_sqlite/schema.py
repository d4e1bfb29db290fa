"""The tables of `baton.db`, as migrations: numbered from 1, never edited once released."""

from __future__ import annotations

import sqlite3

Migrations = tuple[tuple[str, ...], ...]

MIGRATIONS: Migrations = (
    (
        # body NULL is a tombstone; changed_at is also the revision
        """CREATE TABLE documents (
            scope TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, body TEXT,
            changed_at TEXT NOT NULL, changed_by TEXT NOT NULL, schema INTEGER NOT NULL,
            UNIQUE (scope, kind, id)) STRICT""",
        "CREATE INDEX documents_changed ON documents (scope, changed_at)",
        """CREATE INDEX contact_email ON documents (scope, CASE WHEN json_type(body, '$."email"')
            IN ('text', 'integer', 'real') THEN json_extract(body, '$."email"') ELSE -9e999 END, id)
            WHERE kind = 'contact' AND body IS NOT NULL""",
        "CREATE TABLE stamps (last TEXT NOT NULL) STRICT",
        """CREATE TABLE partitions (
            id INTEGER PRIMARY KEY, scope TEXT NOT NULL, campaign TEXT NOT NULL, shard INTEGER NOT NULL,
            UNIQUE (scope, campaign, shard)) STRICT""",
        # Rows lie in the order of the plan, so that a window of due rows touches few pages; an ordering by key would
        # touch them all. Times are microseconds since 1970; facts, verdict and acceptances are JSON.
        """CREATE TABLE effects (
            id INTEGER PRIMARY KEY, part INTEGER NOT NULL, key TEXT NOT NULL,
            contact TEXT NOT NULL, person TEXT NOT NULL, variant TEXT NOT NULL,
            due INTEGER NOT NULL, reason TEXT NOT NULL, facts TEXT NOT NULL,
            state TEXT NOT NULL DEFAULT 'planned', attempt INTEGER NOT NULL DEFAULT 1, not_before INTEGER NOT NULL,
            owner TEXT, lease_until INTEGER, held TEXT, verdict TEXT, provider_id TEXT,
            cost_micros INTEGER NOT NULL DEFAULT 0, detail TEXT, acceptances TEXT NOT NULL DEFAULT '[]',
            intended_at INTEGER, settled_at INTEGER,
            UNIQUE (part, key)) STRICT""",
        "CREATE INDEX effects_due ON effects (part, not_before)",
        # who was ever held, failed or unknown: a real index on the state would double the price of every update
        """CREATE TABLE noted (
            part INTEGER NOT NULL, state TEXT NOT NULL, key TEXT NOT NULL,
            PRIMARY KEY (part, state, key)) STRICT, WITHOUT ROWID""",
        """CREATE TABLE tallies (
            part INTEGER NOT NULL, name TEXT NOT NULL, n INTEGER NOT NULL,
            PRIMARY KEY (part, name)) STRICT, WITHOUT ROWID""",
        """CREATE TABLE facts (
            scope TEXT NOT NULL, stream TEXT NOT NULL, seq INTEGER NOT NULL, at TEXT NOT NULL,
            by TEXT NOT NULL, what TEXT NOT NULL, data TEXT NOT NULL, hash TEXT NOT NULL,
            PRIMARY KEY (scope, stream, seq)) STRICT, WITHOUT ROWID""",
        # How many rows share each further column of an index: SQLite guesses ten documents of a kind, and scans.
        "ANALYZE",
        """INSERT INTO sqlite_stat1 VALUES
            ('documents', 'sqlite_autoindex_documents_1', '1000000 500000 100000 1'),
            ('documents', 'documents_changed', '1000000 500000 1'),
            ('documents', 'contact_email', '100000 50000 1 1')""",
    ),
    (
        # Where each chain of facts ends: what was cut off at its end is missed by nothing else.
        """CREATE TABLE heads (
            scope TEXT NOT NULL, stream TEXT NOT NULL, seq INTEGER NOT NULL, hash TEXT NOT NULL,
            PRIMARY KEY (scope, stream)) STRICT, WITHOUT ROWID""",
        # SQLite takes the other columns from the row with the greatest number.
        "INSERT INTO heads SELECT scope, stream, max(seq), hash FROM facts GROUP BY scope, stream",
    ),
    (
        # Whose time in a journey has come, lane by lane.
        """CREATE INDEX position_due ON documents (scope, CASE WHEN json_type(body, '$."lane"')
            IN ('text', 'integer', 'real') THEN json_extract(body, '$."lane"') ELSE -9e999 END,
            CASE WHEN json_type(body, '$."next_at"')
            IN ('text', 'integer', 'real') THEN json_extract(body, '$."next_at"') ELSE -9e999 END, id)
            WHERE kind = 'position' AND body IS NOT NULL""",
        "INSERT INTO sqlite_stat1 VALUES ('documents', 'position_due', '100000 50000 2000 10 1')",
    ),
    (
        # What an agent did last, of all that models ever answered.
        """CREATE INDEX tape_of_agent ON documents (scope, CASE WHEN json_type(body, '$."agent"')
            IN ('text', 'integer', 'real') THEN json_extract(body, '$."agent"') ELSE -9e999 END,
            CASE WHEN json_type(body, '$."at"')
            IN ('text', 'integer', 'real') THEN json_extract(body, '$."at"') ELSE -9e999 END DESC, id)
            WHERE kind = 'tape' AND body IS NOT NULL""",
        "INSERT INTO sqlite_stat1 VALUES ('documents', 'tape_of_agent', '10000 5000 500 1 1')",
    ),
)


class SchemaTooNew(Exception):
    """A newer Baton wrote this file; this one must not touch it."""


def migrate(connection: sqlite3.Connection, path: object, migrations: Migrations = MIGRATIONS) -> None:
    """Bring the file to this version's schema in one transaction. Raises SchemaTooNew."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        present = _version(connection, path, len(migrations))
        for statements in migrations[present:]:
            for statement in statements:
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {len(migrations)}")
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise


def _version(connection: sqlite3.Connection, path: object, known: int) -> int:
    present = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if present > known:
        raise SchemaTooNew(
            f"{path} has schema {present}, but this Baton knows schemas up to {known}: "
            "a newer version wrote it; use that version, or another home"
        )
    return present
