"""The budget of a brief is the campaign's account: what models spend of it, its messages cannot."""

from __future__ import annotations

from typing import Any

import pytest

from shared.agents import budget, campaigns
from shared.agents.analyze import report
from shared.agents.budget.campaigns import account_of, most_messages
from shared.domain.budget import Amount, OverBudget, accounts_of
from shared.domain.money import Money
from shared.ports import Ports
from tests.integration.agents.conftest import SCOPE, Walk, hand, people, ports, request

__all__ = ["hand", "people", "ports"]


def accepted(ports: Ports, **limits: Any) -> Any:
    return campaigns.accept(ports, SCOPE, "ann", request(budget=limits))


def spend(ports: Ports, campaign: str, micros: int) -> None:
    amount = Amount(Money(micros=micros))
    hold = budget.reserve(ports, SCOPE, accounts_of("copywriter", campaign), amount, f"{campaign}-{micros}")
    budget.settle(ports, SCOPE, hold, amount)


@pytest.fixture(autouse=True)
def somebody(people: Any) -> None:
    people(20)


def test_a_brief_without_limits_has_an_account_without_limits(ports: Ports) -> None:
    found = accepted(ports)
    assert budget.use(ports, SCOPE, account_of(found.id)).meters == []
    assert most_messages(ports, SCOPE, found, 60_000) is None


def test_what_models_spent_is_not_there_for_messages(ports: Ports) -> None:
    found = accepted(ports, max_cost=0.3, max_messages=100)
    assert most_messages(ports, SCOPE, found, 60_000) == 5
    spend(ports, found.id, 60_001)
    assert most_messages(ports, SCOPE, found, 60_000) == 3
    assert most_messages(ports, SCOPE, found, 0) == 100
    with pytest.raises(OverBudget, match=r"€0\.24 left"):
        spend(ports, found.id, 240_000)
    hold = budget.reserve(ports, SCOPE, accounts_of("copywriter", found.id), Amount(None), "unpriced")
    budget.release(ports, SCOPE, hold)


def test_a_brief_can_not_be_widened_but_its_account_can_be_narrowed(ports: Ports) -> None:
    found = accepted(ports, max_messages=100)
    for messages, most in ((1000, 100), (10, 10)):
        budget.put(
            ports,
            SCOPE,
            "ann",
            account_of(found.id),
            budget.read(ports, SCOPE, account_of(found.id)).model_copy(update={"messages": messages}),
        )
        assert most_messages(ports, SCOPE, found, 60_000) == most


def test_an_approval_is_asked_for_no_more_messages_than_are_left(ports: Ports, hand: Any) -> None:
    ports.channels["email"].cost_micros = 10_000  # as a provider's setting names it
    walk = Walk(ports, hand, budget={"max_cost": 0.15})
    spend(ports, walk.id, 50_000)
    walk.plan()
    asked = campaigns.approval(ports, SCOPE, walk.id)
    assert asked is not None
    assert (asked.sealed["max_messages"], asked.sealed["max_cost_micros"]) == (10, 100_000)
    walk.send_all()
    made = report(ports, SCOPE, walk.id)
    assert (made.funnel.sent, made.cost_micros) == (10, 0), "the outbox says that it cost nothing"
