"""Mails from strangers, taken apart in bounded time and memory whatever is in them (RFC 5322, RFC 2046).

The standard library's parser follows every nesting and remembers every defect; ten megabytes of nested boundaries cost
it minutes. Here everything beyond the limits is simply not there."""

from __future__ import annotations

import re
from binascii import Error as NotBase64
from binascii import a2b_base64, a2b_qp
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from typing import NamedTuple

MAIL_BYTES = 10_000_000
_HEADER_BYTES = 100_000
_DEPTH, _PARTS = 5, 40
_FOLD = re.compile(rb"\r?\n(?=[ \t])")
_LINE = re.compile(rb"\r?\n")
_PARAMETER = r';\s*{}\s*=\s*(?:"([^"]{{1,200}})"|([^\s;"]{{1,200}}))'
_NESTED = ("message/rfc822", "message/global", "text/rfc822-headers", "message/global-headers")


class Part(NamedTuple):
    """Headers (lower-case name -> values) and body of a mail or of one part; `type` is its media type."""

    headers: dict[str, list[str]]
    body: bytes
    type: str

    def parameter(self, name: str) -> str:
        """Of Content-Type; empty if it has none of this name."""
        found = re.search(_PARAMETER.format(name), self.first("content-type"), re.IGNORECASE)
        return (found[1] or found[2]) if found else ""

    def first(self, name: str) -> str:
        """The first header of this name; empty if there is none."""
        values = self.headers.get(name)
        return values[0] if values else ""

    def content(self) -> bytes:
        """The body without its transfer encoding; as it came if that is broken."""
        match self.first("content-transfer-encoding").strip().lower():
            case "base64":
                with suppress(NotBase64):
                    return a2b_base64(self.body)
            case "quoted-printable":
                return a2b_qp(self.body)
        return self.body


def part_of(raw: bytes) -> Part:
    """A mail, or a part of one. Never raises, whatever it is given."""
    raw = raw[:MAIL_BYTES].lstrip(b"\r\n")
    head, body = _halves(raw)
    headers: dict[str, list[str]] = {}
    for line in _LINE.split(_FOLD.sub(b"", head)):
        name, colon, value = line.partition(b":")
        if colon:
            headers.setdefault(_text(name).strip().lower(), []).append(_text(value).strip())
    media = (headers.get("content-type") or ["text/plain"])[0].partition(";")[0].strip().lower()
    return Part(headers, body, media)


def parts(mail: Part) -> Iterator[Part]:
    """The mail and the parts of it, outermost first, those of a mail that is enclosed among them."""
    waiting, given = deque([(mail, 0)]), 0
    while waiting and given < _PARTS:
        part, depth = waiting.popleft()
        yield part
        given += 1
        if depth < _DEPTH:
            waiting.extend((inner, depth + 1) for inner in _inside(part))


def enclosed(part: Part) -> Part | None:
    """The mail (or only its headers) that a part holds."""
    return part_of(part.content()) if part.type in _NESTED else None


def _inside(part: Part) -> Iterator[Part]:
    boundary = part.parameter("boundary")
    if part.type.startswith("multipart/") and boundary:
        pieces = (b"\n" + part.body).split(b"\n--" + boundary.encode("latin-1", "replace"), _PARTS + 1)
        for piece in pieces[1 : _PARTS + 1]:
            if piece.startswith(b"--"):
                return
            yield part_of(piece)


def _halves(raw: bytes) -> tuple[bytes, bytes]:
    found = re.search(rb"\r?\n\r?\n", raw[:_HEADER_BYTES])
    return (raw[: found.start()], raw[found.end() :]) if found else (raw[:_HEADER_BYTES], b"")


def _text(octets: bytes) -> str:
    return octets.decode("utf-8", "replace")
