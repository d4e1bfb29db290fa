"""A complete e-mail as bytes: RFC 5322 header, multipart/alternative body (RFC 2045, 2046), built without the slow
`email` package. Everything comes out as 7-bit ASCII in CRLF lines of at most 998 octets, whatever goes in; only an
address whose local part is not ASCII needs UTF-8 header lines (RFC 6532)."""

from __future__ import annotations

import re
from binascii import b2a_base64
from collections.abc import Sequence
from datetime import datetime
from email.utils import format_datetime
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import idna

from shared.render.body import encoded

if TYPE_CHECKING:
    from shared.render.dkim import Signer
    from shared.render.personal import Rendered

_UNPRINTABLE = re.compile(r"[\x00-\x20\x7f-\x9f\u2028\u2029]+")
_ATOM = r'[^\s\x00-\x20\x7f-\xa0\ud800-\udfff@<>()\[\]\\,;:"]+'
_ADDRESS = re.compile(f"{_ATOM}@{_ATOM}")
_URL = re.compile(r"https?://[!#-;=?-~]{1,900}")
_NAMES = (
    "From", "To", "Subject", "Date", "Message-ID", "List-Unsubscribe", "List-Unsubscribe-Post", "Baton-Effect",
    "MIME-Version", "Content-Type",
)  # fmt: skip
_HEADER = "".join(f"{name}: %s\r\n" for name in _NAMES) + "\r\n"
_ENCODED = b"; charset=utf-8\r\nContent-Transfer-Encoding: "
_PLAIN_LENGTH = 60
_WORD_OCTETS = 45


class Mail(NamedTuple):
    """A message that is not signed yet: the values of its header fields, and its body."""

    values: tuple[str, ...]
    body: bytes
    date: datetime

    def __bytes__(self) -> bytes:
        return b"".join(((_HEADER % self.values).encode(), self.body))


def mail(
    *,
    key: str,
    sender_name: str,
    sender_address: str,
    recipient_name: str,
    recipient_address: str,
    rendered: Rendered,
    unsubscribe_url: str,
    date: datetime,
    name: str = "",
) -> Mail:
    """One message, the same for the same arguments. `key` (the effect key: letters and digits) becomes the
    boundary and the `Baton-Effect` header; `name` (signed, if it is to be recognised when it comes back; else the key)
    the Message-ID; unsubscribing is one click (RFC 8058, rule C6).

    Raises ValueError naming the field: an address or URL that a header cannot hold."""
    sender, sender_domain = _sender(sender_name, sender_address)
    values = (
        sender,
        _mailbox(recipient_name, _address("recipient_address", recipient_address)),
        _text(rendered.subject),
        _date(date),
        f"<{name or key}@{sender_domain}>",
        f"<{_url('unsubscribe_url', unsubscribe_url)}>",
        "List-Unsubscribe=One-Click",
        key,
        "1.0",
        f'multipart/alternative; boundary="=_{key}"',
    )
    # "=_" can stand in neither quoted-printable nor base64, so no body can hold the boundary (RFC 2045 section 6.7).
    boundary = f"--=_{key}\r\n".encode()
    parts = (
        boundary,
        *_part(b"plain", rendered.text),
        boundary,
        *_part(b"html", rendered.html),
        boundary[:-2],
        b"--\r\n",
    )
    return Mail(values, b"".join(parts), date)


def octets_of(mails: Sequence[Mail], signer: Signer | None) -> list[bytes]:
    """The messages as they leave, each signed at its date by the signer of their sender's domain."""
    signatures = signer.fields(_NAMES, mails) if signer else [""] * len(mails)
    pairs = zip(signatures, mails, strict=True)
    return [b"".join((signature.encode(), bytes(mail))) for signature, mail in pairs]


def mail_domain(address: str) -> str:
    """The domain of an address as mail and DNS have it: ASCII, lower case. Raises ValueError if it has none."""
    return _address("address", address).rpartition("@")[2].lower()


def _part(subtype: bytes, text: str) -> tuple[bytes, ...]:
    encoding, octets = encoded(text)
    return b"Content-Type: text/", subtype, _ENCODED, encoding, b"\r\n\r\n", octets, b"\r\n"


_date = lru_cache(4)(format_datetime)
"""Thousands of messages a second have the same one; and a campaign has one sender."""


@lru_cache(16)
def _sender(name: str, address: str) -> tuple[str, str]:
    """The mailbox, and the domain of its address."""
    sender = _address("sender_address", address)
    return _mailbox(name, sender), sender.rpartition("@")[2]


def _mailbox(name: str, address: str) -> str:
    phrase = _clean(name)
    if not phrase:
        return address
    if _is_plain(phrase):
        quoted = phrase.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{quoted}" <{address}>'
    return f"{_encoded_words(phrase)}\r\n <{address}>"


def _text(value: str) -> str:
    cleaned = _clean(value)
    return cleaned if _is_plain(cleaned) else _encoded_words(cleaned)


def _clean(value: str) -> str:
    """One line: nothing that could end a header or hide in it, nor two spaces side by side."""
    if value.isprintable() and "  " not in value:
        return value.strip()
    return _UNPRINTABLE.sub(" ", value).strip()


def _is_plain(value: str) -> bool:
    """Short enough for one line, and nobody could take it for an encoded word."""
    return value.isascii() and len(value) <= _PLAIN_LENGTH and "=?" not in value


def _encoded_words(value: str) -> str:
    """RFC 2047: words of at most 75 characters, none of which splits a character."""
    octets = value.encode(errors="replace")
    if len(octets) <= _WORD_OCTETS:
        return _word(octets)
    words, start = [], 0
    while start < len(octets):
        end = min(start + _WORD_OCTETS, len(octets))
        while end < len(octets) and octets[end] & 0xC0 == 0x80:
            end -= 1
        words.append(_word(octets[start:end]))
        start = end
    return "\r\n ".join(words)


def _word(octets: bytes) -> str:
    return f"=?utf-8?B?{b2a_base64(octets, newline=False).decode()}?="


def _address(field: str, address: str) -> str:
    """The address with its domain in ASCII (IDNA 2008)."""
    if not _ADDRESS.fullmatch(address) or len(address) > 320:
        raise ValueError(f"{field} {address!r} cannot stand in a mail header")
    if address.isascii():
        return address
    local, _, domain = address.rpartition("@")
    try:
        return f"{local}@{idna.encode(domain, uts46=True).decode()}"
    except idna.IDNAError as fault:
        raise ValueError(f"{field} {address!r} has no valid domain: {fault}") from None


def _url(field: str, url: str) -> str:
    if not _URL.fullmatch(url):
        raise ValueError(f"{field} {url!r} must be an ASCII http(s) URL of at most 900 characters")
    return url
