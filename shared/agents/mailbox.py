"""The mailbox: every room that mails people, or that strangers write to, takes in what is for it."""

from __future__ import annotations

from collections.abc import Sequence

from shared.agents import inbound
from shared.agents.deals.replies import take_reply
from shared.agents.feedback.poll import AT_ONCE, Otherwise, poll
from shared.agents.scopes import every_scope
from shared.domain.scope import Scope
from shared.ports import Ports

ROOMS: tuple[Otherwise, ...] = (take_reply, inbound.take_mail)
"""Beside campaigns, in this order: a room whose mails are answered adds one function."""
_POLLS = 10
"""In one go; what is beyond is read the next time."""


def read(ports: Ports) -> tuple[int, int]:
    """How many mails were read, and how many were for one of the rooms. Raises MailboxUnavailable."""
    return poll(ports, list(every_scope(ports)), _rooms) if ports.mailbox else (0, 0)


def read_all(ports: Ports) -> bool:
    """Read what lies there; False: there is more. Raises MailboxUnavailable, OSError."""
    return any(read(ports)[0] < AT_ONCE for _ in range(_POLLS))


def _rooms(ports: Ports, scopes: Sequence[Scope], raw: bytes) -> bool:
    return any(room(ports, scopes, raw) for room in ROOMS)
