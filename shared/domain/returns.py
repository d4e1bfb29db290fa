"""The signed name of one sent message: the local part of its return path and of its Message-ID (rule B3).

Whatever comes back about a message is matched by this name alone, never by an address that a report mentions. It holds
campaign, effect key and attempt; the scope is bound by the signature and found by trying, because it would not fit
into the 64 octets of a local part (RFC 5321 section 4.5.3.1.1). Case does not matter: some servers change it."""

from __future__ import annotations

import base64
import hmac
import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from shared.domain.scope import Scope

KEY_START = 16
"""So many characters of an effect key are in a name: 80 bits."""
_NAME = re.compile(r"(?<![a-z0-9])[a-z2-7]{61}(?![a-z0-9])", re.IGNORECASE)
_PAYLOAD, _MAC = 27, 11
_MOST_ATTEMPTS = 255


class Returned(NamedTuple):
    """What a name says. `key` is the start of the effect key; `attempt` 0: not told (a Message-ID serves them all)."""

    scope: Scope
    campaign: str
    key: str
    attempt: int


def sign_return(scope: Scope, campaign: str, key: str, attempt: int, keys: Mapping[str, bytes]) -> str:
    """61 lower-case characters, signed with the newest key. Raises ValueError for a campaign id that is not 32
    hexadecimal digits or a key that is not base32."""
    start = base64.b32decode(key[:KEY_START].upper())
    payload = bytes.fromhex(campaign) + start + bytes((min(attempt, _MOST_ATTEMPTS),))
    if len(payload) != _PAYLOAD:
        raise ValueError(f"campaign {campaign!r} and key {key!r} cannot be signed")
    signed = payload + _mac(scope, payload, keys[list(keys)[-1]])
    return base64.b32encode(signed).decode().rstrip("=").lower()


def names_in(text: str) -> list[str]:
    """Everything in a header that could be a signed name."""
    return [found.lower() for found in _NAME.findall(text[:20_000])]


def read_return(name: str, scopes: Iterable[Scope], keys: Mapping[str, bytes]) -> Returned | None:
    """What the name says, if one of these scopes signed it. Never raises, whatever it is given."""
    try:
        signed = base64.b32decode(name.upper() + "===")
    except ValueError:
        return None
    payload, mac = signed[:_PAYLOAD], signed[_PAYLOAD:]
    for scope in scopes:
        if any(hmac.compare_digest(mac, _mac(scope, payload, key)) for key in keys.values()):
            key = base64.b32encode(payload[16:26]).decode().lower()
            return Returned(scope, payload[:16].hex(), key, payload[26])
    return None


def _mac(scope: Scope, payload: bytes, key: bytes) -> bytes:
    return hmac.digest(key, b"baton-return-1|" + str(scope).encode() + b"|" + payload, "sha256")[:_MAC]
