from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from shared.domain.brand import Brand
from shared.domain.card import SIZES, CardRequest, SizeName
from shared.render.card import Drawing, card_errors, draw_card, is_rtl
from tests.unit.render.test_logo import png, svg

BRAND = Brand.model_validate({"name": "Nordlicht Studio", "colours": {"primary": "#1d4e89"}})
QUOTE = {"template": "quote", "quote": "They found our voice in a week.", "by": "Maja Holm"}
EVENT = {"template": "event", "title": "Back course", "when": "Tuesday 3 March, 18:30", "where": "Mill Road 1"}
NEWS = {"template": "announcement", "title": "Open days", "text": "Four flats.", "call": "Book a visit"}


def card(words: dict[str, Any], **more: Any) -> CardRequest:
    return CardRequest.model_validate({"words": words, "alt": "a", **more})


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("words", [QUOTE, NEWS, EVENT], ids=lambda words: words["template"])
def test_a_card_has_exactly_the_pixels_of_its_size_and_is_the_same_every_time(
    words: dict[str, Any], size: SizeName
) -> None:
    made = draw_card(card(words), size, "png", BRAND, svg())
    assert struct.unpack(">II", made[16:24]) == SIZES[size]
    assert draw_card(card(words), size, "png", BRAND, svg()) == made
    drawn = draw_card(card(words), size, "svg", BRAND, svg()).decode()
    assert 'width="{}pt" height="{}pt"'.format(*SIZES[size]) in drawn
    assert draw_card(card(words), size, "png", Brand()) != made


WIDE = st.text(st.sampled_from("WM@ii  -éßЖשع"), min_size=1, max_size=280).filter(str.strip)


@settings(max_examples=15, deadline=None)
@given(st.lists(WIDE, min_size=4, max_size=4), st.sampled_from([*SIZES]), st.booleans())
def test_whatever_is_allowed_fits(texts: list[str], size: SizeName, beside: bool) -> None:
    title, text, call, where = texts
    drawing = Drawing(png(), "image/png") if beside else None
    for words in (
        {"template": "quote", "quote": text, "by": title[:100] + "x"[: 100 - len(title)]},
        {"template": "announcement", "title": title[:100] + "W", "text": text, "call": call[:39] + "W"},
        {"template": "event", "title": title[:99] + "W", "when": where[:99] + "W", "where": text[:99] + "W"},
    ):
        try:
            request = card(words)
        except ValidationError:
            continue
        assert draw_card(request, size, "svg", BRAND, None, drawing)


@pytest.mark.parametrize("size", SIZES)
def test_the_longest_words_there_are_fit(size: SizeName) -> None:
    for words in (
        {"template": "quote", "quote": "W" * 280, "by": "M" * 100},
        {"template": "announcement", "title": "W" * 100, "text": "M" * 280, "call": "W" * 40},
        {"template": "event", "title": "W" * 100, "when": "W" * 100, "where": "W" * 100, "call": "W" * 40},
    ):
        assert draw_card(card(words), size, "svg", BRAND, None, Drawing(png(), "image/png"))


HOSTILE = ('#panic("x")', "$x^2$ *b* _i_ `raw` @label <label>", '"; #import "/etc/passwd" //', "\\ #{1+1} [a] = b",
           "#read(\"main.typ\")", "sys.inputs.data", "]]#eval(\"1+1\")")  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_what_looks_like_markup_is_drawn_letter_by_letter(text: str) -> None:
    # As many shapes are placed as there are letters that can be seen: nothing was read as anything else.
    drawn = draw_card(card({"template": "quote", "quote": text}), "square", "svg", Brand()).decode()
    letters = sum(1 for each in text if not each.isspace())
    assert drawn.count("<use ") == letters + 1, text  # and the quotation mark


def test_a_model_s_picture_is_beside_the_words_and_said_to_be_one() -> None:
    drawing = Drawing(png(), "image/png")
    made = draw_card(card(QUOTE), "link", "png", BRAND, None, drawing)
    assert b"trainedAlgorithmicMedia" in made.replace(b"compositeWithT", b"t")
    assert made.index(b"IHDR") < made.index(b"iTXt") < made.index(b"IDAT")
    assert b"digitalsourcetype" not in draw_card(card(QUOTE), "link", "png", BRAND)
    assert (
        "compositeWithTrainedAlgorithmicMedia" in draw_card(card(QUOTE), "link", "svg", BRAND, None, drawing).decode()
    )


def test_characters_that_no_font_has_are_named_with_their_field() -> None:
    errors = [*card_errors(card({**QUOTE, "quote": "Great 🎉 漢 work"}), "Nord 語", ())]
    assert [each.field for each in errors] == ["words.quote", "name"]
    assert "漢 (U+6F22), 🎉 (U+1F389)" in errors[0].reason
    assert [*card_errors(card({**QUOTE, "quote": "Grüße, Привет, שלום, مرحبا → ✓ “ok”"}), "N", ())] == []


FONTS = Path("/usr/share/fonts/truetype/dejavu")


@pytest.mark.skipif(not FONTS.is_dir(), reason="no fonts on this machine")
def test_a_font_in_the_folder_is_used() -> None:
    brand = Brand.model_validate({"name": "N", "fonts": {"heading": "DejaVu Sans"}})
    assert draw_card(card(QUOTE), "link", "png", brand, fonts=[FONTS]) != draw_card(card(QUOTE), "link", "png", brand)


def test_the_first_letter_with_a_direction_says_where_a_line_begins() -> None:
    assert is_rtl("18:30 שלום hello")
    assert is_rtl("«مرحبا»")
    assert not is_rtl("hello שלום")
    assert not is_rtl("123 …")


@pytest.mark.parametrize(
    "words",
    [
        {"template": "quote", "quote": "Hi {{ first_name }}"},
        {"template": "quote", "quote": "x" * 281},
        {"template": "quote", "quote": " \n "},
        {"template": "quote", "quote": "a\x00b"},
        {"template": "poster", "quote": "x"},
        {"template": "event", "title": "x", "when": "y"},
        {"template": "quote", "quote": "x", "title": "y"},
    ],
)
def test_what_no_card_can_say_is_refused(words: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        card(words)
