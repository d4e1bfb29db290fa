"""Bytes of an uploaded file as text: UTF-8, or Windows-1252 as older spreadsheets save it."""

from __future__ import annotations

import codecs
import re

from shared.domain.charset import is_windows_1252
from shared.domain.faults import FieldError, Rejected

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_WORKBOOK = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How .xlsx (a ZIP archive) and .xls begin."""


def text_of(data: bytes, utf8_only: bool = False) -> str:
    """The text, without a byte order mark. Raises Rejected, naming the place, for anything that is not text."""
    if data.startswith(_UTF16):
        raise Rejected(FieldError("body", "the file is UTF-16; save it as UTF-8"))
    if data.startswith(_WORKBOOK):
        raise Rejected(FieldError("body", "the file is an Excel workbook; save it as CSV (UTF-8)"))
    if b"\0" in data:
        at = data.index(b"\0")
        raise Rejected(FieldError("body", f"{_place(data, at)} is NUL: this is not a text file"))
    text = _decoded(data, utf8_only)
    if not text.strip():
        raise Rejected(FieldError("body", "the file is empty"))
    return text


def _decoded(data: bytes, utf8_only: bool) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if not utf8_only and is_windows_1252(data):
            return data.decode("cp1252")
        # The decoder of the marked form counts from behind the mark.
        at = error.start + (len(codecs.BOM_UTF8) if data.startswith(codecs.BOM_UTF8) else 0)
        raise Rejected(FieldError("body", f"{_place(data, at)} is not UTF-8; save the file as UTF-8")) from None


def _place(data: bytes, at: int) -> str:
    line = len(re.findall(rb"\r\n|\r|\n", data[:at])) + 1
    return f"byte {at + 1} (line {line}, 0x{data[at]:02x})"
