"""Budgets, statement and prices over HTTP, and their page."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from shared import wiring
from shared.agents import budget
from shared.domain.budget import Amount, accounts_of
from shared.domain.money import Money
from shared.domain.scope import Scope
from shared.web.budgets import MOST

from .conftest import Edge

SCOPE = Scope("local", "main")
FORM = "application/x-www-form-urlencoded"
EUROS = {"money": {"micros": 25_000_000, "currency": "EUR"}}


def use(micros: int, key: str, local: bool = False, campaign: str = "c1") -> None:
    ports = wiring.ports()
    amount = Amount(Money(micros=micros), tokens=100, local=local)
    hold = budget.reserve(ports, SCOPE, accounts_of(agent="copywriter", campaign=campaign), amount, key)
    budget.settle(ports, SCOPE, hold, amount)


def test_a_budget_is_set_read_listed_and_taken_away(edge: Edge) -> None:
    assert edge.ask("GET", "/api/v1/budgets/workspace").json["meters"] == []
    put = edge.ask("PUT", "/api/v1/budgets/agent-copywriter", {**EUROS, "calls": 10, "when_over": "local"})
    assert put.status == 200
    use(30_000, "a")
    use(0, "b", local=True)
    found = edge.ask("GET", "/api/v1/budgets/agent-copywriter").json
    assert found["cost"] == "€0.03, 2 calls, 1 local"
    assert found["meters"] == [
        {"what": "money", "spent": 30_000, "held": 0, "limit": 25_000_000},
        {"what": "calls", "spent": 2, "held": 0, "limit": 10},
    ]
    listed = edge.ask("GET", "/api/v1/budgets").json["items"]
    assert [each["account"] for each in listed] == ["workspace", "agent-copywriter", "campaign-c1"]
    assert {each["cost"] for each in listed} == {"€0.03, 2 calls, 1 local"}
    gone = edge.ask("DELETE", "/api/v1/budgets/agent-copywriter").json
    assert (gone["meters"], gone["spent"]["calls"]) == ([], 2)
    facts = wiring.ports().journal.read(SCOPE, "budgets")
    assert [fact.data.get("limits", "set") for fact in facts] == ["set", "none"]


def test_a_statement_is_of_one_month(edge: Edge) -> None:
    edge.ask("GET", "/api/v1/budgets")
    use(30_000, "a")
    present = edge.ask("GET", "/api/v1/budgets/statement").json
    assert (present["currency"], len(present["accounts"])) == ("EUR", 3)
    past = edge.ask("GET", "/api/v1/budgets/statement?month=2020-01").json
    assert [(each["account"], each["cost"]) for each in past["accounts"]] == [("workspace", "nothing, 0 calls")]
    assert "month" in edge.ask("GET", "/api/v1/budgets/statement?month=2020-13").fields


@pytest.mark.parametrize("account", ["agent-", "tenant-a", "agent-a b", "x", "campaign", "workspace-1", "%00"])
def test_what_is_no_account_is_not_found(edge: Edge, account: str) -> None:
    assert edge.ask("PUT", f"/api/v1/budgets/{account}", {}).status == 404
    assert edge.ask("GET", f"/api/v1/budgets/{account}").status == 404


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"money": {"micros": 1.5}}, "money.micros"),
        ({"money": {"micros": True}}, "money.micros"),
        ({"money": {"micros": 10**16}}, "money.micros"),
        ({"money": {"micros": 1, "currency": "€"}}, "money.currency"),
        ({"money": 25}, "money"),
        ({"calls": -1}, "calls"),
        ({"calls": "many"}, "calls"),
        ({"when_over": "go on"}, "when_over"),
        ({"unknown_price": "zero"}, "unknown_price"),
        ({"euros": 5}, "euros"),
    ],
)
def test_a_limit_that_is_wrong_names_its_field(edge: Edge, body: dict[str, object], field: str) -> None:
    assert field in edge.ask("PUT", "/api/v1/budgets/workspace", body).fields


def test_a_limit_in_another_currency_than_was_spent_names_both(edge: Edge) -> None:
    edge.ask("GET", "/api/v1/budgets")
    use(30_000, "a")
    refused = edge.ask("PUT", "/api/v1/budgets/workspace", {"money": {"micros": 1, "currency": "USD"}})
    assert refused.status == 409
    assert "USD and EUR" in refused.fields["currency"]


def test_own_prices_and_rates_hold_from_the_next_call_on(edge: Edge) -> None:
    known = edge.ask("GET", "/api/v1/budgets/prices").json
    assert known["prices"] == []
    assert all(price["source"] and price["date"] for price in known["known"])
    ports = wiring.ports()
    assert budget.Tariff(ports, SCOPE).quote("our-own-model", 1000, 1000).money is None
    price = {"model": "our-own-model", "currency": "USD", "input": 2_000_000, "output": 8_000_000}
    dated = {"source": "our contract", "date": "2026-01-01"}
    rate = {"of": "USD", "to": "EUR", "micros": 900_000, **dated}
    put = edge.ask("PUT", "/api/v1/budgets/prices", {"prices": [{**price, **dated}], "rates": [rate]})
    assert put.status == 200, put.body
    assert budget.Tariff(ports, SCOPE).quote("Our-Own-Model-2026-03-01", 1000, 1000).money == Money(micros=9_000)
    edge.ask("PUT", "/api/v1/budgets/prices", {"prices": [{**price, **dated}]})
    assert budget.Tariff(ports, SCOPE).quote("our-own-model", 1000, 1000).money == Money(micros=10_000, currency="USD")


def test_the_page_shows_what_is_used_and_sets_limits(edge: Edge) -> None:
    edge.ask("GET", "/api/v1/budgets")
    use(30_000, "a")
    use(0, "b", local=True)
    filled = {"account": "workspace", "money": "0.06", "calls": "4", "when_over": "wait", "unknown_price": "count"}
    answer = edge.ask("POST", "/budgets", urlencode(filled).encode(), Content_Type=FORM)
    assert (answer.status, answer.headers["Location"]) == (303, "/budgets")
    page = edge.ask("GET", "/budgets").body.decode()
    assert "€0.03, 2 calls, 1 local" in page
    assert "€0.03 of €0.06" in page
    assert "2 of 4 calls" in page
    assert "Calls: 1 on this machine, 1 in the cloud" in page
    assert 'value="0.06 EUR"' in page
    assert "gpt-4.1-mini" in page
    refused = edge.ask("POST", "/budgets", urlencode({**filled, "money": "much"}).encode(), Content_Type=FORM)
    assert "money" in refused.fields
    other = edge.ask("POST", "/budgets", urlencode({**filled, "account": "nobody"}).encode(), Content_Type=FORM)
    assert other.status == 404


def test_another_workspace_sees_and_spends_its_own(edge: Edge) -> None:
    edge.ask("PUT", "/api/v1/budgets/workspace", {"calls": 1})
    use(1, "a")
    other = edge.ask("GET", "/api/v1/budgets/workspace", Baton_Workspace="other").json
    assert (other["meters"], other["spent"]) == ([], {})


def test_the_page_names_the_dearest_campaigns_and_says_how_many_more_there_are(edge: Edge) -> None:
    edge.ask("GET", "/api/v1/budgets")
    for n in range(MOST + 2):
        use(1_000 + n, f"k{n}", campaign=f"c{n:02}")
    page = edge.ask("GET", "/budgets").body.decode()
    assert f"/budgets?account=campaign-c{MOST + 1:02}" in page
    assert "/budgets?account=campaign-c01" not in page
    assert "2 more cost less" in page
    assert "<details open><summary>Change its limits" in edge.ask("GET", "/budgets?account=campaign-c01").body.decode()
