"""The text of a mail part as 7-bit octets in short lines (RFC 2045 section 6), from pieces: what all messages of a
campaign have in common is encoded once, not once for each of them."""

from __future__ import annotations

from binascii import b2a_base64, b2a_qp
from collections.abc import Sequence
from functools import cached_property, lru_cache
from typing import AnyStr

_LINE, _BASE64_LINE = 75, 57
"""Octets that make a line of 76 characters, in quoted-printable and in base64."""
_ITSELF = bytes(octet for octet in range(33, 127) if octet != ord("="))
"""What quoted-printable leaves alone."""


class Frame:
    """Text that many messages share, in pieces, with a gap between each two of them for a piece of one's own."""

    def __init__(self, shared: Sequence[str]) -> None:
        self._shared = _with_gaps(shared, "")
        self.length = sum(map(len, shared))

    def filled(self, own: Sequence[str]) -> Filled:
        """The text of one message. Raises ValueError unless there is one piece for every gap."""
        pieces = self._shared.copy()
        pieces[1::2] = own
        text = Filled("".join(pieces))
        text.frame, text.own = self, own
        return text

    def quoted(self, own: Sequence[str]) -> list[bytes]:
        """Its pieces as quoted-printable."""
        pieces = self._quoted.copy()
        pieces[1::2] = map(_quoted, own)
        return pieces

    @cached_property
    def _quoted(self) -> list[bytes]:
        return _with_gaps([*map(_quoted, self._shared[::2])], b"")


class Filled(str):
    """A text that remembers what it was made from."""

    frame: Frame
    own: Sequence[str]


def encoded(text: str) -> tuple[bytes, bytes]:
    """Content-Transfer-Encoding and octets; every end of a line in the text is a CRLF in them. Quoted-printable keeps
    mostly Latin text readable; base64 is shorter for every other script.

    White space is single spaces, none of them at the end of a line: no relay finds anything to tidy up."""
    quoted = text.frame.quoted(text.own) if isinstance(text, Filled) else [_quoted(text)]
    if sum(map(len, quoted)) > 2 * len(text):
        octets = _octets(text).replace(b"\n", b"\r\n")
        starts = range(0, len(octets), _BASE64_LINE)
        return b"base64", b"\r\n".join([b2a_base64(octets[at : at + _BASE64_LINE], newline=False) for at in starts])
    # A soft line break stands between the pieces, so that none of them depends on where the one before it ends.
    return b"quoted-printable", b"=\r\n".join(filter(None, quoted))


@lru_cache(64)  # both parts of a mail have the same names and links
def _quoted(text: str) -> bytes:
    octets = _octets(text)
    if not octets.translate(None, _ITSELF) and octets[-1:] != b".":  # so is every link; a lone dot may end a mail
        return b"=\r\n".join([octets[at : at + _LINE] for at in range(0, len(octets), _LINE)])
    # Octets that UTF-8 does not have stand for a space beside another and for a tab until the lines have been broken.
    octets = octets.replace(b"  ", b" \xff").replace(b"\t", b"\xfe")
    quoted = b2a_qp(octets, istext=True).replace(b"\n", b"\r\n").replace(b"=FF", b"=20").replace(b"=FE", b"=09")
    if len(quoted) > _LINE and b"\n" not in quoted[-_LINE - 1 :]:  # no room for the break that may follow
        at = -3 if quoted[-3:-2] == b"=" else -1
        return quoted[:at] + b"=\r\n" + quoted[at:]
    return quoted


def _octets(text: str) -> bytes:
    lines = text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
    return lines.encode(errors="replace")


def _with_gaps(pieces: Sequence[AnyStr], gap: AnyStr) -> list[AnyStr]:
    return [each for piece in pieces for each in (piece, gap)][:-1]
