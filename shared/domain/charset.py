"""In which encoding the bytes of a text are."""

from __future__ import annotations

import codecs
import re

_SEQUENCE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_HIGH = re.compile(rb"[\x80-\xff]")
# Bytes that are undefined in Windows-1252 or stand for signs that no address book holds: they betray broken UTF-8.
_NEVER_MEANT = re.compile(rb"[\x81\x83\x86-\x88\x8d\x8f\x90\x98\x9d\xa4\xa6\xa8\xac\xaf\xb8\xd7\xf7\xff]")
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def marked(data: bytes) -> str | None:
    """The encoding that a byte order mark at the beginning names."""
    return next((name for mark, name in _MARKS if data.startswith(mark)), None)


def is_windows_1252(data: bytes) -> bool:
    """Of bytes that are not UTF-8: is it Windows-1252, as older spreadsheets save it, rather than broken UTF-8?"""
    if data.startswith(codecs.BOM_UTF8) or _NEVER_MEANT.search(data):
        return False
    sequences = len(_SEQUENCE.findall(data))
    return sequences < len(_HIGH.findall(_SEQUENCE.sub(b"", data)))
