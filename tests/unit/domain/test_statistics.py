from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.statistics import FLOOR, Proportion, ahead, difference, wilson


@st.composite
def proportions(draw: st.DrawFn, smallest: int = 1) -> Proportion:
    of = draw(st.integers(smallest, 100_000))
    return Proportion(draw(st.integers(0, of)), of)


@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    [(10, 100, 0.0552, 0.1744), (0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (81, 263, 0.2553, 0.3662)],
)
def test_wilson_gives_the_published_values(count: int, of: int, low: float, high: float) -> None:
    assert wilson(Proportion(count, of)) == pytest.approx((low, high), abs=5e-5)


def test_newcombe_gives_his_published_example() -> None:
    assert difference(Proportion(56, 70), Proportion(48, 80)) == pytest.approx((0.0524, 0.3339), abs=5e-5)
    assert difference(Proportion(9, 10), Proportion(3, 10)) == pytest.approx((0.1705, 0.8090), abs=5e-5)


def test_of_nobody_nothing_is_known() -> None:
    assert Proportion(0, 0).value == 0
    assert wilson(Proportion(0, 0)) == (0, 1)


@given(proportions())
def test_an_interval_holds_its_rate_and_stays_within_0_and_1(found: Proportion) -> None:
    low, high = wilson(found)
    assert 0 <= low <= found.value <= high <= 1
    assert low < high


@given(proportions())
def test_more_of_the_same_evidence_narrows_an_interval(found: Proportion) -> None:
    few, many = wilson(found), wilson(Proportion(found.count * 4, found.of * 4))
    assert many.high - many.low < few.high - few.low


@given(proportions(), proportions())
def test_a_difference_is_the_mirror_of_its_opposite(one: Proportion, other: Proportion) -> None:
    low, high = difference(one, other)
    assert (-high, -low) == pytest.approx(tuple(difference(other, one)))
    assert low <= one.value - other.value <= high


@given(proportions(FLOOR), proportions(FLOOR))
def test_of_two_rates_at_most_one_is_ahead(one: Proportion, other: Proportion) -> None:
    assert not (ahead(one, other) and ahead(other, one))


def test_below_the_floor_no_winner_is_named_whatever_the_rates() -> None:
    assert ahead(Proportion(FLOOR - 1, FLOOR - 1), Proportion(0, 10_000)) is None
    assert ahead(Proportion(10_000, 10_000), Proportion(0, FLOOR - 1)) is None
    assert ahead(Proportion(FLOOR, FLOOR), Proportion(0, FLOOR)) is True


def test_many_comparisons_ask_for_more_evidence() -> None:
    one, other = Proportion(62, 400), Proportion(42, 400)
    assert ahead(one, other) is True
    assert ahead(one, other, comparisons=6) is False
