"""Prices and discounts are found however they are written; facts in the words of honest proposals are none."""

from __future__ import annotations

from decimal import Decimal

import pytest

from shared.domain.named_amounts import amounts, reductions, unknown

HUNDRED = (
    "nur 100,- EUR", "100,-€", "nur 100,– EUR", "100.- CHF", "CHF 100.–", "100 EURO", "100 Eur", "€ ~100", "EUR: 100",
    "100 (EUR)", "only 100 SEK", "100 zł", "100 kr", "100 US-Dollar", "US$ 100", "100EUR", "EUR100", "1 0 0 €",
    "100\u00a0EUR", "100\u200b EUR", "１００ EUR", "100\nEUR for all", "0,1k EUR", "EUR 0.1k",
)  # fmt: skip
HALF = (
    "50 % Ermäßigung", "minus 50 %", "50 % auf alles", "50 % Preisnachlass", "Preisreduktion 50 %", "50% rabattiert",
    "discount: 50 %", "discount of up to 50 %", "Rabatt in Höhe von 50 %", "Mengenrabatt (50 %)", "a 50 % lower price",
    "50 % sparen", "save 50 %", "Sparen Sie bis zu 50 %!", "50 per cent rebate", "**50 %** off", "50%iger Rabatt",
    "Der Preis wird um 50 % gesenkt", "the price is reduced by 50 %", "abzüglich 50 %", "50 % on everything",
)  # fmt: skip
FACTS = (
    "20 % more visitors", "20 % mehr Besucher als 2026", "80 % der Patienten buchen nachts", "uptime 99,9 %",
    "Half (50 %) of the price when we begin", "50 % des Preises bei Beginn, 50 % bei Übergabe", "plus 19 % VAT",
    "Alle Preise in EUR (19 % USt. enthalten)", "Alle Preise in EUR. 3 Seiten", "Prices in EUR\n3 pages",
    "Es gilt der ermäßigte Steuersatz von 7 %", "You save 30 % of your time", "Sie sparen 30 % Zeit",
    "bounce rate reduced by 20 %", "Absprungrate um 40 % gesenkt", "20 % offene Fragen", "load time 40 % lower",
    "Tel. +49 40 123456", "Ein Ingenieur 3 Tage, ein Chauffeur 24/7", "PHP 8.3", "120 SEO-Texte bis 2027", "3 Kronen",
    "COP 28", "3 all inclusive, try 3", "5 europäische Länder", "5k Besucher", "am 30.04.2027", "404-Seiten",
)  # fmt: skip


@pytest.mark.parametrize("text", HUNDRED)
def test_a_sum_is_seen_however_it_is_written(text: str) -> None:
    assert [*amounts(text)] == [Decimal(100)]


@pytest.mark.parametrize("text", HALF)
def test_a_discount_is_seen_however_it_is_called(text: str) -> None:
    assert [*reductions(text)] == [Decimal(50)]


@pytest.mark.parametrize("text", FACTS)
def test_facts_are_no_prices(text: str) -> None:
    assert [*amounts(text), *reductions(text)] == []


def test_the_currency_of_the_text_counts_whatever_else_it_means() -> None:
    assert ([*amounts("100 PHP")], [*amounts("100 PHP", "PHP")]) == ([], [Decimal(100)])


def test_each_number_belongs_to_one_sign() -> None:
    said = "Price: 3.213,00 EUR 6 months, seit 2026, 1,200.50 EUR; EUR 5k, 0,50 €, on 100 m² 29 Euro, day 5 $10"
    assert [str(each.normalize()) for each in amounts(said)] == ["3213", "1200.5", "5E+3", "0.5", "29", "1E+1"]


def test_a_very_long_number_is_named_in_short() -> None:
    """It took 8 seconds, at every look, when the time was quadratic."""
    [sum, cut] = unknown([("text", "1" * 80_000 + " EUR, " + "2" * 80_000 + " % off")], set(), set(), "EUR", "proposal")
    assert max(len(sum.reason), len(cut.reason)) < 120
