"""Budgets as the page shows them, and the form of one account's limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from shared.domain.budget import MONEY, Budget
from shared.domain.faults import FieldError, Rejected
from shared.domain.money import read_money, spelled
from shared.domain.statement import AccountUse, Meter, Statement

COUNTS = ("calls", "tokens", "tools", "messages", "seconds")


MOST = 50
"""Campaigns and tasks on the page."""
_PASSING = ("campaign-", "task-")


class Parted(NamedTuple):
    """Accounts in cards (the workspace, agents, the one that was asked for), those of campaigns and tasks in a table,
    and how many more of these there are."""

    lasting: list[AccountUse]
    passing: list[AccountUse]
    more: int


def parted(statement: Statement, asked: AccountUse | None = None) -> Parted:
    """Every account that begins anew each month; of the others the `MOST` that cost most."""
    lasting = [each for each in statement.accounts if not each.account.startswith(_PASSING)]
    passing = [each for each in statement.accounts if each.account.startswith(_PASSING)]
    if asked is not None and asked.account not in {each.account for each in lasting}:
        lasting.insert(1, asked)
    passing.sort(key=_money, reverse=True)
    return Parted(lasting, passing[:MOST], max(0, len(passing) - MOST))


def accounts(some: Sequence[AccountUse], names: Mapping[str, str]) -> list[dict[str, Any]]:
    """One row an account: its name (`names` has those of campaigns and tasks, by account), what it used, and a drawn
    line for each of its limits."""
    return [_row(each, names.get(each.account)) for each in some]


def month(statement: Statement) -> str:
    """November 2026."""
    return f"{date.fromisoformat(f'{statement.month}-01'):%B %Y}"


def paid(use: AccountUse) -> dict[str, Any]:
    """What models have cost one campaign, and a drawn line for each of its limits."""
    return {"cost": use.cost if use.spent.get("calls") else None, "bars": _bars(use)}


NOT_TOLD: Mapping[str, Any] = {"cost": None, "bars": []}
"""For an agency's client: what work costs the agency is its own business."""


def title(account: str) -> str:
    """The workspace; Agent copywriter; Campaign c1."""
    kind, _, id = account.partition("-")
    return f"{kind.capitalize()} {id}" if id else "The workspace"


def of_form(form: Mapping[str, str], before: Budget) -> Budget:
    """What was filled in; an empty field is no limit. What the form has no field for stays. Raises ValidationError and
    Rejected."""
    filled = {name: text.strip() for name, text in form.items() if text.strip()}
    given: dict[str, Any] = {name: filled.get(name) for name in COUNTS}
    given |= {name: filled[name] for name in ("when_over", "unknown_price") if name in filled}
    try:
        given["money"] = read_money(filled["money"]) if "money" in filled else None
    except ValueError as error:
        raise Rejected(FieldError("money", str(error))) from None
    return Budget.model_validate({**before.model_dump(), **given})


def _link(account: str) -> str | None:
    kind, _, id = account.partition("-")
    return f"/{kind}s/{id}" if id else None


def _money(use: AccountUse) -> int:
    return sum(n for name, n in use.spent.items() if name.startswith(MONEY))


def _row(use: AccountUse, name: str | None) -> dict[str, Any]:
    calls, local = use.spent.get("calls", 0), use.spent.get("local", 0)
    return {
        "use": use,
        "title": title(use.account) if name is None else f"{title(use.account).split()[0]} “{name}”",
        "link": _link(use.account),
        "tokens": use.spent.get("tokens", 0),
        "local": local,
        "cloud": calls - local,
        "share": 100 * local // calls if calls else 0,
        "lapsed": use.lapsed.get("calls", 0),
        "bars": _bars(use),
    }


def _bars(use: AccountUse) -> list[dict[str, Any]]:
    currency = use.budget.money.currency if use.budget.money else ""
    return [{"text": _said(each, currency), "spent": each.percent[0], "held": each.percent[1]} for each in use.meters]


def _said(meter: Meter, currency: str) -> str:
    if meter.what == "money":
        held = f", {spelled(meter.held, currency)} held" if meter.held else ""
        return f"{spelled(meter.spent, currency)} of {spelled(meter.limit, currency)}{held}"
    held = f", {meter.held:,} held" if meter.held else ""
    return f"{meter.spent:,} of {meter.limit:,} {meter.what}{held}"
