"""Tables for other programs over HTTP."""

from __future__ import annotations

import re
from typing import cast

from pydantic import BaseModel, ConfigDict

from functions.http.handlers.download import LARGE, linked
from shared.access.call import Answer, Call, Listing
from shared.agents import tables
from shared.domain.faults import Missing
from shared.domain.tables import TABLES, Format, ShownTable, TableName, shown

_TYPES = {"csv": "text/csv; charset=utf-8", "parquet": "application/vnd.apache.parquet"}
_MOST = 8 * LARGE
"""Bytes of one part."""


class TableQuery(BaseModel):
    """As CSV for spreadsheets, or as Parquet with types."""

    model_config = ConfigDict(extra="forbid")

    format: Format = "csv"


def listing(call: Call) -> Answer[Listing[ShownTable]]:
    """Every table with its columns."""
    return Answer(Listing(items=shown()))


def export(call: Call, query: TableQuery) -> Answer[bytes]:
    """A table as it is now; a large one is made as a file, and it is said where to fetch it (302)."""
    table = _table(call)
    made = tables.make(call.ports, call.scope, table, query.format, call.principal)
    if made.size <= LARGE:
        content = call.ports.files.get(call.scope, made.path)
        call.ports.files.delete(call.scope, made.path)
        return Answer(content, content_type=_TYPES[query.format], headers=_named(table, query.format))
    if away := linked(call, made.path, _TYPES[query.format]):
        return away
    where = {"Location": f"/api/v1/tables/{table}/{made.name}", "Cache-Control": "no-store"}
    return Answer(b"", 302, content_type=_TYPES[query.format], headers=where)


def part(call: Call) -> Answer[bytes]:
    """A file that was made within the hour, whole or, with `Range`, at most 8 MiB of it at a time (RFC 9110)."""
    table = _table(call)
    made = tables.found(call.ports, call.scope, table, call.path["file"])
    format = made.name.rpartition(".")[2]
    headers = {**_named(table, format), "Accept-Ranges": "bytes", "Cache-Control": "no-store"}
    asked = re.fullmatch(r"bytes=(\d{1,15})-(\d{0,15})", call.headers.get("range", ""))
    if asked is None:
        return Answer(call.ports.files.get(call.scope, made.path), content_type=_TYPES[format], headers=headers)
    first = int(asked[1])
    last = min(int(asked[2] or made.size), first + _MOST - 1, made.size - 1)
    if first > last:
        return Answer(b"", 416, _TYPES[format], {**headers, "Content-Range": f"bytes */{made.size}"})
    content = call.ports.files.get(call.scope, made.path, first, last - first + 1)
    return Answer(content, 206, _TYPES[format], {**headers, "Content-Range": f"bytes {first}-{last}/{made.size}"})


def _table(call: Call) -> TableName:
    if call.path["table"] not in TABLES:
        raise Missing("table", call.path["table"])
    return cast(TableName, call.path["table"])


def _named(table: str, format: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{table}.{format}"'}
