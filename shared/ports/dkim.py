"""The keys that e-mail is signed with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from shared.domain.dkim import DkimKey
from shared.domain.scope import Scope


class DkimKeys(Protocol):
    """The private keys that sign the mail of sender domains. A domain is this scope's own: no other signs with it.

    Domains are in lower-case ASCII (IDNA); any other has no keys."""

    def of(self, scope: Scope, domain: str) -> Sequence[DkimKey]:
        """The keys of exactly this domain. The first one signs; others wait for DNS, or until what they signed has
        arrived. Empty: mail of this domain leaves unsigned."""
        ...

    def put(self, scope: Scope, domain: str, keys: Sequence[DkimKey]) -> None:
        """From now on these, in this order; none forgets the domain. Raises ValueError for a key of another domain or
        two of one selector, Conflict where whoever runs Baton keeps the keys himself."""
        ...
