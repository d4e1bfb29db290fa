"""What came in, in one form, whoever brought it: a mailbox, a signed webhook, Azure's event grid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

What = Literal["delivered", "delayed", "bounced", "complained", "replied", "auto_replied", "seen"]
"""seen: the provider counted an opening or a click, which proves that the message arrived and nothing more: our own
links count readers."""


@dataclass(frozen=True)
class News:
    """One piece of news about one message of ours. `names` may be signed names, `links` signed unsubscribe tokens;
    either says which message it is about. Addresses are not looked at (rule B3)."""

    what: What
    names: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    status: str = ""
    reason: str = ""
