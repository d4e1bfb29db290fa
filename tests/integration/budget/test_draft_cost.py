"""What a draft cost is with the draft: every try of every call, known or unknown, near or far."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from shared.agents import budget
from shared.agents.generate import run
from shared.agents.records import load
from shared.domain.budget import Budget, cost_text
from shared.domain.draft import Draft, draft_id
from shared.domain.money import Money
from shared.domain.names import Kind
from shared.domain.outcome import Done, Later
from shared.domain.prices import Price, PriceList
from shared.ports import Ports
from tests.integration.generate.home import ORDER, SCOPE, accept, copy, opened
from tests.servers.models import ModelServer, Reply

PRICE = Price(model="test-model", currency="USD", input=0, output=0, source="a test", date=date(2026, 1, 1))


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer() as server:
        yield server


@pytest.fixture
def ports(tmp_path: Path, server: ModelServer) -> Iterator[Ports]:
    with opened(tmp_path, server.url) as ports:
        yield ports


def cost(ports: Ports) -> str:
    found = ports.documents.get(SCOPE, Kind.DRAFT, draft_id("spring", 1, "A"))
    assert found
    return cost_text(Draft.model_validate(found.body).cost)


def test_every_try_is_counted_and_a_price_that_nobody_named_is_unknown(ports: Ports, server: ModelServer) -> None:
    accept(ports, variants=1)
    server.script(Reply(copy(subject="RE: 50% off")), Reply(copy()))
    assert run(ports, ORDER) == Done({"version": 1})
    assert cost(ports) == "cost unknown, 2 calls"
    assert budget.use(ports, SCOPE, "agent-copywriter").cost == "cost unknown, 2 calls"


def test_a_priced_draft_says_what_it_cost_and_the_accounts_say_the_same(ports: Ports, server: ModelServer) -> None:
    accept(ports, variants=1)
    price = PRICE.model_copy(update={"input": 3_000_000, "output": 9_000_000, "currency": "EUR"})
    budget.put_prices(ports, SCOPE, "ann", PriceList(prices=[price]))
    server.script(Reply(copy()))
    run(ports, ORDER)
    account = budget.use(ports, SCOPE, "campaign-spring")
    assert account.spent["money.EUR"] > 0
    assert account.held == {}
    assert account.cost == cost(ports)
    assert cost(ports).startswith("€0.")
    assert cost(ports).endswith(", 1 call")


def test_what_is_written_on_this_machine_costs_nothing(tmp_path: Path) -> None:
    with opened(tmp_path) as ports:
        accept(ports, variants=1)
        budget.put(ports, SCOPE, "ann", "workspace", Budget(money=Money(micros=0)))
        assert run(ports, ORDER) == Done({"version": 1})
        assert cost(ports) == "no cost, 1 call, 1 local"


def test_two_currencies_wait_for_a_person_who_names_a_rate(ports: Ports, server: ModelServer) -> None:
    accept(ports, variants=1)
    budget.put_prices(ports, SCOPE, "ann", PriceList(prices=[PRICE.model_copy(update={"output": 9_000_000})]))
    budget.put(ports, SCOPE, "ann", "campaign-spring", Budget(money=Money(micros=10_000_000)))
    waiting = run(ports, ORDER)
    assert isinstance(waiting, Later)
    assert "EUR and USD" in (load(ports, SCOPE, "spring").status_reason or "")
    assert server.requests == []
    budget.put(ports, SCOPE, "ann", "campaign-spring", Budget(money=Money(micros=10_000_000, currency="USD")))
    server.script(Reply(copy()))
    assert run(ports, ORDER) == Done({"version": 1})
