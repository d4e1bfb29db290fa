"""The text of a secret that lets somebody in: `<prefix>_<tenant>_<id>_<secret><check>`. The prefix is what scanners of
secrets look for; the check (CRC-32 of what is before it) tells what is none without a look into the store; the digest
is all that is kept."""

from __future__ import annotations

import hashlib
import re
import secrets
import zlib
from collections.abc import Collection
from typing import NamedTuple

_SECRET_BYTES = 24


class Bearing(NamedTuple):
    """Whose secret a text may be."""

    tenant: str
    id: str


def form(prefix: str) -> re.Pattern[str]:
    """What such texts look like."""
    return re.compile(
        rf"{prefix}_(?P<tenant>[a-z0-9-]{{1,24}})_(?P<id>[0-9a-f]{{32}})_[0-9a-f]{{48}}(?P<check>[0-9a-f]{{8}})"
    )


def new(prefix: str, tenant: str, id: str) -> str:
    """A new one, never given out before: 192 random bits."""
    text = f"{prefix}_{tenant}_{id}_{secrets.token_hex(_SECRET_BYTES)}"
    return text + _check(text)


def read(pattern: re.Pattern[str], text: str, tenants: Collection[str]) -> Bearing | None:
    """Whose it says it is, if it is well-formed and of an agency that is served here."""
    found = pattern.fullmatch(text)
    if found is None or found["tenant"] not in tenants or found["check"] != _check(text[: -len(found["check"])]):
        return None
    return Bearing(found["tenant"], found["id"])


def digest(text: str) -> str:
    """What is kept of it."""
    # No slow hash: what is guessed at has 192 random bits.
    return hashlib.sha256(text.encode()).hexdigest()


def _check(text: str) -> str:
    return f"{zlib.crc32(text.encode()):08x}"
