"""Budgets of agents, campaigns and workspaces: quoted, reserved before a call, settled after it (rule L6)."""

from shared.agents.budget.accounts import close, put, read
from shared.agents.budget.pay import Hold, left, release, reserve, settle, settled
from shared.agents.budget.price import prices, put_prices, quote
from shared.agents.budget.statement import names, statement, use

__all__ = [
    "Hold",
    "close",
    "left",
    "names",
    "prices",
    "put",
    "put_prices",
    "quote",
    "read",
    "release",
    "reserve",
    "settle",
    "settled",
    "statement",
    "use",
]
