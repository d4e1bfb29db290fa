"""Reading the mailbox to which messages come back."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from shared.agents.feedback.apply import take
from shared.agents.feedback.letters import read_letter
from shared.domain.scope import Scope
from shared.ports import Ports

AT_ONCE = 200
"""Mails of one poll; the next goes on where it ended."""


Otherwise = Callable[[Ports, Sequence[Scope], bytes], bool]
"""Who takes a mail that is about no message of ours."""


def poll(ports: Ports, scopes: Sequence[Scope], otherwise: Otherwise | None = None) -> tuple[int, int]:
    """How many mails were read, and how many were about a message of ours, or taken `otherwise`. A mail counts as read
    after it was taken: a kill in between reads it again, which changes nothing. Raises MailboxUnavailable."""
    read = taken = 0
    for raw in ports.mailbox.each(AT_ONCE) if ports.mailbox else ():
        ours = take(ports, scopes, read_letter(raw))
        taken += ours or bool(otherwise and otherwise(ports, scopes, raw))
        read += 1
    return read, taken
