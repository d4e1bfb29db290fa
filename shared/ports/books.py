"""Where a client can pay an invoice at once, and who tells that money came. The invoices themselves are Documents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from shared.domain.faults import Unavailable
from shared.domain.payment import Received
from shared.domain.scope import Scope


@dataclass(frozen=True)
class Bill:
    """What is asked for: `open` in `currency`, for the invoice of this id and number. `reference` is what `present`
    answered before, if it did."""

    id: str
    number: str
    title: str
    open: Decimal
    currency: str
    reference: str = ""


@dataclass(frozen=True)
class Presented:
    """The books' own name of it, and the address at which it is paid; None: they offer none."""

    reference: str
    url: str | None


class Forged(Exception):
    """These bytes were not signed with our secret, or too long ago. Nothing was read."""


class Declined(Unavailable):
    """The books refused, and would again: asking later changes nothing."""


class Books(Protocol):
    """Payments from outside. Every method may be called again after a kill and does nothing twice."""

    @property
    def name(self) -> str: ...

    def present(self, scope: Scope, bill: Bill) -> Presented:
        """Ask for it; the same bill is the same answer. Raises Unavailable if the books do not answer, Declined if
        they refuse it."""
        ...

    def withdraw(self, scope: Scope, bill: Bill) -> None:
        """Ask for it no more. Raises Unavailable."""
        ...

    def received(self, scope: Scope, bill: Bill) -> list[Received]:
        """All that came for it, as the books know it, in case a notice was lost. Raises Unavailable."""
        ...

    def notice(self, scope: Scope, headers: Mapping[str, str], body: bytes) -> list[Received]:
        """What a signed notice says has come; nothing if it is about something else. Header names are lower-case.
        Raises Forged, or ValueError for signed bytes that cannot be read."""
        ...

    def secret(self, scope: Scope) -> str | None:
        """With what others sign notices; None: whoever keeps the books says so."""
        ...
