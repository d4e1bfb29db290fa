"""Budgets of agents, campaigns and workspaces: quoted, reserved before a call, settled after it (rule L6)."""

from shared.agents.budget.accounts import close, put, read
from shared.agents.budget.pay import Hold, left, release, reserve, settle, settled
from shared.agents.budget.price import Tariff, prices, put_prices
from shared.agents.budget.statement import names, statement, use

__all__ = [
    "Hold",
    "Tariff",
    "close",
    "left",
    "names",
    "prices",
    "put",
    "put_prices",
    "read",
    "release",
    "reserve",
    "settle",
    "settled",
    "statement",
    "use",
]
