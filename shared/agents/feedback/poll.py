"""Reading the mailbox to which messages come back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from email.errors import MessageError

from shared.agents.feedback.apply import take
from shared.agents.feedback.letters import read_letter
from shared.domain.faults import Conflict, Missing, Rejected
from shared.domain.scope import Scope
from shared.ports import Ports

AT_ONCE = 200
"""Mails of one poll; the next goes on where it ended."""

OF_A_MAIL = (
    MessageError, ValueError, TypeError, LookupError, AttributeError, RecursionError, Conflict, Missing, Rejected,
)  # fmt: skip
"""What the contents of one mail can raise in us. A store or a mailbox that fails raises others: then nothing counts as
read."""
Otherwise = Callable[[Ports, Sequence[Scope], bytes], bool]
"""Who takes a mail that is about no message of ours."""
Tell = Callable[[Exception], None]
"""Who is told of a mail that could not be taken in. What the fault says may be of the mail: it is for nobody's eyes."""


def untold(fault: Exception) -> None:
    """Where nobody is told."""


def poll(
    ports: Ports, scopes: Sequence[Scope], otherwise: Otherwise | None = None, tell: Tell = untold
) -> tuple[int, int]:
    """How many mails were read, and how many were about a message of ours, or taken `otherwise`. A mail counts as read
    after it was taken: a kill in between reads it again, which changes nothing. One that cannot be taken in is told and
    counts as read, so that it keeps no other waiting. Raises MailboxUnavailable."""
    read = taken = 0
    for raw in ports.mailbox.each(AT_ONCE) if ports.mailbox else ():
        try:
            ours = take(ports, scopes, read_letter(raw))
            taken += ours or bool(otherwise and otherwise(ports, scopes, raw))
        except OF_A_MAIL as fault:
            tell(fault)
        read += 1
    return read, taken
