"""The mailbox: every room that mails people, or that strangers write to, takes in what is for it."""

from __future__ import annotations

from collections.abc import Sequence

from shared.agents import inbound
from shared.agents.deals.replies import take_reply
from shared.agents.feedback.poll import AT_ONCE, OF_A_MAIL, Otherwise, Tell, poll, untold
from shared.agents.scopes import every_scope
from shared.domain.scope import Scope
from shared.ports import Ports

ROOMS: tuple[Otherwise, ...] = (take_reply, inbound.take_mail)
"""Beside campaigns, in this order: a room whose mails are answered adds one function."""
_POLLS = 10
"""In one go; what is beyond is read the next time."""


def read(ports: Ports, tell: Tell = untold) -> tuple[int, int]:
    """How many mails were read, and how many were for one of the rooms. Raises MailboxUnavailable."""

    def rooms(ports: Ports, scopes: Sequence[Scope], raw: bytes) -> bool:
        return take(ports, scopes, raw, tell)

    return poll(ports, list(every_scope(ports)), rooms, tell) if ports.mailbox else (0, 0)


def read_all(ports: Ports, tell: Tell = untold) -> bool:
    """Read what lies there; False: there is more. Raises MailboxUnavailable, OSError."""
    return any(read(ports, tell)[0] < AT_ONCE for _ in range(_POLLS))


def take(ports: Ports, scopes: Sequence[Scope], raw: bytes, tell: Tell = untold) -> bool:
    """Whether a mail is for one of the rooms, whoever brings it. One that a room cannot take in is told, and waits for
    a person if it is to an address of ours."""
    try:
        return any(room(ports, scopes, raw) for room in ROOMS)
    except OF_A_MAIL as fault:
        tell(fault)
        return inbound.set_aside(ports, scopes, raw)
