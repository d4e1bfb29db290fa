"""Where answers come in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

LETTER_BYTES = 10_000_000
"""So much of one mail is read; what is beyond is not there."""


class MailboxUnavailable(Exception):
    """The mailbox cannot be reached or refuses us; nothing is lost, the mails stay where they are."""


class Mailbox(Protocol):
    """Where messages come back to. `name` says which, without a password."""

    name: str

    def each(self, most: int) -> Iterator[bytes]:
        """New mails, at most so many. One counts as read when the next is asked for: whoever stops before that, or is
        killed, is given it again. Raises MailboxUnavailable."""
        ...
