"""Bytes of an uploaded JSON file as text (RFC 8259: UTF-8)."""

from __future__ import annotations

import codecs
import re

from shared.domain.faults import FieldError, Rejected

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def text_of(data: bytes) -> str:
    """The text, without a byte order mark. Raises Rejected, naming the place, for anything that is not text."""
    if data.startswith(_UTF16):
        raise Rejected(FieldError("body", "the file is UTF-16; save it as UTF-8"))
    if b"\0" in data:
        raise Rejected(FieldError("body", f"{_place(data, data.index(0))} is NUL: this is not a text file"))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # The decoder of the marked form counts from behind the mark.
        at = error.start + (len(codecs.BOM_UTF8) if data.startswith(codecs.BOM_UTF8) else 0)
        raise Rejected(FieldError("body", f"{_place(data, at)} is not UTF-8; save the file as UTF-8")) from None
    if not text.strip():
        raise Rejected(FieldError("body", "the file is empty"))
    return text


def _place(data: bytes, at: int) -> str:
    line = len(re.findall(rb"\r\n|\r|\n", data[:at])) + 1
    return f"byte {at + 1} (line {line}, 0x{data[at]:02x})"
