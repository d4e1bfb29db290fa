"""A campaign's own budget: what its brief allows pays for the models that write it, and the rest for its messages."""

from __future__ import annotations

from decimal import Decimal

from shared.agents.budget.accounts import put
from shared.agents.budget.statement import use
from shared.domain.budget import MONEY, Budget, added
from shared.domain.campaign import Budget as BriefBudget
from shared.domain.campaign import Campaign
from shared.domain.money import EURO, UNIT, Money
from shared.domain.scope import Scope
from shared.domain.statement import AccountUse
from shared.ports import Ports


def account_of(campaign: str) -> str:
    """The name of its account."""
    return f"campaign-{campaign}"


def open_account(ports: Ports, scope: Scope, by: str, campaign: Campaign) -> None:
    """With the limits of its brief, if it has any. Where no price is known, the counts bind: what a campaign costs was
    always what its messages cost."""
    asked = campaign.request.budget
    if asked.max_messages is None and asked.max_cost is None:
        return
    limits = Budget(money=_asked(asked), messages=asked.max_messages, unknown_price="count")
    put(ports, scope, by, account_of(campaign.id), limits)


def used(ports: Ports, scope: Scope, campaign: str) -> AccountUse:
    """What models have cost it, and its limits."""
    return use(ports, scope, account_of(campaign))


def most_messages(ports: Ports, scope: Scope, campaign: Campaign, cost_micros: int) -> int | None:
    """How many messages at `cost_micros` (of a euro) the brief and the account have left; None: any number."""
    account, asked = used(ports, scope, campaign.id), campaign.request.budget
    spent = added(account.spent, account.held)
    limits = [asked.max_messages, account.budget.messages]
    for money in filter(None, (_asked(asked), account.budget.money)):
        if cost_micros and money.currency == EURO:
            limits.append(max(0, money.micros - spent.get(f"{MONEY}{EURO}", 0)) // cost_micros)
    return min((limit for limit in limits if limit is not None), default=None)


def _asked(brief: BriefBudget) -> Money | None:
    """Of a decimal number, to the last millionth."""
    return None if brief.max_cost is None else Money(micros=int(Decimal(str(brief.max_cost)) * UNIT))
