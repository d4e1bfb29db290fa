"""The hash that binds a fact to all facts before it in its stream (design 3, Journal). Every journal uses it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from shared.domain.scope import Scope
from shared.domain.seal import canonical

GENESIS = "0" * 64
"""What the first fact of a stream is chained to."""


def link(
    previous: str, scope: Scope, stream: str, seq: int, at: str, by: str, what: str, data: Mapping[str, Any]
) -> str:
    """SHA-256 of the previous hash and the fact's canonical JSON, in hexadecimal; the stream's name is part of it, so
    that a fact cannot be moved elsewhere. Raises TypeError for what has no canonical form (floats, for one)."""
    fact = {"at": at, "by": by, "data": dict(data), "seq": seq, "stream": f"{scope}~{stream}", "what": what}
    return hashlib.sha256(previous.encode() + canonical(fact)).hexdigest()
