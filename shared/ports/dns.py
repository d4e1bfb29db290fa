"""What a domain publishes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from shared.domain.dns import RecordType


class Resolver(Protocol):
    """What the world's name servers say."""

    def lookup(self, name: str, kind: RecordType) -> Sequence[str]:
        """Values, none if there is no such name or record; a TXT record is one text, an MX record its host. Raises
        `domain.dns.Unanswered` if nobody says, never anything else."""
        ...
