"""The floor: bare SQLite, WAL and synchronous=FULL, one commit for each start, step and end. Not an engine."""

from __future__ import annotations

import sqlite3

from benchmarks.peers.meter import STEPS, Meter, check, fan_total, main


def _open() -> sqlite3.Connection:
    db = sqlite3.connect("raw.db", isolation_level=None)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = FULL")
    db.execute("CREATE TABLE workflows (id TEXT PRIMARY KEY, status TEXT, input TEXT, output TEXT) WITHOUT ROWID")
    db.execute(
        "CREATE TABLE history (id TEXT, seq INTEGER, name TEXT, result TEXT, PRIMARY KEY (id, seq)) WITHOUT ROWID"
    )
    return db


def _chain(db: sqlite3.Connection, id: str, number: int, steps: int) -> int:
    db.execute("INSERT INTO workflows VALUES (?, 'Running', ?, NULL)", (id, str(number)))
    for seq in range(steps):
        number += 1
        db.execute("INSERT INTO history VALUES (?, ?, 'add_one', ?)", (id, seq, str(number)))
    db.execute("UPDATE workflows SET status = 'Completed', output = ? WHERE id = ?", (str(number), id))
    return number


def many(meter: Meter, size: int) -> None:
    db = _open()
    with meter:
        found = [_chain(db, f"w{n:08}", n, STEPS) for n in range(size)]
    check(found, [n + STEPS for n in range(size)])


def fan(meter: Meter, size: int) -> None:
    """One commit schedules all steps; then one commit for each result."""
    db = _open()
    with meter:
        db.execute("BEGIN")
        db.executemany("INSERT INTO history VALUES ('w', ?, 'add_one', NULL)", [(n,) for n in range(size)])
        db.execute("COMMIT")
        for n in range(size):
            db.execute("UPDATE history SET result = ? WHERE id = 'w' AND seq = ?", (str(n + 1), n))
    check(db.execute("SELECT sum(result) FROM history").fetchone(), (fan_total(size),))


def single(meter: Meter, size: int) -> None:
    db = _open()
    with meter:
        for n in range(size):
            with meter.lap():
                check(_chain(db, f"w{n:08}", n, STEPS), n + STEPS)


def chain(meter: Meter, size: int) -> None:
    db = _open()
    with meter:
        check(_chain(db, "w", 0, size), size)


if __name__ == "__main__":
    main({"many": many, "fan": fan, "single": single, "chain": chain})
