"""What a call costs, in the currency that the workspace counts in."""

from __future__ import annotations

from functools import cached_property
from zoneinfo import ZoneInfo

from shared.domain.budget import Amount
from shared.domain.money import MixedCurrencies, Money
from shared.domain.names import Kind
from shared.domain.price_list import PRICES
from shared.domain.prices import FREE, PriceList, converted, cost, price_of
from shared.domain.scope import Scope
from shared.ports import Ports

LIST = "prices"
STREAM = "budgets"
"""The journal's stream of a workspace that says who changed its budgets and prices when."""


class Tariff:
    """What calls cost in a workspace, whose own prices and rates are read once, if they are needed at all."""

    def __init__(self, ports: Ports, scope: Scope) -> None:
        self._ports, self._scope = ports, scope

    def quote(
        self, model: str, input_tokens: int, output_tokens: int, *, local: bool = False, images: int = 0
    ) -> Amount:
        """One call of `model`: with the most that it may read and write, before it; with what it did, after it.

        What runs on this machine (`local`) costs nothing that is billed; a price that nobody names is None. Without a
        rate into the workspace's currency the price stays in its own."""
        money = FREE if local else self._price(model, (input_tokens, output_tokens, images))
        return Amount(money, input_tokens + output_tokens, local=local)

    @cached_property
    def _own(self) -> PriceList:
        return prices(self._ports, self._scope)

    def _price(self, model: str, used: tuple[int, int, int]) -> Money | None:
        own, today = self._own, self._ports.clock.now().astimezone(ZoneInfo(self._ports.timezone)).date()
        asked = cost(price_of(model, today, own.prices, PRICES), *used)
        try:
            return converted(asked, own.currency, today, own.rates) if asked else None
        except MixedCurrencies:
            return asked  # Whoever limits money in another currency is told then.


def prices(ports: Ports, scope: Scope) -> PriceList:
    """The workspace's own prices and rates."""
    found = ports.documents.get(scope, Kind.BUDGET, LIST)
    return PriceList.model_validate(found.body) if found else PriceList()


def put_prices(ports: Ports, scope: Scope, by: str, new: PriceList) -> PriceList:
    """In the place of the old; they hold from the next call on."""
    ports.documents.put(scope, Kind.BUDGET, LIST, new.model_dump(mode="json"), "*")
    ports.journal.append(scope, STREAM, ports.clock.now(), by, "prices", {"prices": len(new.prices)})
    return new
