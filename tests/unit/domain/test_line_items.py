"""Lines and their sums, pure: as by hand with whole numbers, whatever the currency."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from shared.domain.line_items import Line, billed, line_net, minor, minor_digits, of_minor, rounded, totals

CURRENCIES = st.sampled_from(["EUR", "JPY", "KWD", "CLF"])
RATES = st.sampled_from([Decimal(text) for text in ("0", "5.5", "7", "7.0", "19", "9.975", "100")])
LINES = st.builds(
    Line,
    title=st.just("Workshop"),
    quantity=st.decimals(-(10**7), 10**7, places=4),
    unit_net=st.decimals(0, 10**10, places=6),
    vat_rate=RATES,
    billing=st.sampled_from(["once", "monthly"]),
)


def half_up(exact: Fraction, digits: int) -> Fraction:
    """By whole numbers alone: to the nearest coin, the half away from zero."""
    coins = abs(exact) * 10**digits
    whole = (2 * coins.numerator + coins.denominator) // (2 * coins.denominator)
    return Fraction(whole if exact >= 0 else -whole, 10**digits)


@given(st.lists(LINES, max_size=20), CURRENCIES)
def test_the_sums_are_those_of_whole_numbers(lines: list[Line], currency: str) -> None:
    digits = minor_digits(currency)
    nets = [half_up(Fraction(line.quantity) * Fraction(line.unit_net), digits) for line in lines]
    found = totals(lines, currency)
    assert [Fraction(line_net(line, currency)) for line in lines] == nets
    by_rate: dict[Fraction, Fraction] = {}
    for line, net in zip(lines, nets, strict=True):
        by_rate[Fraction(line.vat_rate)] = by_rate.get(Fraction(line.vat_rate), Fraction(0)) + net
    expected = {rate: (net, half_up(net * rate / 100, digits)) for rate, net in by_rate.items()}
    assert {Fraction(each.rate): (Fraction(each.net), Fraction(each.tax)) for each in found.vat} == expected
    assert Fraction(found.net) == sum(nets)
    assert found.gross == found.net + found.tax
    assert Fraction(found.tax) == sum(tax for _, tax in expected.values())


@given(st.lists(LINES, max_size=10), CURRENCIES)
def test_a_credit_note_of_all_lines_leaves_nothing(lines: list[Line], currency: str) -> None:
    back = totals([line.model_copy(update={"quantity": -line.quantity}) for line in lines], currency)
    there = totals(lines, currency)
    assert (there.net + back.net, there.tax + back.tax, there.gross + back.gross) == (0, 0, 0)


@given(st.lists(LINES, max_size=10), CURRENCIES)
def test_order_and_a_way_through_json_change_no_sum(lines: list[Line], currency: str) -> None:
    again = [Line.model_validate_json(line.model_dump_json()) for line in lines]
    assert again == lines
    assert totals(again[::-1], currency) == totals(lines, currency)
    assert len(billed(lines, "once")) + len(billed(lines, "monthly")) == len(lines)


@given(st.integers(-(10**18), 10**18), CURRENCIES)
def test_coins_and_amounts_are_the_same_money(coins: int, currency: str) -> None:
    assert minor(of_minor(coins, currency), currency) == coins


@pytest.mark.parametrize(
    ("unit", "quantity", "currency", "net"),
    [
        ("0.005", "1", "EUR", "0.01"),
        ("0.005", "-1", "EUR", "-0.01"),
        ("1.5", "1", "JPY", "2"),
        ("0.0005", "1", "KWD", "0.001"),
        ("9999999999.999999", "9999999.9999", "EUR", "99999999998999990.00"),
    ],
)
def test_halves_go_away_from_zero(unit: str, quantity: str, currency: str, net: str) -> None:
    line = Line(title="x", quantity=Decimal(quantity), unit_net=Decimal(unit), vat_rate=Decimal(0))
    assert str(line_net(line, currency)) == net


def test_tax_is_counted_on_the_sum_of_a_rate_not_on_each_line() -> None:
    line = {"title": "x", "unit_net": "0.03", "vat_rate": "19"}
    found = totals([Line.model_validate(line)] * 3, "EUR")
    assert (str(found.net), str(found.tax), str(found.gross)) == ("0.09", "0.02", "0.11")


@pytest.mark.parametrize(
    "wrong",
    [
        {"unit_net": 12.5},
        {"unit_net": "-1"},
        {"unit_net": "NaN"},
        {"unit_net": "1e40"},
        {"unit_net": "1.0000001"},
        {"quantity": True},
        {"quantity": "Infinity"},
        {"vat_rate": "101"},
        {"vat_rate": "-1"},
        {"title": ""},
        {"title": "two\nlines"},
        {"billing": "weekly"},
        {"price": "1"},
    ],
)
def test_what_is_no_line_is_refused_by_its_field(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError) as refused:
        Line.model_validate({"title": "x", "unit_net": "1", "vat_rate": "19"} | wrong)
    assert [error["loc"][0] for error in refused.value.errors()] == list(wrong)


def test_part_of_a_coin_is_no_amount_to_pay() -> None:
    with pytest.raises(ValueError, match="smallest coins of JPY"):
        minor(Decimal("0.5"), "JPY")
    assert rounded(Decimal("0.5"), "JPY") == 1
