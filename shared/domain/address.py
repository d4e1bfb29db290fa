"""E-mail addresses: one normal form, and the keyed hash that stands for a person everywhere else (rule G4)."""

from __future__ import annotations

import base64
import hashlib
import hmac


def normalize(address: str) -> str:
    """The form under which two spellings are the same mailbox: trimmed and case-folded."""
    return address.strip().casefold()


def person_of(address: str, key: bytes) -> str:
    """HMAC-SHA-256 of the normal form, 160 bits as 32 lower-case base32 characters; no way back without the key."""
    digest = hmac.new(key, normalize(address).encode(), hashlib.sha256).digest()
    return base64.b32encode(digest[:20]).decode().lower()


def effect_key(scope: tuple[str, str], campaign: str, step: str, channel: str, person: str) -> str:
    """The name of one intended effect: the same for ever, whoever computes it (design 3, Ledger). 32 characters."""
    text = "\x1f".join((*scope, campaign, step, channel, person))
    return base64.b32encode(hashlib.sha256(text.encode()).digest()[:20]).decode().lower()
