"""CSV: a record becomes a line of `column: value`. A formula is text like any other and is never at the beginning of
a cell that anybody could open again."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

from shared.adapters.knowledge._blocks import Document, Refused, decoded
from shared.domain.knowledge_passages import Block, as_seen

_DELIMITERS = ",;\t|"
_LONGEST_CELL = 100_000


def read_csv(data: bytes) -> Document:
    """The first record names the columns. Raises Refused."""
    text = decoded(data)
    csv.field_size_limit(_LONGEST_CELL)
    first = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=first.count)
    return Document(None, _rows(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)))


def _rows(reader: Any) -> Iterator[Block]:
    columns: list[str] = []
    line = 1
    try:
        for record in reader:
            cells = [as_seen(cell) for cell in record]
            if not columns and any(cells):
                columns = cells
            elif said := "; ".join(_said(columns, n, cell) for n, cell in enumerate(cells) if cell):
                yield Block(said, row=line)
            line = reader.line_num + 1
    except csv.Error as error:
        raise Refused(f"is not CSV: {error} (line {reader.line_num})") from None


def _said(columns: list[str], n: int, cell: str) -> str:
    name = columns[n] if n < len(columns) and columns[n] else f"column {n + 1}"
    return f"{name}: {cell}".replace("\n", " ")
