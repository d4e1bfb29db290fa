"""A mailbox on an IMAP server (RFC 9051): unseen mails are given once and then marked as seen."""

from __future__ import annotations

import imaplib
import ssl
from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from shared.domain.loopback import is_loopback
from shared.ports import LETTER_BYTES, MailboxUnavailable

_SETTING = "BATON_MAILBOX_URL"
_TIMEOUT = 30


class ImapMailbox:
    """`imaps://user:password@host:993/INBOX`; `imap://` (unencrypted) on this machine only.

    Raises ValueError naming what is wrong with the URL, without its password."""

    def __init__(self, url: str) -> None:
        self._parts = _parts(url)
        self._folder = unquote(self._parts.path.strip("/")) or "INBOX"
        self.name = f"{self._parts.scheme}://{self._parts.hostname}/{self._folder}"
        if any(letter in self._folder for letter in '"\\\r\n') or not self._folder.isascii():
            raise ValueError(f"{_SETTING}: the folder must be plain ASCII")

    def each(self, most: int) -> Iterator[bytes]:
        """Raises MailboxUnavailable."""
        try:
            server = self._connected()
            try:
                server.login(unquote(self._parts.username or ""), unquote(self._parts.password or ""))
                _checked(server.select(f'"{self._folder}"'))
                yield from self._unseen(server, most)
            finally:
                _leave(server)
        except (imaplib.IMAP4.error, OSError) as fault:
            raise MailboxUnavailable(f"{self.name}: {fault}") from None

    def _connected(self) -> imaplib.IMAP4:
        host, port = self._parts.hostname or "", self._parts.port
        if self._parts.scheme == "imaps":
            return imaplib.IMAP4_SSL(host, port or 993, ssl_context=ssl.create_default_context(), timeout=_TIMEOUT)
        return imaplib.IMAP4(host, port or 143, timeout=_TIMEOUT)

    def _unseen(self, server: imaplib.IMAP4, most: int) -> Iterator[bytes]:
        found = _checked(server.uid("SEARCH", "UNSEEN"))
        for uid in (found[0] or b"").split()[:most]:
            answer = _checked(server.uid("FETCH", uid.decode(), f"(BODY.PEEK[]<0.{LETTER_BYTES}>)"))
            yield next((bytes(part[1]) for part in answer if isinstance(part, tuple)), b"")
            _checked(server.uid("STORE", uid.decode(), "+FLAGS.SILENT", r"(\Seen)"))


def _leave(server: imaplib.IMAP4) -> None:
    """Politely, and in any case without leaving the socket open."""
    with suppress(imaplib.IMAP4.error, OSError):
        server.logout()
    with suppress(OSError):
        server.shutdown()


def _checked(answer: tuple[str, list[Any]]) -> list[Any]:
    status, data = answer
    if status != "OK":
        raise imaplib.IMAP4.error(str(data[:1]))
    return data


def _parts(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        parts = SplitResult("", "", "", "", "")
    if parts.scheme not in ("imap", "imaps") or not parts.hostname or not parts.username:
        raise ValueError(f"{_SETTING} must look like imaps://user:password@host/INBOX or maildir:///path")
    if parts.scheme == "imap" and not is_loopback(parts.hostname):
        raise ValueError(
            f"{_SETTING}: a mailbox elsewhere must be reached by imaps://, or the password is read on the way"
        )
    return parts
