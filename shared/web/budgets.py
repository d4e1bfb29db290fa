"""Budgets as the page shows them, and the form of one account's limits."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from shared.domain.budget import Budget
from shared.domain.faults import FieldError, Rejected
from shared.domain.money import read_money, spelled
from shared.domain.statement import AccountUse, Meter, Statement

COUNTS = ("calls", "tokens", "tools", "messages", "seconds")


def accounts(statement: Statement, names: Mapping[str, str]) -> list[dict[str, Any]]:
    """One row an account: its name (`names` has those of campaigns and tasks, by account), what it used, and a drawn
    line for each of its limits."""
    return [_row(each, names.get(each.account)) for each in statement.accounts]


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
