from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.grounding import foreign_hosts, inventions

SOURCE = """Six evenings, €49 per person or $60, 10% off for members. Starts Tue 3 March 2027 at 18:30, doors 18.00.
1,200 customers, 2.5 hours. See https://shop.practice.example/x?y=1 or write to hi@practice.co."""


@pytest.mark.parametrize(
    "text",
    [
        "6 evenings for 49 €",
        "49.00 EUR a person",
        "EUR 49",
        "60 dollars",
        "10 percent off",
        "10 Prozent",
        "On Tuesday, 3 March, 18.30",
        "Dienstag, 3. März um 18:30 Uhr",
        "at 18 o'clock",
        "1200 customers, 1.200 Kunden, 1 200 clients",
        "on the 03",
        "2,5 Stunden",
        "sechs Abende",
        "one click is enough",
        "feel free to call, free to choose",
        "He may march on",
    ],
)
def test_what_the_source_says_in_other_words_is_grounded(text: str):
    assert list(inventions(text, SOURCE)) == []


@pytest.mark.parametrize(
    ("text", "rule", "said"),
    [
        ("7 evenings", "number-invented", "7"),
        ("€59", "number-invented", "€59"),
        ("49%", "number-invented", "49%"),
        ("10 euros off", "number-invented", "10 euros"),
        ("6 percent", "number-invented", "6 percent"),
        ("twenty percent", "number-invented", "twenty percent"),
        ("at 19:30", "number-invented", "19:30"),
        ("on 4 March", "number-invented", "4"),
        ("12,000 customers", "number-invented", "12,000"),
        ("every Friday", "date-invented", "Friday"),
        ("im Dezember", "date-invented", "Dezember"),
        ("it is free", "claim-invented", "free"),
        ("völlig kostenlos", "claim-invented", "kostenlos"),
        ("guaranteed results", "claim-invented", "guaranteed"),
        ("at half price", "claim-invented", "half price"),
        ("money-back", "claim-invented", "money-back"),
        ("award-winning", "claim-invented", "award"),
        ("your last chance", "claim-invented", "last chance"),
        ("nur heute", "claim-invented", "nur heute"),
    ],
)
def test_what_the_source_does_not_say_is_invented(text: str, rule: str, said: str):
    assert [(each.rule, each.said) for each in inventions(text, SOURCE)] == [(rule, said)]


def test_a_bare_number_word_is_only_suspected():
    (found,) = inventions("seven good reasons", SOURCE)
    assert not found.certain


@pytest.mark.parametrize(
    "text",
    [
        "https://shop.practice.example/",
        "www.shop.practice.example",
        "e.g. this, z.B. das. So.",
        "mail@practice.co",
        "am 3.März",
        "So…und",
    ],
)
def test_addresses_of_the_source_and_abbreviations_are_no_foreign_hosts(text: str):
    assert foreign_hosts(text, SOURCE) == []


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("https://evil.example/shop.practice.example", "evil.example"),
        ("https://shop.practice.example.evil.net", "shop.practice.example.evil.net"),
        ("https://shop.practice.example@evil.net/", "evil.net"),
        ("go to evil.net now", "evil.net"),
        ("http://203.0.113.9/x", "203.0.113.9"),
        ("Evil.COM", "evil.com"),
        ("me@evil.net", "evil.net"),
        ("Evil.Net", "evil.net"),
        ("e\u0432il.net", "e\u0432il.net"),
        ("https://shop.practice.ex\u0430mple/", "shop.practice.ex\u0430mple"),
        ("evil.рф", "evil.рф"),
        ("ｅｖｉｌ．ｎｅｔ", "evil.net"),
        ("evil\u3002net", "evil.net"),
        ("ev\u200bil.n\u00adet", "evil.net"),
        ("https://evil.net\\@shop.practice.example", "evil.net"),
        ("https://[evil", "[evil"),
        ("https://evil℀.net/", "evila"),
    ],
)
def test_any_other_host_is_foreign(text: str, host: str):
    assert foreign_hosts(text, SOURCE) == [host]


@given(st.text(max_size=200) | st.text(alphabet="01238.,:/% €$ZwölfMarch twenty-free@evil.co\n", max_size=60))
def test_every_text_is_grounded_in_itself(text: str):
    assert list(inventions(text, text)) == []
    assert foreign_hosts(text, text) == []
