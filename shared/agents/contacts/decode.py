"""Bytes of an uploaded file as text: UTF-8, or Windows-1252 as older spreadsheets save it."""

from __future__ import annotations

import codecs
import re

from shared.domain.faults import FieldError, Rejected

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_WORKBOOK = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How .xlsx (a ZIP archive) and .xls begin."""
_SEQUENCE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_HIGH = re.compile(rb"[\x80-\xff]")
# Bytes that are undefined in Windows-1252 or stand for signs that no address book holds: they betray broken UTF-8.
_NEVER_MEANT = re.compile(rb"[\x81\x83\x86-\x88\x8d\x8f\x90\x98\x9d\xa4\xa6\xa8\xac\xaf\xb8\xd7\xf7\xff]")


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
        if not utf8_only and _is_windows_1252(data):
            return data.decode("cp1252")
        # The decoder of the marked form counts from behind the mark.
        at = error.start + (len(codecs.BOM_UTF8) if data.startswith(codecs.BOM_UTF8) else 0)
        raise Rejected(FieldError("body", f"{_place(data, at)} is not UTF-8; save the file as UTF-8")) from None


def _is_windows_1252(data: bytes) -> bool:
    if data.startswith(codecs.BOM_UTF8) or _NEVER_MEANT.search(data):
        return False
    sequences = len(_SEQUENCE.findall(data))
    return sequences < len(_HIGH.findall(_SEQUENCE.sub(b"", data)))


def _place(data: bytes, at: int) -> str:
    line = len(re.findall(rb"\r\n|\r|\n", data[:at])) + 1
    return f"byte {at + 1} (line {line}, 0x{data[at]:02x})"
