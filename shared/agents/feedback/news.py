"""What came in, in one form, whoever brought it: a mailbox, a signed webhook, Azure's event grid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

What = Literal[
    "delivered", "delayed", "bounced", "complained", "replied", "auto_replied", "seen", "taken", "undelivered"
]
"""seen: the provider counted an opening or a click, which proves that the message arrived and nothing more: our own
links count readers. taken, undelivered: what became of a text message; neither says anything about a domain."""


@dataclass(frozen=True)
class News:
    """One piece of news about one message of ours. `names` may be signed names, `links` signed unsubscribe tokens,
    `ids` what a provider calls it: each says which message it is about. Addresses are not looked at (rule B3).
    `segments` are those that a text message is charged for, if that is told."""

    what: What
    names: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    status: str = ""
    reason: str = ""
    segments: int | None = None
