"""What accounts have used and may use, as it is shown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import BaseModel, StringConstraints

from shared.domain.budget import MONEY, Budget, Tally, Use, cost_text, limits_of
from shared.domain.money import Currency

Month = Annotated[str, StringConstraints(pattern="^20[0-9]{2}-(0[1-9]|1[0-2])$")]


class Meter(BaseModel):
    """One limit: how much is spent of it and how much is held for calls under way. `what` is a field of the budget;
    money is in millionths of its currency."""

    what: str
    spent: int
    held: int
    limit: int

    @property
    def percent(self) -> tuple[int, int]:
        """Spent and held, in hundredths of the limit that together are at most a hundred."""
        if not self.limit:
            return (100, 0) if self.spent else (0, 0)
        spent = min(100, 100 * self.spent // self.limit)
        return spent, min(100 - spent, -(-100 * self.held // self.limit))


class AccountUse(BaseModel):
    """One account in one period (`2026-11`, or `total`). Tallies are as in `shared.domain.budget`; `cost` is `spent` in
    words; `lapsed` was held by calls that never told their end, so they may have been paid or not."""

    account: str
    period: str
    budget: Budget
    spent: dict[str, int]
    held: dict[str, int]
    lapsed: dict[str, int]
    cost: str
    meters: list[Meter]


class Statement(BaseModel):
    """A month of a workspace, in its time zone: the workspace first, then its agents, campaigns and tasks."""

    month: Month
    currency: Currency
    accounts: list[AccountUse]


def account_use(account: str, period: str, budget: Budget, use: Use) -> AccountUse:
    held = use.held_together()
    return AccountUse(
        account=account,
        period=period,
        budget=budget,
        spent=dict(use.spent),
        held=held,
        lapsed=dict(use.lapsed),
        cost=cost_text(use.spent),
        meters=list(_meters(budget, use.spent, held)),
    )


def _meters(budget: Budget, spent: Tally, held: Tally) -> Iterator[Meter]:
    if budget.money:
        name = f"{MONEY}{budget.money.currency}"
        yield Meter(what="money", spent=spent.get(name, 0), held=held.get(name, 0), limit=budget.money.micros)
    for each in limits_of(budget):
        used = spent.get(each.counted, 0) // each.scale, -(-held.get(each.counted, 0) // each.scale)
        yield Meter(what=each.what, spent=used[0], held=used[1], limit=each.most // each.scale)
