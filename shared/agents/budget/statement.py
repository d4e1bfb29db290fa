"""What accounts have used and may use, read from their documents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from shared.agents.budget.accounts import named
from shared.agents.budget.books import ACCOUNT, USE, Books, Place, places_of
from shared.agents.budget.price import prices
from shared.domain.budget import WORKSPACE, Budget, Tally, period_of, use_of
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.domain.segment import Filter
from shared.domain.statement import AccountUse, Statement, account_use
from shared.ports import Document, Ports


def use(ports: Ports, scope: Scope, account: str) -> AccountUse:
    """One account in its present period. Raises Missing if the name is not one of an account."""
    now = ports.clock.now()
    place = places_of(ports, [named(account)], now)[0]
    books = Books(ports, scope, frozenset({place.id, f"{ACCOUNT}{account}"}))
    return account_use(*place, books.budget(account), books.use(place).lapse(now))


def statement(ports: Ports, scope: Scope, month: str | None = None) -> Statement:
    """A month, the present one if none is named: the workspace first. Of campaigns and tasks, which have no months,
    those that used something in the present one are listed with all that they ever used."""
    now, zone = ports.clock.now(), ZoneInfo(ports.timezone)
    present = period_of(WORKSPACE, now, zone)
    wanted = month or present
    limits = {each.id.removeprefix(ACCOUNT): Budget.model_validate(each.body) for each in _all(ports, scope, ACCOUNT)}
    begins = datetime(int(wanted[:4]), int(wanted[5:]), 1, tzinfo=zone).astimezone(UTC).isoformat()
    found = {_place(each): each for each in _all(ports, scope, USE)}
    shown = {
        place.account: (place, use_of(each.body).lapse(now))
        for place, each in found.items()
        if place.period == wanted or (place.period == "total" and wanted == present and each.changed_at >= begins)
    }
    for account in [WORKSPACE, *(limits if wanted == present else ())]:
        period = wanted if account == WORKSPACE else period_of(account, now, zone)
        shown.setdefault(account, (Place(account, period), use_of(None)))
    lines = [account_use(*place, limits.get(account, Budget()), used) for account, (place, used) in shown.items()]
    lines.sort(key=lambda each: (each.account != WORKSPACE, each.account))
    return Statement(month=wanted, currency=prices(ports, scope).currency, accounts=lines)


def months(ports: Ports, scope: Scope) -> Iterator[tuple[str, Tally]]:
    """What the workspace has used in each month."""
    for each in _all(ports, scope, f"{USE}{WORKSPACE}:"):
        yield _place(each).period, use_of(each.body).spent


def names(ports: Ports, scope: Scope, accounts: Sequence[AccountUse]) -> dict[str, str]:
    """What those of them that are a campaign's or a task's are called, by account."""
    found: dict[str, str] = {}
    for kind, field in ((Kind.CAMPAIGN, "name"), (Kind.TASK, "title")):
        ids = [each.account.removeprefix(f"{kind}-") for each in accounts if each.account.startswith(f"{kind}-")]
        for first in range(0, len(ids), 100):
            asked = [Filter("id", "in", ids[first : first + 100])]
            for document in ports.documents.find(scope, kind, asked, limit=100).documents:
                found[f"{kind}-{document.id}"] = document.body[field]
    return found


def _all(ports: Ports, scope: Scope, prefix: str) -> Iterator[Document]:
    cursor = None
    while True:
        page = ports.documents.find(scope, Kind.BUDGET, [Filter("id", "prefix", prefix)], limit=500, cursor=cursor)
        yield from page.documents
        cursor = page.cursor
        if cursor is None:
            return


def _place(document: Document) -> Place:
    account, _, period = document.id.removeprefix(USE).rpartition(":")
    return Place(account, period)
