"""What is printed of a price is its computation, and nothing is below its floor."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from shared.domain.derivation import printed
from shared.domain.faults import Rejected
from shared.domain.floor import below_floor
from shared.domain.line_items import minor_digits
from shared.domain.offer import OfferTerms
from shared.domain.offer_examples import EXAMPLE
from shared.domain.pricing import Chosen, Priced, priced
from shared.process.source import read

TERMS = OfferTerms.model_validate(read(EXAMPLE.encode(), False).value)
STEP = re.compile(r"(?:(×|−) ([\d.,]+)( %)? )?= ([\d.,]+) ([A-Z]{3}) · (.*)")
VAT = re.compile(r"([\d.,]+) % × ([\d.,]+) = ([\d.,]+) [A-Z]{3} · .*")
SUM = re.compile(r"([\d.,]+(?: \+ [\d.,]+)*) = ([\d.,]+) [A-Z]{3} · .*")


def changed(**more: Any) -> OfferTerms:
    return OfferTerms.model_validate({**TERMS.model_dump(), **more})


def number(text: str, language: str) -> Decimal:
    return Decimal(text.translate(str.maketrans(",.", ".,") if language == "de" else {}).replace(",", ""))


def coin(value: Decimal, currency: str, rounding: str) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-minor_digits(currency)), rounding)


def by_hand(lines: list[str], language: str) -> Iterator[None]:
    """Recompute everything from the text alone, as a reader with a pencil would: each result follows from the line."""
    before, nets = Decimal(0), []
    for text in lines:
        if found := STEP.fullmatch(text):
            sign, by, percent, result, currency, why = found.groups()
            told = number(result, language)
            if sign == "−":
                assert percent
                assert told == coin(before * (100 - number(by, language)) / 100, currency, ROUND_HALF_UP), text
            elif sign == "×":
                up = why.startswith(("rate:", "Kurs:", "complexity:", "Aufwand:"))
                assert told == coin(before * number(by, language), currency, ROUND_CEILING if up else ROUND_HALF_UP), (
                    text
                )
            before = told
            nets.append(told)
            yield
        elif found := VAT.fullmatch(text):
            rate, net, tax = (number(each, language) for each in found.groups())
            assert tax == coin(net * rate / 100, text.partition(" · ")[0][-3:], ROUND_HALF_UP), text
            yield
        elif found := SUM.fullmatch(text):
            parts = [number(each, language) for each in found[1].split(" + ")]
            assert sum(parts) == number(found[2], language), text
            assert parts[0] in nets or len(parts) > 1
            nets.append(number(found[2], language))
            yield


percents = st.decimals(Decimal("0.01"), 100, places=2)
reductions = st.lists(st.fixed_dictionaries({"name": st.just("a = 5.00 EUR · b"), "percent": percents}), max_size=3)
prices = st.decimals(0, 5000, places=2)
chosen = st.builds(
    lambda own, **more: Chosen.model_validate({**more, **own}),
    st.one_of(
        st.fixed_dictionaries({"item": st.just("website"), "price": st.none() | prices}),
        st.fixed_dictionaries({"item": st.just("care"), "price": st.none() | prices}),
        st.builds(lambda price: {"title": "Own", "price": price, "billing": "once"}, prices),
    ),
    quantity=st.decimals(4, 40, places=3),
    complexity=st.sampled_from(["", "shop", "languages"]),
    discounts=reductions,
    vat_rate=st.sampled_from([None, Decimal("7"), Decimal("19.5")]),
)


@given(
    st.lists(chosen, min_size=1, max_size=5),
    reductions,
    st.sampled_from(["EUR", "CHF", "JPY"]),
    st.sampled_from(["en", "de"]),
)
def test_every_price_can_be_recomputed_by_hand_from_what_is_printed(
    lines: list[Chosen], less: list[Any], currency: str, language: Any
) -> None:
    rates = {**TERMS.model_dump()["rates"], "JPY": {"rate": "163.217", "date": "2026-11-20", "source": "ECB"}}
    whole = [each.model_copy(update={"price": each.price and each.price.to_integral_value()}) for each in lines]
    found = priced(changed(rates=rates), currency, whole, [reduction(each) for each in less])
    text = printed(found, language)
    titles = len(found.lines)
    assert len(list(by_hand(text, language))) == len(text) - titles
    assert_sums(found)


def reduction(given: dict[str, Any]) -> Any:
    return Chosen.model_validate({"discounts": [given]}).discounts[0]


def assert_sums(found: Priced) -> None:
    """What is asked for is what is printed: once and monthly, with the tax of each rate."""
    for billing, total in (("once", found.once), ("monthly", found.monthly)):
        nets = [each.net for each in found.lines if each.line.billing == billing]
        assert total.net == sum(nets)
        assert total.gross == total.net + sum(each.tax for each in total.vat)


@given(st.lists(chosen, min_size=1, max_size=4), reductions, st.sampled_from(["EUR", "CHF"]))
def test_what_is_below_its_floor_is_told_however_it_came_about(
    lines: list[Chosen], less: list[Any], currency: str
) -> None:
    found = priced(TERMS, currency, lines, [reduction(each) for each in less])
    rate = {"EUR": Decimal(1), "CHF": Decimal("0.95")}[currency]
    factors = {"": Decimal(1), "shop": Decimal("1.4"), "languages": Decimal("1.25")}
    floors = {"website": Decimal(360), "care": Decimal(150), "": Decimal(40)}
    exact = [floors[each.item] * rate * (factors[each.complexity] if each.item else 1) for each in lines]
    told = {each.field for each in below_floor(TERMS, found)}
    for n, (line, floor) in enumerate(zip(found.lines, exact, strict=True)):
        assert (f"lines[{n}].price" in told) or line.line.unit_net >= floor
    assert ("lines" in told) or found.once.net + found.monthly.net >= 1500 * rate


def test_the_list_price_itself_may_always_be_sent() -> None:
    at_floor = changed(packages=[{**TERMS.packages[0].model_dump(), "price": "360.01", "floor": "360.01"}], addons=[])
    for currency in ("EUR", "CHF"):
        found = priced(at_floor, currency, [Chosen(item="website", quantity=Decimal(7), complexity="shop")])
        assert not [*below_floor(at_floor, found)]


@pytest.mark.parametrize(
    ("line", "field", "reason"),
    [
        ({"item": "gone"}, "lines[0].item", "has no 'gone'"),
        ({"item": "care"}, "lines[0].item", "has no price in the offer any more"),
        ({"item": "website", "quantity": "3"}, "lines[0].quantity", "must be 4"),
        ({"item": "website", "quantity": "4", "complexity": "moon"}, "lines[0].complexity", "has no 'moon'"),
        ({"item": "website", "quantity": "4", "price": "400.005"}, "lines[0].price", "smallest coin"),
        ({"item": "website", "quantity": "4", "billing": "monthly"}, "lines[0].billing", "is billed once"),
        ({"item": "photos"}, "lines[0].item", "is sold only with website"),
        ({"title": "Own"}, "lines[0].price", "is required"),
        ({"title": "Own", "price": "50", "billing": "once", "vat_rate": "0"}, "lines[0].vat_rate", "no VAT"),
    ],
)
def test_what_cannot_be_priced_is_named(line: dict[str, Any], field: str, reason: str) -> None:
    lost = changed(
        packages=[{**each.model_dump(), **({"price": None} if each.id == "care" else {})} for each in TERMS.packages]
    )
    with pytest.raises(Rejected) as refused:
        priced(lost, "EUR", [Chosen.model_validate(line)])
    assert reason in dict(refused.value.errors)[field]


def test_a_currency_without_a_rate_and_an_offer_that_does_not_fit_are_refused() -> None:
    with pytest.raises(Rejected, match="no rate for USD"):
        priced(TERMS, "USD", [Chosen(item="care")])
    for wrong in (
        {"packages": [{**TERMS.packages[0].model_dump(), "price": "10"}], "addons": []},
        {"packages": [TERMS.packages[0].model_dump()] * 2, "addons": []},
        {"vat_rate": 0},
        {"packages": [TERMS.packages[1].model_dump()]},
        {"rates": {"EUR": {"rate": 1, "date": "2026-01-01", "source": "x"}}},
    ):
        with pytest.raises(ValidationError):
            changed(**wrong)


def test_a_price_that_no_line_can_have_in_its_currency_is_named() -> None:
    dear = TERMS.packages[0].model_copy(update={"price": Decimal(1_000_000)})
    rates = {"IDR": {"rate": Decimal(17_000), "date": "2026-11-20", "source": "x"}}
    terms = changed(packages=[dear.model_dump(), *(each.model_dump() for each in TERMS.packages[1:])], rates=rates)
    with pytest.raises(Rejected, match="more than the"):
        priced(terms, "IDR", [Chosen(item=dear.id, quantity=Decimal(6))])
