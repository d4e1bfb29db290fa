"""Answers that lie in the mailbox: they are read before a mail leaves that an answer would stop."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from shared.domain.journey import Plan
from shared.domain.journey_steps import mails
from shared.ports import MailboxUnavailable, Ports

FRESH = timedelta(minutes=1)
"""So long nobody looks again."""
Reader = Callable[[Ports], bool]
"""Reads what lies in the mailbox; False: there is more."""


def nobody(ports: Ports) -> bool:
    """Where no mailbox is read."""
    return True


class Answers:
    """The mailbox as one turn of a journey reads it."""

    def __init__(self, ports: Ports, plan: Plan, read: Reader) -> None:
        self._ports, self._reader, self._stops = ports, read, "reply" in plan.stop_on
        self._first = next(iter(mails(plan)), None)
        self._read: datetime | None = None

    def unread(self, mail: str) -> str | None:
        """Why it is not known who has answered; None if it is. Nobody can have answered before the first mail."""
        now = self._ports.clock.now()
        if not self._stops or mail == self._first or self._ports.mailbox is None:
            return None
        if self._read is not None and self._read <= now < self._read + FRESH:
            return None
        try:
            if not self._reader(self._ports):
                return "many mails lie in the mailbox, and it is not known yet who has answered"
        except (MailboxUnavailable, OSError):
            return "the mailbox cannot be read, so it is not known who has answered; it is tried again"
        self._read = now
        return None
