"""A message as an SMTP server can be asked to take it."""

from __future__ import annotations

import re
from dataclasses import dataclass

import idna

from shared.ports import Outgoing

_MAILBOX = re.compile(r"[^\s\x00-\x20\x7f<>]+@[^\s\x00-\x20\x7f<>@]+")


@dataclass(frozen=True)
class Parcel:
    """A message that the server can be asked to take: its three commands, and its text with dots stuffed."""

    message: Outgoing
    mail: bytes
    rcpt: bytes
    text: bytes

    @property
    def envelope(self) -> bytes:
        return self.mail + self.rcpt + b"DATA\r\n"


def wrap(message: Outgoing, extensions: dict[str, str]) -> Parcel:
    """Raises ValueError with the reason why this server can never take it."""
    sender, recipient = _mailbox("sender", message.sender), _mailbox("recipient", message.recipient)
    parameters = b""
    if not message.message.isascii():
        if "8BITMIME" not in extensions:
            raise ValueError("the message holds 8-bit octets and the server offers no 8BITMIME")
        parameters += b" BODY=8BITMIME"
    if not (sender.isascii() and recipient.isascii()):
        if "SMTPUTF8" not in extensions:
            raise ValueError("an address is not ASCII and the server offers no SMTPUTF8")
        parameters += b" SMTPUTF8"
    return Parcel(
        message,
        b"MAIL FROM:<%b>%b\r\n" % (sender, parameters),
        b"RCPT TO:<%b>\r\n" % recipient,
        _stuffed(message.message),
    )


def _mailbox(field: str, address: str) -> bytes:
    """The address for an envelope, its domain in ASCII (IDNA 2008)."""
    if not _MAILBOX.fullmatch(address):
        raise ValueError(f"the {field} address cannot stand in an envelope")
    local, _, domain = address.rpartition("@")
    try:
        return f"{local}@{domain if domain.isascii() else idna.encode(domain, uts46=True).decode()}".encode()
    except (idna.IDNAError, UnicodeEncodeError):
        raise ValueError(f"the {field} address has no valid domain") from None


def _stuffed(text: bytes) -> bytes:
    """Ends with CRLF; a leading dot is doubled (RFC 5321 section 4.5.2). A bare CR or LF is refused: servers differ
    about where such a text ends, and a second message could hide behind it."""
    if not text.count(b"\r\n") == text.count(b"\n") == text.count(b"\r"):
        raise ValueError("the message holds a bare CR or LF")
    if not text.endswith(b"\r\n"):
        text += b"\r\n"
    stuffed = text.replace(b"\r\n.", b"\r\n..")
    return b"." + stuffed if stuffed.startswith(b".") else stuffed
