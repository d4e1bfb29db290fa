"""SQLite files that may come from anybody: opened without trust, and read through statements that can only read."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from errno import ENOSPC
from pathlib import Path
from typing import Any

from shared.process.errors import InputError, ResourceError, StepError
from shared.process.rows.columns import RowColumn
from shared.process.rows.duck import name

LOADS = "_baton_loads"
"""The table that says which steps have loaded already, by their key."""
_READING = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE}
_LONGEST = 10_000_000
_OFTEN = 100_000
"""Steps of SQLite's machine between two looks at the deadline."""
_TYPES = {"integer": "INTEGER", "number": "REAL", "boolean": "INTEGER"}
_KINDS = {int: "integer", float: "number", str: "text", bytes: "text"}


@contextmanager
def sqlite(path: Path, beat: Callable[[], None], only_read: bool) -> Iterator[sqlite3.Connection]:
    """A connection without trust in what the file says of itself. What goes wrong is an InputError without values."""
    faults: list[StepError] = []

    def look() -> int:
        try:
            beat()
        except StepError as fault:
            faults.append(fault)
        return len(faults)

    try:
        mode = "ro" if only_read else "rwc"
        with closing(sqlite3.connect(f"{path.as_uri()}?mode={mode}", uri=True, isolation_level=None)) as connection:
            connection.execute("PRAGMA trusted_schema = OFF")
            connection.execute("PRAGMA cell_size_check = ON")
            connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST)
            connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
            connection.set_progress_handler(look, _OFTEN)
            yield connection
    except sqlite3.IntegrityError:
        raise InputError("a row breaks a rule of the table", "table") from None
    except sqlite3.Error as error:
        if faults:
            raise faults[0] from None
        if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL:
            raise OSError(ENOSPC, "no room for what SQLite writes") from None
        raise InputError(f"SQLite: {str(error)[:200]}", "sql" if only_read else "database") from None


def load(
    connection: sqlite3.Connection,
    table: str,
    columns: Sequence[RowColumn],
    rows: Iterable[Mapping[str, Any]],
    keys: Sequence[str],
) -> int:
    """Within the transaction that is open; with `keys`, a row replaces those that have the same. How many rows."""
    fields = ", ".join(f"{name(each.name)} {_TYPES.get(each.type, 'TEXT')}" for each in columns)
    connection.execute(f"CREATE TABLE IF NOT EXISTS {name(table)} ({fields})")
    if keys:
        index = ", ".join(map(name, keys))
        called = name(f"{table}_by_{'_'.join(keys)}")
        connection.execute(f"CREATE INDEX IF NOT EXISTS {called} ON {name(table)} ({index})")
    there = {str(row[1]) for row in connection.execute(f"PRAGMA table_info({name(table)})")}
    absent = [each.name for each in columns if each.name not in there]
    if absent:
        raise InputError(f"the table has no column {', '.join(absent)}", "table")
    names = [each.name for each in columns]
    into = f"INSERT INTO {name(table)} ({', '.join(map(name, names))}) VALUES ({', '.join('?' * len(names))})"  # noqa: S608
    out = f"DELETE FROM {name(table)} WHERE {' AND '.join(f'{name(each)} IS ?' for each in keys)}"  # noqa: S608
    count = 0
    for row in rows:
        if keys:
            connection.execute(out, [row[each] for each in keys])
        connection.execute(into, [row[each] for each in names])
        count += 1
    return count


def query(
    connection: sqlite3.Connection, sql: str, given: Mapping[str, Any], add: Callable[[dict[str, Any]], None], most: int
) -> dict[str, str]:
    """The rows of one SELECT, one after the other; the kind of each column: that which all its values have, else text.
    Raises ResourceError for more than `most`."""

    def allowed(action: int, first: str | None, second: str | None, *_: str | None) -> int:
        fine = action in _READING and (second or "").lower() not in ("load_extension", "writefile", "readfile", "edit")
        return sqlite3.SQLITE_OK if fine else sqlite3.SQLITE_DENY

    connection.set_authorizer(allowed)
    cursor = connection.execute(sql, dict(given))
    if cursor.description is None:
        raise InputError("must be one SELECT", "sql")
    names = [str(each[0]) for each in cursor.description]
    fine = all(re.fullmatch(r'[^\x00-\x1f"]{1,100}', each) for each in names)
    if len({each.casefold() for each in names}) < len(names) or not fine:
        raise InputError("each column needs a name of its own (AS …)", "sql")
    kinds: dict[str, str] = {}
    for n, values in enumerate(cursor, 1):
        if n > most:
            raise ResourceError(f"there are more than {most:,} rows", "sql")
        row: dict[str, Any] = {"_row": n}
        for each, value in zip(names, values, strict=True):
            row[each] = value.hex() if isinstance(value, bytes) else value
            if value is not None:
                kind = _KINDS[type(value)]
                before = kinds.setdefault(each, kind)
                if before != kind:
                    kinds[each] = "number" if {before, kind} == {"integer", "number"} else "text"
        add(row)
    return {each: kinds.get(each, "text") for each in names}
