"""DuckDB for what plans say in SQL: with little memory, no network, no file but those it is given, one thread, so that
the same rows make the same bytes, and an end."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from errno import ENOSPC
from pathlib import Path
from threading import Event, Thread
from typing import Any

from shared.process.errors import InputError, ResourceError, StepError
from shared.process.rows.columns import ROW, RowColumn
from shared.process.steps.call import Desk

MEMORY = "256MB"
_SPILL = "20GB"
_OUTPUT = 20 * 10**9
_LOOK = 0.2
"""Seconds between two looks at the deadline and at what was written."""


@contextmanager
def duck(desk: Desk, files: Mapping[str, Path], database: Path | None = None) -> Iterator[Any]:
    """A connection that can touch `files` and nothing else; nothing of that can be changed by SQL. What goes wrong in
    it is an InputError (the SQL, the data) or a ResourceError."""
    import duckdb

    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": MEMORY,
        "threads": 1,
        "temp_directory": str(desk.folder / ".spill"),
        "max_temp_directory_size": _SPILL,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "python_enable_replacements": False,
        "allow_community_extensions": False,
    }
    try:
        connection = duckdb.connect(str(database or ":memory:"), config=config)
    except duckdb.Error:
        raise InputError("this is no DuckDB database, or one of another version", "database") from None
    try:
        paths = ", ".join(quoted(str(each)) for each in files.values())
        connection.execute(f"SET allowed_paths = [{paths}]")
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        with _watched(desk, connection, files.get("out")), _told(connection):
            yield connection
    finally:
        connection.close()


def quoted(text: str) -> str:
    """A text of SQL."""
    return "'" + text.replace("'", "''") + "'"


def name(text: str) -> str:
    """An identifier of SQL."""
    return '"' + text.replace('"', '""') + '"'


def select(sql: str, field: str) -> str:
    """The SQL as it is, if it is one SELECT. Raises InputError."""
    import duckdb

    with _told(None, field):
        statements = duckdb.extract_statements(sql)
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        raise InputError("must be one SELECT", field)
    return sql.rstrip().rstrip(";")


def table(connection: Any, called: str, path: Path, columns: list[RowColumn], numbered: bool) -> None:
    """A view of rows: it is read as it is needed."""
    types = {ROW: "BIGINT"} if numbered else {}
    types |= {each.name: sql_type(each) for each in columns}
    fields = ", ".join(f"{quoted(each)}: {quoted(of)}" for each, of in types.items())
    source = f"read_json({quoted(str(path))}, format = 'newline_delimited', columns = {{{fields}}})"
    row = "" if numbered else f"row_number() OVER () AS {ROW}, "
    connection.execute(f"CREATE VIEW {name(called)} AS SELECT {row}* FROM {source}")  # noqa: S608 – quoted


def has_numbers(path: Path) -> bool:
    """Do the rows of the file say which they were in the file they came from?"""
    with path.open("rb") as file:
        return file.readline(200).startswith(b'{"_row":')


def sql_type(column: RowColumn) -> str:
    """The type of a column in SQL."""
    match column.type:
        case "decimal":
            return f"DECIMAL(38,{column.places})"
        case "datetime":
            return "TIMESTAMP"
        case "integer":
            return "BIGINT"
        case "number":
            return "DOUBLE"
        case "text":
            return "VARCHAR"
        case other:
            return other.upper()


def write(connection: Any, sql: str, out: Path, known: Mapping[str, RowColumn]) -> tuple[list[RowColumn], int]:
    """Put the rows of a SELECT into a file of rows; its columns, and how many rows."""
    described = connection.execute(f"DESCRIBE {sql}").fetchall()
    columns = [_column(str(found), str(of), known) for found, of, *_ in described if found != ROW]
    numbered = [f"{ROW}::BIGINT AS {ROW}"] if any(found == ROW for found, *_ in described) else []
    shown = ", ".join([*numbered, *(_shown(each) for each in columns)])
    done = connection.execute(f"COPY (SELECT {shown} FROM (\n{sql}\n)) TO {quoted(str(out))} (FORMAT json)")  # noqa: S608
    return columns, int(done.fetchone()[0])


def _column(found: str, of: str, known: Mapping[str, RowColumn]) -> RowColumn:
    if len(found) > 100 or '"' in found or not found.isprintable():
        raise InputError("each column needs a name (AS …) without quotes", "sql")
    sensitive = known[found].sensitive if found in known else None
    if decimal := re.fullmatch(r"DECIMAL\(\d+,(\d+)\)", of):
        return RowColumn(name=found, type="decimal", places=min(int(decimal[1]), 18), sensitive=sensitive)
    return RowColumn(name=found, type=_TYPES.get(of, "text"), sensitive=sensitive)


_TYPES: Mapping[str, Any] = {
    **dict.fromkeys(("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT"), "integer"),
    **dict.fromkeys(("UINTEGER", "UBIGINT", "UHUGEINT"), "integer"),
    "FLOAT": "number",
    "DOUBLE": "number",
    "BOOLEAN": "boolean",
    "DATE": "date",
    **dict.fromkeys(("TIMESTAMP", "TIMESTAMP WITH TIME ZONE", "TIMESTAMP_S", "TIMESTAMP_MS"), "datetime"),
}


def _shown(column: RowColumn) -> str:
    """A column as rows have it."""
    it = name(column.name)
    match column.type:
        case "integer":
            return f"{it}::BIGINT AS {it}"
        case "number":
            return f"CASE WHEN isfinite({it}) THEN {it}::DOUBLE END AS {it}"
        case "decimal":
            return f"CAST({it}::DECIMAL(38,{column.places}) AS VARCHAR) AS {it}"
        case "datetime":
            return f"strftime({it}::TIMESTAMP, '%Y-%m-%dT%H:%M:%S') AS {it}"
        case "boolean":
            return it
        case _:
            return f"{it}::VARCHAR AS {it}"


@contextmanager
def _watched(desk: Desk, connection: Any, out: Path | None) -> Iterator[None]:
    """SQL that goes on for ever, or writes for ever, is interrupted."""
    over, faults = Event(), list[StepError]()

    def watch() -> None:
        while not over.wait(_LOOK):
            try:
                desk.beat()
                if out is not None and out.exists() and out.stat().st_size > _OUTPUT:
                    raise ResourceError(f"the result has more than {_OUTPUT // 10**9} GB")
            except StepError as fault:
                faults.append(fault)
                connection.interrupt()
                return

    watcher = Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    except Exception as error:
        raise faults[0] if faults else error from None
    finally:
        over.set()
        watcher.join()


@contextmanager
def _told(connection: Any, field: str = "sql") -> Iterator[None]:
    """Errors of DuckDB as those of steps. They quote the SQL; those of conversions quote values, and are cut. Others
    may, too: no model is told them (`shared.process.for_models`)."""
    import duckdb

    try:
        yield
    except duckdb.OutOfMemoryException:
        raise ResourceError(f"it takes more than {MEMORY} of memory, or {_SPILL} of disk", field) from None
    except (duckdb.ConversionException, duckdb.OutOfRangeException, duckdb.ConstraintException) as error:
        raise InputError(f"a value does not fit: {type(error).__name__.removesuffix('Exception')}", field) from None
    except duckdb.Error as error:
        if os.strerror(ENOSPC) in str(error):
            raise OSError(ENOSPC, "no room for what DuckDB writes") from None
        first = str(error).splitlines()[0][:300]
        raise InputError(first, field) from None
