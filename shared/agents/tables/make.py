"""One table as a file: CSV for spreadsheets, Parquet for everything else. Made in pieces, never whole in memory."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from itertools import islice
from tempfile import TemporaryDirectory
from typing import NamedTuple

import orjson
import uuid_utils

from shared.agents.tables.rows import Row, rows
from shared.domain.faults import Missing
from shared.domain.scope import Scope
from shared.domain.tables import PARQUET, TABLES, Column, Format, TableName, cell, plain
from shared.ports import Ports

FOLDER = "tables/"
KEPT = timedelta(hours=1)
_STAMP = "%Y%m%dT%H%M%S"
_TOGETHER = 1000
_BLOCK = 1 << 20
_MEMORY = "128MB"


class Made(NamedTuple):
    """A table's file: its name, where it lies, and how long it is."""

    name: str
    path: str
    size: int


def make(ports: Ports, scope: Scope, table: TableName, format: Format, by: str) -> Made:
    """Write the table as it is now; what was made more than an hour ago goes. Rows that change meanwhile are as they
    were before or after, each whole."""
    expire(ports, scope)
    now = ports.clock.now()
    name = f"{now.strftime(_STAMP)}-{uuid_utils.uuid7().hex}-{table}.{format}"
    found, columns = rows(ports, scope, table), TABLES[table]
    if format == "csv":
        ports.files.put_blocks(scope, FOLDER + name, csv_blocks(columns, found))
    else:
        with TemporaryDirectory(dir=ports.work if ports.work and ports.work.is_dir() else None) as folder:
            ports.files.put_blocks(scope, FOLDER + name, _blocks(parquet(folder, columns, found)))
    ports.journal.append(scope, "privacy", now, by, "table_exported", {"table": table, "format": format})
    return Made(name, FOLDER + name, ports.files.size(scope, FOLDER + name) or 0)


def found(ports: Ports, scope: Scope, table: str, name: str) -> Made:
    """A file that was made within the hour. Raises Missing."""
    size = ports.files.size(scope, FOLDER + name) if f"-{table}." in name and "/" not in name else None
    if size is None or name[: len("20270301T080000")] < _before(ports):
        raise Missing("table", name)
    return Made(name, FOLDER + name, size)


def expire(ports: Ports, scope: Scope) -> int:
    """Remove what was made more than an hour ago; how many files."""
    old = [each for each in ports.files.list(scope, FOLDER) if each.removeprefix(FOLDER) < _before(ports)]
    for each in old:
        ports.files.delete(scope, each)
    return len(old)


def _before(ports: Ports) -> str:
    return (ports.clock.now() - KEPT).strftime(_STAMP)


def csv_blocks(columns: Sequence[Column], found: Iterable[Row]) -> Iterator[bytes]:
    """RFC 4180 with a heading, UTF-8; no cell is a formula."""
    types = [column.type for column in columns]
    yield _lines([[column.name for column in columns]])
    source = iter(found)
    while together := list(islice(source, _TOGETHER)):
        yield _lines([[*map(cell, row, types)] for row in together])


def _lines(cells: Iterable[Sequence[str]]) -> bytes:
    made = io.StringIO(newline="")
    csv.writer(made).writerows(cells)
    return made.getvalue().encode(errors="replace")


def parquet(folder: str, columns: Sequence[Column], found: Iterable[Row]) -> str:
    """The path of the table as a file in the folder, compressed with Zstandard."""
    import duckdb

    source, made = f"{folder}/rows.jsonl", f"{folder}/table.parquet"
    with open(source, "wb") as file:
        for row in found:
            told = (plain(value, column.type) for value, column in zip(row, columns, strict=True))
            file.write(orjson.dumps(dict(zip((column.name for column in columns), told, strict=True))) + b"\n")
    types = ", ".join(f"'{column.name}': '{PARQUET[column.type]}'" for column in columns)
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": _MEMORY,
        "threads": 1,
        "temp_directory": f"{folder}/spill",
        "preserve_insertion_order": False,
    }
    with duckdb.connect(":memory:", config=config) as connection:
        read = f"read_json(?, format = 'newline_delimited', columns = {{{types}}})"
        copied = f"COPY (SELECT * FROM {read}) TO '{made}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 20480)"  # noqa: S608 - names of ours
        connection.execute(copied, [source])
    return made


def _blocks(path: str) -> Iterator[bytes]:
    with open(path, "rb") as opened:
        while block := opened.read(_BLOCK):
            yield block
