"""Workbooks: XLSX and ODS. They are archives, so they are unpacked once beforehand, into nothing: what is more than a
sheet can be, or not what its directory says, never reaches the reader."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from shared.process.errors import InputError
from shared.process.rows.raw import REJECTED, Options, Raw, Rejected, distinct, without
from shared.process.rows.values import as_text

_MOST_BYTES = 400_000_000
_MOST_PARTS = 10_000
_BLOCK = 2**20


class Sheet:
    """The sheet `options.sheet`, or the first one; its first row that is not blank is the heading."""

    ending = "xlsx"

    def __init__(self, path: Path, options: Options) -> None:
        _check_archive(path)
        self._cells = _opened(path, options.sheet)
        self._skip = options.skip
        begun = next((row for row in self._all() if any(map(_filled, row))), None)
        if begun is None:
            raise InputError("the sheet is empty", "file")
        self._heading = options.heading is not False
        self.headings = distinct(begun if self._heading else [None] * len(begun))

    def rows(self) -> Iterator[Raw]:
        first, width = self._heading, len(self.headings)
        for line, row in enumerate(self._all(), 1 + self._skip):
            if not any(map(_filled, row)):
                continue
            if first:
                first = False
                continue
            more = any(map(_filled, row[width:]))
            yield Raw(row[:width], row, f"it has {len(row)} values; there are {width} columns" if more else "", line)

    def rejects(self, path: Path) -> SheetRejects:
        return SheetRejects(path, self.headings)

    def _all(self) -> Iterator[list[Any]]:
        yield from islice(self._cells.iter_rows(), self._skip, None)


class SheetRejects:
    """A workbook of one sheet, as plain as can be (ECMA-376, inline strings)."""

    def __init__(self, path: Path, headings: list[str]) -> None:
        self._archive = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED)
        for name, text in _PARTS.items():
            self._archive.writestr(_part(name), _XML + text)
        self._sheet = self._archive.open(_part("xl/worksheets/sheet1.xml"), "w", force_zip64=True)
        self._sheet.write(f'{_XML}<worksheet xmlns="{_MAIN}"><sheetData>'.encode())
        self._marks = {n for n, each in enumerate(headings) if each in REJECTED}
        self._row([*REJECTED, *without(self._marks, headings)])

    def add(self, rejected: Rejected, raw: Raw) -> None:
        self._row([*rejected, *without(self._marks, raw.original)])

    def _row(self, values: list[Any]) -> None:
        self._sheet.write(f"<row>{''.join(map(_cell, values))}</row>".encode())

    def close(self) -> None:
        self._sheet.write(b"</sheetData></worksheet>")
        self._sheet.close()
        self._archive.close()


_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_OF = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PARTS = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_OF}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_OF}.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_RELATIONS}"><Relationship Id="r1" Type="{_DOCUMENT}/officeDocument" '
    'Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_DOCUMENT}"><sheets>'
    '<sheet name="Quarantine" sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_RELATIONS}"><Relationship Id="r1" '
    f'Type="{_DOCUMENT}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
}


def _part(name: str) -> zipfile.ZipInfo:
    """Without a time of its own: the same rows always make the same bytes."""
    made = zipfile.ZipInfo(name)
    made.compress_type = zipfile.ZIP_DEFLATED
    return made


def _cell(value: Any) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"<c><v>{value!r}</v></c>"
    text = value.isoformat() if isinstance(value, date | datetime) else as_text(value)
    plain = "".join(each if each >= " " or each in "\t\n" else "\ufffd" for each in text)
    return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(plain)}</t></is></c>'


def _filled(value: Any) -> bool:
    return value is not None and value != ""


def _check_archive(path: Path) -> None:
    """Every part of it, unpacked, has the size and checksum that the directory says, and all are small enough."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            if len(parts) > _MOST_PARTS or sum(each.file_size for each in parts) > _MOST_BYTES:
                raise InputError(f"the workbook is larger than {_MOST_BYTES // 10**6} MB unpacked", "file")
            for each in parts:
                with archive.open(each) as part:
                    while part.read(_BLOCK):
                        pass
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        raise InputError(f"this is no workbook (XLSX, ODS), or a broken one: {type(error).__name__}", "file") from None


def _opened(path: Path, sheet: str | None) -> Any:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, WorksheetNotFound

    try:
        with path.open("rb") as file:
            book = CalamineWorkbook.from_filelike(file)
            if sheet is not None and sheet not in book.sheet_names:
                raise InputError(f"there is no sheet {sheet[:40]!r}; there are {', '.join(book.sheet_names)}", "sheet")
            return book.get_sheet_by_name(sheet) if sheet is not None else book.get_sheet_by_index(0)
    except PasswordError:
        raise InputError("the workbook is encrypted", "file") from None
    except (CalamineError, WorksheetNotFound) as error:
        raise InputError(f"this is no workbook (XLSX, ODS), or a broken one: {type(error).__name__}", "file") from None
