"""Rows as the bytes of a file: CSV, TSV, JSON, JSON Lines, XML."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Literal, NamedTuple
from xml.sax.saxutils import escape

import orjson

from shared.process.rows.columns import RowColumn

Written = Literal["csv", "tsv", "json", "jsonl", "xml"]
Row = Mapping[str, Any]
_AT_ONCE = 1000
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
_NUMBER = re.compile(r"[+-]?[0-9]+([.,][0-9]+)?")
NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML may hold (XML 1.0, section 2.2)."""


class Manner(NamedTuple):
    """How a file is to be written."""

    delimiter: str = ","
    encoding: str = "utf-8"
    guard: bool = True
    root: str = "rows"
    record: str = "row"


def written(format: Written, rows: Iterable[Row], columns: list[RowColumn], manner: Manner) -> Iterator[bytes]:
    """The bytes of the file, a thousand rows at a time."""
    match format:
        case "csv" | "tsv":
            return _delimited(rows, columns, manner if format == "csv" else manner._replace(delimiter="\t"))
        case "json":
            return _json(rows, columns)
        case "jsonl":
            return (b"".join(each + b"\n" for each in some) for some in _some(map(_object(columns), rows)))
        case "xml":
            return _xml(rows, columns, manner)


def harmless(text: str) -> str:
    """A cell that no spreadsheet takes for a formula (OWASP, CSV injection); a plain number is none."""
    return f"'{text}" if text.startswith(_FORMULA) and not _NUMBER.fullmatch(text) else text


def _delimited(rows: Iterable[Row], columns: list[RowColumn], manner: Manner) -> Iterator[bytes]:
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=manner.delimiter, lineterminator="\r\n")
    guard = harmless if manner.guard else str
    writer.writerow([guard(each.name) for each in columns])
    cells = [(each.name, guard if each.type == "text" else str) for each in columns]
    first = True
    for some in _some(rows):
        for row in some:
            writer.writerow([_cell(row[name], show) for name, show in cells])
        yield _encoded(buffer.getvalue(), manner.encoding, first)
        buffer.seek(0)
        buffer.truncate()
        first = False
    if first:
        yield _encoded(buffer.getvalue(), manner.encoding, True)


def _cell(value: Any, show: Callable[[str], str]) -> Any:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return show(value) if isinstance(value, str) else value


def _encoded(text: str, encoding: str, first: bool) -> bytes:
    """A byte order mark stands at the beginning only."""
    plain = encoding if first else {"utf-8-sig": "utf-8", "utf-16": "utf-16-le"}.get(encoding, encoding)
    if encoding == "utf-16" and first:
        return b"\xff\xfe" + text.encode("utf-16-le")
    return text.encode(plain)


def _json(rows: Iterable[Row], columns: list[RowColumn]) -> Iterator[bytes]:
    begun = False
    for some in _some(map(_object(columns), rows)):
        yield (b",\n" if begun else b"[\n") + b",\n".join(some)
        begun = True
    yield b"\n]\n" if begun else b"[]\n"


def _object(columns: list[RowColumn]) -> Callable[[Row], bytes]:
    """A decimal is a number as it is written, with all its digits."""
    names = [(each.name, each.type == "decimal") for each in columns]

    def dump(row: Row) -> bytes:
        return orjson.dumps({name: _exact(row[name]) if decimal else row[name] for name, decimal in names})

    return dump


def _exact(value: Any) -> Any:
    return orjson.Fragment(value) if isinstance(value, str) and _NUMBER.fullmatch(value) else value


def _xml(rows: Iterable[Row], columns: list[RowColumn], manner: Manner) -> Iterator[bytes]:
    root, record = _tag(manner.root), _tag(manner.record)
    tags = [(each.name, _tag(each.name)) for each in columns]
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<{root}>\n'.encode()
    for some in _some(rows):
        yield "".join(f"<{record}>{_children(row, tags)}</{record}>\n" for row in some).encode()
    yield f"</{root}>\n".encode()


def _children(row: Row, tags: list[tuple[str, str]]) -> str:
    values = ((tag, row[name]) for name, tag in tags)
    return "".join(f"<{tag}>{_text(value)}</{tag}>" for tag, value in values if value is not None)


def _text(value: Any) -> str:
    return escape(NO_XML.sub("\ufffd", str(_cell(value, str))))


def _tag(name: str) -> str:
    tag = re.sub(r"[^\w.-]", "_", name)
    return tag if re.match(r"[^\W\d]", tag) else f"_{tag}"


def _some(each: Iterable[Any]) -> Iterator[list[Any]]:
    found: list[Any] = []
    for one in each:
        found.append(one)
        if len(found) >= _AT_ONCE:
            yield found
            found = []
    if found:
        yield found
