"""What it cost, as far as it is known: models by the budgets' books, messages by the ledger. Time and packages have no
cost price, and no cost is booked to a client: that is said, not guessed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

from shared.agents.budget.statement import months
from shared.agents.campaigns.certificate import rows
from shared.agents.records import Records
from shared.domain.budget import moneys
from shared.domain.campaign import Campaign
from shared.domain.line_items import rounded
from shared.domain.money import EURO
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.domain.takings import Entry
from shared.ports import Ports

_CAMPAIGNS = Records(Kind.CAMPAIGN, Campaign)
_MICRO = Decimal("0.000001")


def entries(ports: Ports, scope: Scope) -> Iterator[Entry]:
    """What models cost each month, and messages of each campaign whose channel has a price."""
    for month, spent in months(ports, scope):
        for money in moneys(spent):
            if money.micros:
                yield _entry("models", month, f"/budgets?month={month}", "Models", month, money.micros, money.currency)
    for found in _CAMPAIGNS.every(ports, scope, unreadable=[]):
        if found.max_cost_micros:
            for month, micros in _messages(ports, scope, found):
                yield _entry("messages", found.id, f"/campaigns/{found.id}", found.name, month, micros, EURO)


def unknown(ports: Ports, scope: Scope) -> Iterator[str]:
    """What is not known of the costs, in words."""
    for month, spent in months(ports, scope):
        if n := spent.get("unknown", 0):
            yield f"the price of {n:,} call{'s' * (n != 1)} of models in {month}"
    yield "what an hour of work costs, and packages: nobody has said"


def _messages(ports: Ports, scope: Scope, found: Campaign) -> Iterator[tuple[str, int]]:
    zone, sums = ZoneInfo(ports.timezone), Counter[str]()
    for row in rows(ports, scope, found.id, found.shards):
        at = row.settled_at or row.intended_at or row.due
        sums[f"{at.astimezone(zone):%Y-%m}"] += row.cost_micros
    yield from ((month, micros) for month, micros in sorted(sums.items()) if micros)


def _entry(kind: str, id: str, href: str, name: str, month: str, micros: int, currency: str) -> Entry:
    """To the coin, as everything is that is added here."""
    said = {"what": "cost", "kind": kind, "id": id, "href": href, "name": name, "client": "", "currency": currency}
    amount = rounded(Decimal(micros) * _MICRO, currency)
    return Entry.model_validate({**said, "on": date.fromisoformat(f"{month}-01"), "amount": amount})
