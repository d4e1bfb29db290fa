"""The text of a mail part as 7-bit octets in short lines (RFC 2045 section 6), from pieces: what all messages of a
campaign have in common is encoded once, not once for each of them."""

from __future__ import annotations

from binascii import b2a_base64, b2a_qp
from collections.abc import Sequence
from functools import cached_property

_BASE64_LINE = 57
"""Octets that make a line of 76 characters."""


class Fixed(str):
    """A piece of text that many messages share."""

    @cached_property
    def quoted(self) -> bytes:
        """As quoted-printable."""
        return _quoted(self)

    @cached_property
    def extra(self) -> int:
        """Octets in UTF-8 beyond one a character."""
        return _extra(self)


class Filled(str):
    """A text that remembers the pieces that it was made from."""

    pieces: Sequence[str]

    def __new__(cls, pieces: Sequence[str]) -> Filled:
        made = super().__new__(cls, "".join(pieces))
        made.pieces = pieces
        return made


def encoded(text: str) -> tuple[bytes, bytes]:
    """Content-Transfer-Encoding and octets; every end of a line in the text is a CRLF in them. Quoted-printable keeps
    mostly Latin text readable; base64 is shorter for every other script."""
    pieces = text.pieces if isinstance(text, Filled) else (text,)
    extra = 0 if text.isascii() else sum(each.extra if isinstance(each, Fixed) else _extra(each) for each in pieces)
    if 6 * extra > len(text) + extra:
        octets = _lines(text).encode(errors="replace").replace(b"\n", b"\r\n")
        starts = range(0, len(octets), _BASE64_LINE)
        return b"base64", b"\r\n".join(b2a_base64(octets[at : at + _BASE64_LINE], newline=False) for at in starts)
    # A soft line break stands between the pieces, so that none of them depends on where the one before it ends.
    quoted = (each.quoted if isinstance(each, Fixed) else _quoted(each) for each in pieces if each)
    return b"quoted-printable", b"=\r\n".join(quoted)


def _quoted(text: str) -> bytes:
    return b2a_qp(_lines(text).encode(errors="replace"), istext=True).replace(b"\n", b"\r\n")


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _extra(text: str) -> int:
    return 0 if text.isascii() else len(text.encode(errors="replace")) - len(text)
