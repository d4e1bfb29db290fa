"""Reserve and settle on both homes of documents (rule L6)."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.agents import budget
from shared.agents.budget import Hold
from shared.domain.budget import Amount, Budget, OverBudget, accounts_of
from shared.domain.money import MixedCurrencies, Money
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.ports import Ports

from .conftest import SCOPE, Hand

ALL = accounts_of(agent="copywriter", campaign="c1")


def euros(micros: int, **counts: int) -> Amount:
    return Amount(Money(micros=micros), **counts)


def used(ports: Ports, account: str = "workspace", scope: Scope = SCOPE) -> dict[str, int]:
    return dict(budget.left(ports, scope, [account])[account].used)


def limit(ports: Ports, account: str = "workspace", micros: int = 100, **rest: object) -> None:
    budget.put(ports, SCOPE, "ann", account, Budget.model_validate({"money": {"micros": micros}, **rest}))


def test_what_was_not_used_is_returned_to_every_account(home: Ports) -> None:
    limit(home)
    hold = budget.reserve(home, SCOPE, ALL, euros(80, tokens=500), "call")
    assert [used(home, each)["money.EUR"] for each in ALL] == [80, 80, 80]
    budget.settle(home, SCOPE, hold, euros(30, tokens=200))
    assert [used(home, each) for each in ALL] == [{"calls": 1, "tokens": 200, "money.EUR": 30}] * 3


def test_the_first_account_that_has_not_enough_refuses_and_nothing_is_held(home: Ports) -> None:
    limit(home, micros=1000)
    limit(home, "campaign-c1", micros=50, when_over="local")
    with pytest.raises(OverBudget, match=r"c1 has €0\.00005 left, and this call may cost €0\.000051") as refused:
        budget.reserve(home, SCOPE, ALL, euros(51), "call")
    assert (refused.value.account, refused.value.then, refused.value.until) == ("campaign-c1", "local", None)
    assert [used(home, each) for each in ALL] == [{}] * 3
    budget.reserve(home, SCOPE, ALL, euros(50), "call")


def test_the_strictest_consequence_of_several_accounts_holds(home: Ports) -> None:
    limit(home, "agent-copywriter", micros=10, when_over="local")
    limit(home, micros=10, when_over="wait")
    with pytest.raises(OverBudget) as refused:
        budget.reserve(home, SCOPE, ALL, euros(11), "call")
    assert (refused.value.account, refused.value.then) == ("workspace", "wait")
    assert refused.value.until == datetime(2027, 4, 1, tzinfo=UTC)


def test_counts_bind_as_money_does_and_a_local_model_does_not_help_against_them(home: Ports) -> None:
    limits = Budget(calls=2, tokens=100, seconds=3, when_over="local")
    budget.put(home, SCOPE, "ann", "workspace", limits)
    for wanted, what in (
        (Amount(None, tokens=101), "tokens"),
        (Amount(None, milliseconds=3001), "seconds"),
        (Amount(None, calls=3), "calls"),
    ):
        with pytest.raises(OverBudget, match=what) as refused:
            budget.reserve(home, SCOPE, ALL, wanted, "call")
        assert refused.value.then == "local"
    with pytest.raises(OverBudget) as refused:
        budget.reserve(home, SCOPE, ALL, Amount(Money(micros=0), calls=3, local=True), "call")
    assert refused.value.then == "ask"


def test_an_unknown_price_is_decided_explicitly_and_never_0(home: Ports) -> None:
    limit(home)
    with pytest.raises(OverBudget, match="what this call costs is unknown") as refused:
        budget.reserve(home, SCOPE, ALL, Amount(None), "call")
    assert refused.value.then == "refuse"
    limit(home, unknown_price="count", calls=1)
    hold = budget.reserve(home, SCOPE, ALL, Amount(None), "call")
    budget.settle(home, SCOPE, hold, Amount(None))
    assert used(home) == {"calls": 1, "unknown": 1}
    with pytest.raises(OverBudget, match="0 calls left"):
        budget.reserve(home, SCOPE, ALL, Amount(None), "another")


def test_currencies_are_never_mixed(home: Ports) -> None:
    limit(home)
    with pytest.raises(MixedCurrencies, match="EUR and USD"):
        budget.reserve(home, SCOPE, ALL, Amount(Money(micros=1, currency="USD")), "call")
    budget.reserve(home, SCOPE, ["agent-free"], Amount(Money(micros=1, currency="USD")), "free")
    with pytest.raises(MixedCurrencies, match="EUR and USD"):
        limit(home, "agent-free")


def test_whoever_does_the_work_again_finds_their_own_hold(home: Ports) -> None:
    limit(home)
    first = budget.reserve(home, SCOPE, ALL, euros(60), "call")
    again = budget.reserve(home, SCOPE, ALL, euros(70), "call")
    assert (first.again, again.again) == (False, True)
    assert used(home)["money.EUR"] == 70
    for hold in (again, first, again):
        budget.settle(home, SCOPE, hold, euros(40))
    assert used(home) == {"calls": 1, "money.EUR": 40}


def test_a_settled_call_that_is_made_again_is_paid_again_and_the_first_settlement_stays(home: Ports) -> None:
    first = budget.reserve(home, SCOPE, ALL, euros(60), "call")
    budget.settle(home, SCOPE, first, euros(60))
    second = budget.reserve(home, SCOPE, ALL, euros(60), "call")
    budget.settle(home, SCOPE, first, euros(1))
    budget.release(home, SCOPE, second)
    budget.settle(home, SCOPE, second, euros(60))
    assert used(home) == {"calls": 1, "money.EUR": 60}


def test_a_hold_that_nobody_settles_lapses_and_a_late_settlement_counts(home: Ports, hand: Hand) -> None:
    limit(home)
    hold = budget.reserve(home, SCOPE, ALL, euros(100), "call")
    hand.set(hold.until)
    with pytest.raises(OverBudget):
        budget.reserve(home, SCOPE, ALL, euros(1), "other")
    hand.forward(minutes=1)
    other = budget.reserve(home, SCOPE, ALL, euros(30), "other")
    assert used(home)["money.EUR"] == 30
    budget.settle(home, SCOPE, other, euros(30))
    budget.settle(home, SCOPE, hold, euros(20))
    assert used(home) == {"calls": 2, "money.EUR": 50}
    assert _use(home)["held"] == {}
    assert "lapsed" not in _use(home), "its end was told after all"


def test_a_lapsed_hold_that_is_taken_up_again_must_fit_again(home: Ports, hand: Hand) -> None:
    limit(home)
    budget.reserve(home, SCOPE, ALL, euros(100), "call")
    hand.forward(minutes=17)
    budget.reserve(home, SCOPE, ALL, euros(1), "other")
    assert _use(home)["lapsed"] == {"calls": 1, "money.EUR": 100}
    with pytest.raises(OverBudget):
        budget.reserve(home, SCOPE, ALL, euros(100), "call")
    budget.reserve(home, SCOPE, ALL, euros(99), "call")
    assert used(home) == {"calls": 2, "money.EUR": 100}


def test_a_month_ends_in_the_time_zone_of_the_workspace_and_a_call_is_paid_by_the_month_it_began_in(
    home: Ports, hand: Hand
) -> None:
    from dataclasses import replace

    there = replace(home, timezone="Pacific/Auckland")  # UTC+13 in March
    limit(there)
    hand.set(datetime(2027, 3, 31, 10, 58, tzinfo=UTC))
    hold = budget.reserve(there, SCOPE, ALL, euros(100), "call")
    hand.forward(minutes=3)
    assert used(there) == {}, "it is April there"
    assert used(home)["money.EUR"] == 100, "and March here"
    budget.reserve(there, SCOPE, ALL, euros(100), "april")
    again = budget.reserve(there, SCOPE, ALL, euros(90), "call")
    assert again.places == hold.places, "of March"
    budget.settle(there, SCOPE, again, euros(80))
    assert used(home) == {"calls": 1, "money.EUR": 80}
    assert used(there, "campaign-c1") == {"calls": 2, "money.EUR": 180}, "a campaign has no months"


def test_a_lowered_limit_binds_whoever_reserves_after_it(home: Ports) -> None:
    limit(home)
    hold = budget.reserve(home, SCOPE, ALL, euros(60), "call")
    limit(home, micros=50)
    with pytest.raises(OverBudget, match=r"€0\.00 left"):
        budget.reserve(home, SCOPE, ALL, euros(1), "other")
    budget.settle(home, SCOPE, hold, euros(49))
    budget.reserve(home, SCOPE, ALL, euros(1), "other")


Step = tuple[str, int, int, int]
STEP: st.SearchStrategy[Step] = st.tuples(
    st.sampled_from(["reserve", "settle", "release", "forward"]),
    st.integers(0, 4),
    st.integers(0, 60),
    st.integers(0, 100),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEP, max_size=30), most=st.integers(0, 120))
def test_whatever_happens_no_more_is_spent_and_held_than_the_limit_and_in_the_end_nothing_is_held(
    ports: Ports, hand: Hand, steps: Sequence[Step], most: int
) -> None:
    for document in ports.documents.find(SCOPE, Kind.BUDGET).documents:
        ports.documents.delete(SCOPE, Kind.BUDGET, document.id)
    limit(ports, micros=most)
    open_: dict[str, tuple[Hold, int]] = {}
    spent = 0
    for what, number, micros, share in steps:
        key = f"k{number}"
        if what == "reserve":
            with contextlib.suppress(OverBudget):
                open_[key] = budget.reserve(ports, SCOPE, ALL, euros(micros), key), micros
        elif what == "forward":
            hand.forward(minutes=micros / 10)
        elif key in open_ and open_[key][0].until >= hand.now():
            hold, held = open_.pop(key)
            paid = held * share // 100 if what == "settle" else 0
            spent += paid
            budget.settle(ports, SCOPE, hold, euros(paid)) if what == "settle" else budget.release(ports, SCOPE, hold)
        assert used(ports).get("money.EUR", 0) <= most
        assert spent <= most
    hand.forward(minutes=20)
    assert used(ports).get("money.EUR", 0) == spent


def _use(ports: Ports) -> dict[str, dict[str, int]]:
    found = ports.documents.get(SCOPE, Kind.BUDGET, "use:workspace:2027-03")
    assert found is not None
    return found.body
