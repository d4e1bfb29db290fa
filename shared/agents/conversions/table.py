"""Orders as a spreadsheet or a shop exports them: CSV with a heading; one broken row costs only itself."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from pydantic import ValidationError

from shared.agents.contacts.decode import text_of
from shared.agents.conversions.record import Numbered
from shared.domain.conversion import MOST_ROWS, ConversionRow, RowFault
from shared.domain.faults import FieldError, Rejected

_COLUMNS = tuple(ConversionRow.model_fields)
_NEEDED = tuple(name for name, field in ConversionRow.model_fields.items() if field.is_required())


def read_orders(data: bytes) -> tuple[list[Numbered], list[RowFault]]:
    """The rows below the heading, by line, and those that cannot be read. Raises Rejected for the file as a whole."""
    text = text_of(data)
    heading = text.lstrip().splitlines()[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=heading.count), skipinitialspace=True)
    rows, faults = list[Numbered](), list[RowFault]()
    columns = list[str]()
    try:
        for values in reader:
            if not any(value.strip() for value in values):
                continue
            if not columns:
                columns = _columns(values)
            else:
                _take(reader.line_num, columns, values, rows, faults)
    except csv.Error as error:
        raise Rejected(FieldError("body", f"line {reader.line_num}: it cannot be read ({error})")) from None
    if not (rows or faults):
        raise Rejected(FieldError("body", "the file has no rows"))
    return rows, faults


def _columns(values: list[str]) -> list[str]:
    found = [value.strip().casefold() for value in values]
    if missing := [each for each in _NEEDED if each not in found]:
        raise Rejected(FieldError("body", f"the heading needs {', '.join(missing)}; it may have {', '.join(_COLUMNS)}"))
    if len(set(found)) < len(found):
        raise Rejected(FieldError("body", "the heading names a column twice"))
    return found


def _take(line: int, columns: list[str], values: list[str], rows: list[Numbered], faults: list[RowFault]) -> None:
    if len(rows) + len(faults) >= MOST_ROWS:
        raise Rejected(FieldError("body", f"it has more than {MOST_ROWS:,} rows; send it in parts"))
    if len(values) > len(columns):
        reason = f"it has {len(values)} values; the heading has {len(columns)} columns"
        faults.append(RowFault(row=line, field="row", reason=reason))
        return
    told = {name: value.strip() for name, value in zip(columns, values, strict=False) if name in _COLUMNS}
    try:
        rows.append(Numbered(line, ConversionRow.model_validate({name: text for name, text in told.items() if text})))
    except ValidationError as error:
        faults += _faults(line, error)


def _faults(line: int, error: ValidationError) -> Iterator[RowFault]:
    for each in error.errors(include_url=False, include_input=False, include_context=False):
        said = each["msg"].removeprefix("Value error, ")
        field, _, reason = said.partition(": ") if not each["loc"] else (str(each["loc"][0]), "", said)
        yield RowFault(row=line, field=field, reason=reason)
