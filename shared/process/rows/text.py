"""The lines of a text file of whatever encoding. What cannot be decoded stays in the line as it was (PEP 383), so that
a row can be refused and still be written back as it came."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from shared.domain.charset import is_windows_1252, marked
from shared.process.errors import InputError

LONGEST = 10_000_000
"""Characters of a line; a file with a longer one is no file of rows."""
_BLOCK = 2**20
_NOT_TEXT = {
    b"PK\x03\x04": "an archive or a workbook",
    b"\xd0\xcf\x11\xe0": "an old workbook (.xls)",
    b"%PDF-": "a PDF",
    b"\x1f\x8b": "compressed (gzip)",
    b"PAR1": "Parquet",
}


def encoding_of(path: Path, declared: str | None) -> str:
    """The name of a codec: as declared, by its mark, or UTF-8, else Windows-1252. Raises InputError."""
    with path.open("rb") as file:
        head = file.read(_BLOCK)
    for mark, what in _NOT_TEXT.items():
        if head.startswith(mark):
            raise InputError(f"this is no text file: it is {what}", "file")
    if declared is not None:
        return _known(declared, head)
    found = marked(head) or _utf_16(head)
    if found:
        return found
    if b"\0" in head:
        raise InputError(f"this is no text file: byte {head.index(0) + 1} is NUL", "file")
    return "utf-8" if _is_utf_8(path) or not is_windows_1252(_not_ascii(path)) else "cp1252"


def lines_of(path: Path, encoding: str) -> Iterator[str]:
    """Each line with its end."""
    with path.open(encoding=encoding, errors="surrogateescape", newline="") as file:
        number = 0
        try:
            while line := file.readline(LONGEST):
                number += 1
                if len(line) >= LONGEST:
                    raise InputError(f"line {number} is longer than {LONGEST:,} characters", "file")
                yield line
        except UnicodeError:
            raise InputError(f"behind line {number} the file is not {encoding}", "file") from None


def undecoded(text: str) -> bool:
    """Are there bytes in it that are not of the file's encoding?"""
    if text.isascii():
        return False
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


def _known(declared: str, head: bytes) -> str:
    try:
        name = codecs.lookup(declared).name
        "".encode(name)
    except (LookupError, ValueError, TypeError):
        raise InputError(f"there is no encoding {declared[:40]!r}", "encoding") from None
    if name == "utf-8" and head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    return name


def _utf_16(head: bytes) -> str | None:
    """Without a mark: every other byte of most texts is NUL."""
    sample = head[:2000]
    for name, nul in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[::2])):
        if nul and nul.count(0) > 0.7 * len(nul) and sample.count(0) < 0.6 * len(sample):
            return name
    return None


def _is_utf_8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        try:
            while block := file.read(_BLOCK):
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _not_ascii(path: Path) -> bytes:
    """The lines that tell encodings apart, as many as it takes."""
    with path.open("rb") as file:
        lines = iter(lambda: file.readline(_BLOCK), b"")
        return b"".join(islice((line for line in lines if not line.isascii()), 20_000))
