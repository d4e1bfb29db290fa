"""The outbox folder as the people see it who get the mail: files of RFC 5322, nothing of Baton's own."""

from __future__ import annotations

import re
from datetime import datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parseaddr, parsedate_to_datetime
from pathlib import Path
from typing import NamedTuple

_OPEN = re.compile(r'<img[^>]+src="([^"]+/api/o/[^"]+)"')
_CLICK = re.compile(r'<a[^>]+href="([^"]+/api/c/[^"]+)"')


class Letter(NamedTuple):
    """One mail, with the links that a reader can follow; `clicks` in the order of the page."""

    address: str
    subject: str
    sent_at: datetime
    pixel: str | None
    clicks: tuple[str, ...]
    unsubscribe: str | None


class Mailbox:
    """Gives each letter of the folder once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._seen: set[Path] = set()

    def new(self) -> list[Letter]:
        """Those that have come since the last look, in the order of their names."""
        come = sorted(set(self._folder.glob("*/*.eml")) - self._seen)
        self._seen.update(come)
        return [letter(path.read_bytes()) for path in come]


def letter(data: bytes) -> Letter:
    """Read one mail. Raises ValueError if it has no date."""
    mail = message_from_bytes(data)  # not by the modern policy: it takes ten times as long for each header
    page = _page(mail)
    pixel = _OPEN.search(page)
    listed = str(mail.get("List-Unsubscribe", "")).strip("<> ")
    return Letter(
        address=parseaddr(str(mail["To"]))[1],
        subject=str(make_header(decode_header(mail["Subject"] or ""))),
        sent_at=parsedate_to_datetime(str(mail["Date"])),
        pixel=pixel[1] if pixel else None,
        clicks=tuple(_CLICK.findall(page)),
        unsubscribe=listed or None,
    )


def _page(mail: Message) -> str:
    for part in mail.walk():
        if part.get_content_type() == "text/html":
            octets = part.get_payload(decode=True)
            assert isinstance(octets, bytes)
            return octets.decode(part.get_content_charset("utf-8"), "replace")
    return ""
