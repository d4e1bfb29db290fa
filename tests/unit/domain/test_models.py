"""Names of models as settings say them, where they are, and characters that nobody sees."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.invisible import visible, visible_json
from shared.domain.model_names import ModelNames, base_of, model_names, place_of

HIDDEN = "".join(
    map(chr, [0xE0041, 0xE007F, 0xE0100, 0xFE0F, 0x200B, 0x200C, 0x200D, 0x2060, 0x202E, 0x2066, 0x200F, 0xFEFF])
)


def test_a_setting_names_one_model_or_three():
    assert model_names("qwen3:8b") == ModelNames("qwen3:8b")
    assert model_names("gpt-5-mini draw=image embed=vectors") == ModelNames("gpt-5-mini", "vectors", "image")


@pytest.mark.parametrize("wrong", ["", " ", "embed=x", "a b", "a sing=x", "a embed="])
def test_what_names_no_model_is_refused(wrong: str):
    with pytest.raises(ValueError, match="must look like MODEL"):
        model_names(wrong)


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("http://localhost:11434/v1", "local"),
        ("http://127.0.0.1:8080/v1", "local"),
        ("http://[::1]/v1", "local"),
        ("http://192.168.1.5:1234/v1", "local"),
        ("https://api.openai.com/v1", "cloud"),
        ("http://gpu.internal/v1", "cloud"),
        ("https://127.0.0.1.example.com/v1", "cloud"),
        ("http://20.1.2.3/v1", "cloud"),
    ],
)
def test_only_an_address_of_the_own_network_is_local(url: str, place: str):
    assert place_of(url) == place


def test_the_base_of_azure_openai_is_that_of_its_v1_api():
    for given_as in (
        "https://a.openai.azure.com",
        "https://a.openai.azure.com/",
        "https://a.openai.azure.com/openai/v1/",
    ):
        assert base_of(given_as) == "https://a.openai.azure.com/openai/v1"


def test_what_nobody_sees_is_taken_out():
    assert visible(f"a{HIDDEN}b") == "ab"
    assert visible_json({f"k{HIDDEN}": [f"v{HIDDEN}", 1, None, True]}) == {"k": ["v", 1, None, True]}


@given(st.text(st.characters(exclude_categories=("Cf", "Mn", "Cs"))))
def test_what_everybody_sees_stays(text: str):
    assert visible(text) == text


@given(st.text())
def test_taking_out_is_done_once(text: str):
    assert visible(visible(text)) == visible(text)
