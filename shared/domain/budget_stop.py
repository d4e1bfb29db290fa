"""A budget that has no room for what is to be written: the question to a person, and what the answers mean."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from shared.domain.budget import Budget, OverBudget
from shared.domain.money import read_money
from shared.domain.seal import digest


class BudgetStop(BaseModel):
    """`what`: the limit of the account that would be exceeded, as `shared.domain.budget.Over` names it. `waits`: a
    person has said that it waits for the next period, `until`, or until somebody gives the account more."""

    model_config = ConfigDict(extra="forbid")

    account: str
    what: str
    reason: str
    at: datetime
    until: datetime | None = None
    waits: bool = False

    @property
    def digest(self) -> str:
        """Of the question: an answer to another one is none to this."""
        return digest({"account": self.account, "what": self.what, "at": self.at.isoformat()})


def asked_about(before: BudgetStop | None, over: OverBudget, now: datetime) -> BudgetStop:
    """The question; the one that was asked or answered already, if it is still the same."""
    reason = str(over).removeprefix("budget: ")
    if before and (before.account, before.what, before.until) == (over.account, over.over.what, over.until):
        return before.model_copy(update={"reason": reason})
    return BudgetStop(account=over.account, what=over.over.what, reason=reason, at=now, until=over.until)


def raised(budget: Budget, what: str, to: str | None) -> Budget:
    """The limits with the one that stopped it set to `to` (25 EUR; 100); for an unknown price only the counts bind from
    now on. Raises ValueError."""
    if what == "price":
        return budget.model_copy(update={"unknown_price": "count"})
    if to is None:
        raise ValueError("says how much it may be from now on, such as 25 EUR or 100")
    if what.startswith("money"):
        return Budget.model_validate({**budget.model_dump(), "money": read_money(to).model_dump()})
    if not to.isdecimal():
        raise ValueError("must be a whole number")
    return Budget.model_validate({**budget.model_dump(), what: int(to)})
