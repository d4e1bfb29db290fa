"""Money, prices and budgets, pure."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from shared.domain.budget import Amount, cost_text, next_period, period_of, total
from shared.domain.money import MixedCurrencies, Money, read_money, spelled
from shared.domain.price_list import PRICES
from shared.domain.prices import Price, Rate, converted, cost, price_of

DATED = {"source": "a contract", "date": date(2026, 1, 1)}
WHOLE = st.integers(-(10**15), 10**15)


@given(WHOLE, st.sampled_from(["EUR", "USD", "CHF", "JPY"]))
def test_what_is_written_out_in_full_is_read_back_to_the_last_millionth(micros: int, currency: str) -> None:
    money = Money(micros=abs(micros), currency=currency)
    assert read_money(money.plain) == money


@given(st.integers(0, 10**14), st.integers(0, 10**14))
def test_money_adds_and_compares_as_its_millionths_do(one: int, other: int) -> None:
    a, b = Money(micros=one), Money(micros=other)
    assert (a + b).micros == one + other
    assert (a < b) is (one < other)
    assert a - b + b == a


@pytest.mark.parametrize("operation", [lambda a, b: a + b, lambda a, b: a - b, lambda a, b: a < b, lambda a, b: a >= b])
def test_two_currencies_are_an_error_that_names_both(operation: object) -> None:
    with pytest.raises(MixedCurrencies, match="EUR and USD"):
        operation(Money(micros=0), Money(micros=0, currency="USD"))  # type: ignore[operator]


@pytest.mark.parametrize("micros", [1.0, True, "1", 0.5, None, 10**15 + 1])
def test_there_are_no_fractions_of_a_millionth(micros: object) -> None:
    with pytest.raises(ValidationError):
        Money.model_validate({"micros": micros})


@pytest.mark.parametrize(
    ("micros", "currency", "said"),
    [
        (0, "EUR", "€0.00"),
        (1_240_000, "EUR", "€1.24"),
        (400, "EUR", "€0.0004"),
        (1, "USD", "$0.000001"),
        (995_000, "EUR", "€1.00"),
        (1_999_999, "EUR", "€2.00"),
        (12_000_000, "CHF", "12.00 CHF"),
        (-1_500_000, "GBP", "-£1.50"),
        (1_234_567_890_000, "EUR", "€1,234,567.89"),
    ],
)
def test_money_is_said_with_what_cents_would_lose(micros: int, currency: str, said: str) -> None:
    assert spelled(micros, currency) == said


@pytest.mark.parametrize("text", ["", "much", "-1", "1.0000001", "€1 EUR", "1 euro", "1e3", "9" * 20, "١٢"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"amount|more than"):
        read_money(text)


def test_a_price_is_the_newest_of_its_day_and_an_own_one_comes_first() -> None:
    old = Price(model="m", currency="USD", input=1, **DATED)  # type: ignore[arg-type]
    new = old.model_copy(update={"input": 2, "date": date(2026, 6, 1)})
    own = old.model_copy(update={"input": 3})
    listed = [new, old]
    assert price_of("M", date(2026, 5, 31), listed) == old
    assert price_of("m-2026-02-03", date(2026, 6, 1), listed) == new
    assert price_of("m", date(2026, 6, 1), [own], listed) == own
    assert price_of("m", date(2025, 12, 31), listed) is None
    assert price_of("m-large", date(2026, 6, 1), listed) is None


@given(st.integers(0, 10**7), st.integers(0, 10**7))
def test_a_cost_is_never_less_than_the_price_says(read: int, written: int) -> None:
    price = Price(model="m", currency="EUR", input=333_333, output=7, **DATED)  # type: ignore[arg-type]
    found = cost(price, read, written)
    assert found is not None
    assert 0 <= found.micros * 1_000_000 - (read * 333_333 + written * 7) < 1_000_000


def test_what_is_not_priced_is_unknown() -> None:
    assert cost(None, 1, 1) is None
    text_only = Price(model="m", currency="EUR", input=1, most_input=100, **DATED)  # type: ignore[arg-type]
    assert cost(text_only, 1, 1, images=1) is None
    assert cost(text_only, 101, 1) is None


def test_a_rate_is_dated_and_without_one_both_currencies_are_named() -> None:
    rate = Rate(of="USD", to="EUR", micros=900_000, **DATED)  # type: ignore[arg-type]
    dollar = Money(micros=1_000_001, currency="USD")
    assert converted(dollar, "EUR", date(2026, 1, 1), [rate]) == Money(micros=900_001)
    with pytest.raises(MixedCurrencies, match="EUR and USD"):
        converted(dollar, "EUR", date(2025, 12, 31), [rate])


def test_every_built_in_price_has_a_source_and_a_date() -> None:
    assert all(price.source and price.date.year >= 2026 for price in PRICES)
    assert len({price.model for price in PRICES}) == len(PRICES)


@pytest.mark.parametrize(
    ("amounts", "said"),
    [
        ([], "nothing, 0 calls"),
        ([Amount(Money(micros=10_000))] * 3 + [Amount(Money(micros=0), local=True)], "€0.03, 4 calls, 1 local"),
        ([Amount(Money(micros=0), local=True)], "no cost, 1 call, 1 local"),
        ([Amount(None)], "cost unknown, 1 call"),
        ([Amount(Money(micros=10_000)), Amount(None)], "€0.01 + unknown, 2 calls"),
        ([Amount(Money(micros=10_000)), Amount(Money(micros=1, currency="USD"))], "€0.01 + $0.000001, 2 calls"),
    ],
)
def test_what_something_cost_is_said_in_one_line(amounts: list[Amount], said: str) -> None:
    assert cost_text(total(each.tally() for each in amounts)) == said


def test_months_begin_in_the_workspaces_zone_also_when_its_clocks_change() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    late = datetime(2026, 3, 31, 22, 30, tzinfo=UTC)
    assert period_of("workspace", late, berlin) == "2026-04"
    assert period_of("agent-a", late, ZoneInfo("UTC")) == "2026-03"
    assert period_of("campaign-c", late, berlin) == "total"
    assert next_period("workspace", datetime(2026, 10, 31, tzinfo=UTC), berlin) == datetime(
        2026, 10, 31, 23, tzinfo=UTC
    )
    assert next_period("workspace", datetime(2026, 12, 31, tzinfo=UTC), berlin) == datetime(
        2026, 12, 31, 23, tzinfo=UTC
    )
    assert next_period("task-t", late, berlin) is None
