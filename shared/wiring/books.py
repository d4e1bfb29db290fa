"""Who takes and tells of payments."""

from __future__ import annotations

from shared.adapters.books.local import LocalBooks
from shared.adapters.books.stripe import StripeBooks
from shared.domain.faults import Misconfigured
from shared.ports import Books
from shared.wiring.home import Home
from shared.wiring.stores import keys


def books(home: Home) -> Books:
    """Stripe where it is set up, else the account that stands on the invoice. Raises Misconfigured."""
    if home.settings.books_url is None:
        return LocalBooks(keys(home).link, home.clock.now)
    try:
        return StripeBooks(home.settings.books_url, home.clock.now)
    except ValueError as error:
        setting, _, reason = str(error).partition(": ")
        raise Misconfigured(setting, reason) from None
