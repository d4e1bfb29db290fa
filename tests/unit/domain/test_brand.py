from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from shared.domain.brand import Brand, BrandRequest, Look, look_of
from shared.domain.contrast import AA, contrast, readable

COLOURS = st.integers(0, 0xFFFFFF).map("#{:06x}".format)


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)  # the well-known grey that just fails
    assert contrast("#1d4e89", "#1d4e89") == 1


@given(COLOURS, COLOURS)
def test_a_readable_shade_can_be_read_and_a_readable_colour_stays(colour: str, ground: str) -> None:
    shade = readable(colour, ground)
    assert contrast(shade, ground) >= AA
    assert (shade == colour) == (contrast(colour, ground) >= AA)


@pytest.mark.parametrize(("field", "ground"), [("text", "background"), ("on_primary", "primary")])
def test_text_that_cannot_be_read_is_refused_with_field_reason_and_a_way_out(field: str, ground: str) -> None:
    with pytest.raises(ValidationError) as refused:
        BrandRequest.model_validate({"name": "N", "colours": {field: "#999999", ground: "#aaaaaa"}})
    found = refused.value.errors()[0]
    assert found["loc"] == ("colours", field)
    assert f"cannot be read on {ground} #aaaaaa: the contrast is 1.2 : 1, at least 4.5 : 1 is needed" in found["msg"]
    way_out = found["msg"].rpartition("; ")[2].removesuffix(" would do")
    BrandRequest.model_validate({"name": "N", "colours": {field: way_out, ground: "#aaaaaa"}})


def test_the_default_of_the_other_colour_counts_as_well() -> None:
    with pytest.raises(ValidationError, match="cannot be read on primary #ffff00"):
        BrandRequest.model_validate({"name": "N", "colours": {"primary": "#ffff00"}})
    with pytest.raises(ValidationError, match="cannot be read on background #000000"):
        BrandRequest.model_validate({"name": "N", "colours": {"background": "#000000"}})


@pytest.mark.parametrize("colour", ["red", "#fff", "#12345g", "#1234567", "url(#x)", "#123456;x:y", ""])
def test_a_colour_is_six_digits_and_nothing_else(colour: str) -> None:
    with pytest.raises(ValidationError):
        BrandRequest.model_validate({"name": "N", "colours": {"primary": colour}})


@given(COLOURS, COLOURS)
def test_whatever_the_brand_every_text_of_a_mail_can_be_read(background: str, primary: str) -> None:
    colours = {
        "background": background,
        "text": readable("#333333", background),
        "primary": primary,
        "on_primary": readable("#ffffff", primary),
    }
    look = look_of(Brand.model_validate({"name": "N", "colours": colours}))
    pairs = [(look.ink, look.paper), (look.soft, look.paper), (look.on_accent, look.accent), (look.link, look.card),
             (look.dark_accent, "#1d1d1a"), (look.dark_on_accent, look.dark_accent)]  # fmt: skip
    assert min(contrast(text, ground) for text, ground in pairs) >= AA


def test_without_a_brand_mails_look_as_they_always_did() -> None:
    assert look_of(Brand()) == Look()
