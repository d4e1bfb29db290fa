from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.placeholders import URL, Shelf, clean

texts = st.text(alphabet="ab{} |\"'\n\ue000\ue00101", max_size=40)


@given(texts)
def test_what_is_put_aside_comes_back_unchanged(text: str):
    shelf = Shelf()
    assert shelf.restore(shelf.put(text)) == clean(text)


def test_no_expression_stays_in_a_text_whose_fields_are_on_the_shelf():
    shelf = Shelf()
    put = shelf.put('Hi {{ first_name | default("x", true) }} in {{ city }}')
    assert re.fullmatch(r"Hi \S+ in \S+", put)


def test_hidden_characters_are_removed_and_line_breaks_kept():
    assert clean("a\u200bb\u2060\ufe0f\U000e0041\ue000c\r\nd\x00\te") == "abc\nd\te"


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("(see https://a.example/x).", "https://a.example/x"),
        ("https://a.example/?q=1&r=2, and", "https://a.example/?q=1&r=2"),
        ('"http://a.example"', "http://a.example"),
        ("https://a.example/{{ city }}", "https://a.example/"),
    ],
)
def test_an_address_ends_before_the_punctuation_around_it(text: str, url: str):
    assert URL.findall(text) == [url]
