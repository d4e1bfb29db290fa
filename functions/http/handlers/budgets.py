"""Budgets, what was used of them, and what models cost, over HTTP; and their page."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, ValidationError

from functions.flows import doorbells, piece_flow
from functions.http.handlers.html import html, see
from shared.access.call import Answer, Call, Listing
from shared.access.problem import rejected
from shared.agents import budget, pieces
from shared.agents.campaigns.waiting_for import being_written
from shared.domain.budget import Budget
from shared.domain.price_list import PRICES
from shared.domain.prices import Price, PriceList
from shared.domain.statement import AccountUse, Month, Statement
from shared.web.budgets import accounts, month, of_form, parted


class StatementQuery(BaseModel):
    """Which month; the present one if none is named."""

    model_config = ConfigDict(extra="forbid")

    month: Month | None = None


class PageQuery(StatementQuery):
    """Which month, and whose limits are to be changed."""

    account: str = ""


class Prices(PriceList):
    """The workspace's own prices and rates, and the prices that Baton knows by itself."""

    known: list[Price]


def listing(call: Call) -> Answer[Listing[AccountUse]]:
    """Every account that has limits or used something this month, the workspace first."""
    return Answer(Listing(items=budget.statement(call.ports, call.scope).accounts))


def statement(call: Call, query: StatementQuery) -> Answer[Statement]:
    """A month in the workspace's time zone, account by account."""
    return Answer(budget.statement(call.ports, call.scope, query.month))


def show(call: Call) -> Answer[AccountUse]:
    """One account: its limits and what it has used of them in its period."""
    return Answer(budget.use(call.ports, call.scope, call.path["account"]))


def replace(call: Call, body: Budget) -> Answer[AccountUse]:
    """Set the limits of an account; what is left out is not limited. What waited for money is asked again at once."""
    account = call.path["account"]
    budget.put(call.ports, call.scope, call.principal, account, body)
    return Answer(budget.use(call.ports, call.scope, account), ring=waiting_for_money(call))


def remove(call: Call) -> Answer[AccountUse]:
    """Take the limits of an account away; what it used stays known."""
    account = call.path["account"]
    budget.close(call.ports, call.scope, call.principal, account)
    return Answer(budget.use(call.ports, call.scope, account), ring=waiting_for_money(call))


def prices(call: Call) -> Answer[Prices]:
    """What models cost: the workspace's own prices, and those that Baton knows, each with its source and date."""
    return Answer(_prices(budget.prices(call.ports, call.scope)))


def put_prices(call: Call, body: PriceList) -> Answer[Prices]:
    """Put these prices and rates in the place of the workspace's own; they hold from the next call on."""
    found = budget.put_prices(call.ports, call.scope, call.principal, body)
    return Answer(_prices(found), ring=waiting_for_money(call))


def page(call: Call, query: PageQuery) -> Answer[str]:
    """What is used of each budget, with a form for its limits; of campaigns and tasks those that cost most."""
    found = budget.statement(call.ports, call.scope, query.month)
    asked = budget.use(call.ports, call.scope, query.account) if query.account else None
    shown = parted(found, asked)
    known = budget.names(call.ports, call.scope, [*shown.lasting, *shown.passing])
    return html(
        call,
        "budgets",
        here="budgets",
        month=month(found),
        rows=accounts(shown.lasting, known),
        passing=accounts(shown.passing, known),
        more=shown.more,
        asked=query.account,
        known=PRICES,
    )


def form(call: Call) -> Answer[str]:
    """The form as it was filled in: the limits of one account."""
    account = call.form.get("account", "").strip()
    try:
        given = of_form(call.form, budget.read(call.ports, call.scope, account))
    except ValidationError as error:
        raise rejected(error, "form") from None
    budget.put(call.ports, call.scope, call.principal, account, given)
    return see("/budgets", ring=waiting_for_money(call))


def _prices(own: PriceList) -> Prices:
    return Prices(**own.model_dump(), known=list(PRICES))


def waiting_for_money(call: Call) -> list[str]:
    """The doorbells of all that is being written."""
    written = being_written(call.ports, call.scope)
    texts = (piece_flow(call.scope, each).instance_id for each in pieces.unfinished(call.ports, call.scope))
    return [*(bell for each in written for bell in doorbells(call.scope, each)), *texts]
