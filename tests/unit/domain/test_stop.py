"""Rule U7 for text messages: a no in any reasonable wording is a no."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.stop import is_stop

KEYWORDS = ("STOP", "QUIT", "REVOKE", "OPT OUT", "OPTOUT", "OPT-OUT", "CANCEL", "UNSUBSCRIBE", "END", "STOPALL")


@pytest.mark.parametrize("word", KEYWORDS)
@pytest.mark.parametrize(
    "form", ["{}", " {}. ", "{}!!!", "please {}", "{} now", "“{}”", "{}\n", "{} please, thank you"]
)
def test_rule_u7_the_words_of_the_law_in_any_dress(word: str, form: str) -> None:
    for said in (form.format(word), form.format(word.lower()), form.format(word.title())):
        assert is_stop(said), said


@pytest.mark.parametrize(
    "said",
    [
        "Stop texting me",
        "please take me off your list",
        "Remove me",
        "I'd like to opt out of this",
        "don't text me again",
        "Don’t contact me",
        "no more messages!!",
        "wrong number",
        "Leave me alone.",
        "I want to unsubscribe from these",
        "I revoke my consent",
        "Bitte keine SMS mehr",
        "STOPP",
    ],
)
def test_rule_u7_any_reasonable_wording(said: str) -> None:
    assert is_stop(said)


@pytest.mark.parametrize(
    "said",
    [
        "",
        "Yes",
        "YES please",
        "Can we stop by on Friday?",
        "At the end of May",
        "When does it end?",
        "I cancelled my trip",
    ],
)
def test_what_is_no_no_is_none(said: str) -> None:
    assert not is_stop(said)


@given(st.text(max_size=300))
def test_any_text_is_answered(said: str) -> None:
    assert is_stop(said) in (True, False)
