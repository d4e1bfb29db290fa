"""`baton budget`: what agents, campaigns and the workspace may use, and what they have used."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated, Any
from urllib.parse import quote

import typer
from rich.console import RenderableType

from local.cli.errors import Refused
from local.cli.output import facts, table
from local.cli.session import Session, with_session
from shared.domain.money import read_money, spelled

budget = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
Name = Annotated[str, typer.Argument(metavar="ACCOUNT", help="workspace, agent-ID, campaign-ID or task-ID.")]

Since = Annotated[str | None, typer.Option("--from", metavar="YYYY-MM-DD", help="From when on; default: today.")]


@budget.command("list")
@with_session
def listing(session: Session) -> None:
    """List what was used this month, the workspace first."""
    session.show(session.client.get("budgets")["items"], _rows)


@budget.command()
@with_session
def show(session: Session, name: Name = "workspace") -> None:
    """Show an account: its limits and what it has used of them."""
    session.show(session.client.get(_path(name)), whole)


@budget.command()
@with_session
def statement(
    session: Session,
    month: Annotated[str | None, typer.Argument(metavar="[YYYY-MM]", help="Default: this one.")] = None,
) -> None:
    """Show a month, account by account."""
    query = {"month": month} if month else {}
    session.show(session.client.get("budgets/statement", **query), _statement)


@budget.command("set")
@with_session
def change(
    session: Session,
    name: Name,
    limit: Annotated[list[str], typer.Argument(metavar="LIMIT=VALUE…", help="Such as money='25 EUR' or calls=200.")],
) -> None:
    """Change some limits of an account; the others stay.

    Limits: money, calls, tokens, tools, messages, seconds; `none` takes one away. when_over: ask, wait or local.
    unknown_price: refuse, ask or count.
    """
    wanted = {**session.client.get(_path(name))["budget"], **dict(map(_limit, limit))}
    session.show(session.client.put(_path(name), wanted), whole)


@budget.command("prices")
@with_session
def prices(session: Session) -> None:
    """List what models cost, each price with its source and date."""
    session.show(session.client.get("budgets/prices"), _prices)


@budget.command("price")
@with_session
def price(
    session: Session,
    model: Annotated[str, typer.Argument(metavar="MODEL", help="As the endpoint calls it.")],
    read: Annotated[str, typer.Argument(metavar="READ", help="For a million tokens read, such as '2.50 USD'.")],
    written: Annotated[str, typer.Argument(metavar="WRITTEN", help="For a million tokens written.")],
    source: Annotated[str, typer.Option(help="Who names this price.")],
    since: Since = None,
) -> None:
    """Add a price of the workspace's own."""
    paid, also = _money(read), _money(written)
    if paid.currency != also.currency:
        raise Refused(f"{read} and {written} are not in the same currency")
    amounts = {"currency": paid.currency, "input": paid.micros, "output": also.micros}
    _add(session, "prices", {"model": model, **amounts, "source": source, "date": _day(since)})


@budget.command("rate")
@with_session
def rate(
    session: Session,
    of: Annotated[str, typer.Argument(metavar="CURRENCY", help="One unit of this, such as USD …")],
    to: Annotated[str, typer.Argument(metavar="AMOUNT", help="… is so much, such as '0.92 EUR'.")],
    source: Annotated[str, typer.Option(help="Who names this rate.")],
    since: Since = None,
) -> None:
    """Add a rate between two currencies."""
    worth = _money(to)
    data = {"of": of, "to": worth.currency, "micros": worth.micros, "source": source}
    _add(session, "rates", {**data, "date": _day(since)})


def whole(found: dict[str, Any]) -> Iterator[RenderableType]:
    """Everything about one account."""
    since = "since it began" if found["period"] == "total" else f"in {found['period']}"
    yield f"{found['account']}: {found['cost']} {since}"
    yield facts((each["what"], _meter(each, found)) for each in found["meters"])
    limits = found["budget"]
    if found["meters"]:
        yield facts(
            [("at the limit", _WHEN[limits["when_over"]]), ("unknown price", _UNKNOWN[limits["unknown_price"]])]
        )
    else:
        yield "  no limits"
    if found["lapsed"].get("calls"):
        yield f"  {found['lapsed']['calls']:,} calls never told their end: perhaps they were paid, perhaps not"


_WHEN = {"ask": "a person decides", "wait": "it waits for the next month", "local": "the model on this machine writes"}
_UNKNOWN = {"refuse": "refused if money is limited", "ask": "a person decides", "count": "only the counts bind"}


def _path(name: str) -> str:
    return f"budgets/{quote(name, safe='')}"


def _rows(found: list[dict[str, Any]]) -> Iterator[RenderableType]:
    limited = ("; ".join(f"{_meter(meter, each)}" for meter in each["meters"]) or "no limits" for each in found)
    yield table(
        ("Account", "Period", "Used", "Limits"),
        [(each["account"], each["period"], each["cost"], limits) for each, limits in zip(found, limited, strict=True)],
    )


def _statement(found: dict[str, Any]) -> Iterator[RenderableType]:
    yield f"{found['month']}, counted in {found['currency']}"
    yield from _rows(found["accounts"])


def _prices(found: dict[str, Any]) -> Iterator[RenderableType]:
    yield f"Counted in {found['currency']}; for a million tokens. What is not listed costs “unknown”."
    rows = [(each["model"], *_both(each), each["date"], each["source"]) for each in [*found["prices"], *found["known"]]]
    yield table(("Model", "Read", "Written", "From", "Source"), rows, right=("Read", "Written"))
    if found["rates"]:
        worth = [(f"1 {each['of']}", spelled(each["micros"], each["to"]), each) for each in found["rates"]]
        yield table(("Rate", "Is", "From", "Source"), [(a, b, each["date"], each["source"]) for a, b, each in worth])


def _both(price: dict[str, Any]) -> tuple[str, str]:
    return spelled(price["input"], price["currency"]), spelled(price["output"], price["currency"])


def _meter(meter: dict[str, Any], found: dict[str, Any]) -> str:
    if meter["what"] == "money":
        currency = found["budget"]["money"]["currency"]
        spent, limit, held = (spelled(meter[part], currency) for part in ("spent", "limit", "held"))
    else:
        spent, held = f"{meter['spent']:,}", f"{meter['held']:,}"
        limit = f"{meter['limit']:,} {meter['what']}"
    return f"{spent} of {limit}" + (f", {held} held" if meter["held"] else "")


def _limit(text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise Refused(f"{text}: is not of the form limit=value")
    if value == "none":
        return name, None
    if name == "money":
        return name, _money(value).model_dump()
    return name, int(value) if re.fullmatch("[0-9]{1,18}", value) else value


def _money(text: str) -> Any:
    try:
        return read_money(text)
    except ValueError as error:
        raise Refused(str(error)) from None


def _day(since: str | None) -> str:
    return since or datetime.now(UTC).date().isoformat()


def _add(session: Session, what: str, entry: dict[str, Any]) -> None:
    found = session.client.get("budgets/prices")
    wanted = {name: found[name] for name in ("currency", "prices", "rates")}
    session.show(session.client.put("budgets/prices", {**wanted, what: [*wanted[what], entry]}), _prices)
