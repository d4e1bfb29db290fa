"""What of a mail its writer wrote: every place stays a place, whatever mail programs put around it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.quoted import answers, own_words

QUESTIONS = ["Which budget have you set aside for it?", "By when do you need it?"]
BELOW = (
    "On Tue, 2 Mar 2027 at 10:00 Nordlicht <hallo@nordlicht.example>\nwrote:\n"
    "> 1. Which budget have you set aside\n> for it?"
)
LINES = (
    "12,000 EUR",
    "> 1. Which budget have you set aside for it?",
    "-- ",
    "Am 2. März schrieb Nordlicht:",
    "2) Soon",
    "-----Original Message-----",
    "From: A <a@b.example>",
    "Sent from my iPhone",
    "",
    "\u2028",
    "9. nothing",
)


@pytest.mark.parametrize(
    ("mail", "said"),
    [
        (f"9,000 EUR.\n\n{BELOW}", ["9,000 EUR."]),
        (f"{BELOW}\n9,000 EUR.", ["9,000 EUR."]),
        ("Ja.\n-- \nMaja Holm\nPraxis", ["Ja."]),
        ("Ja.\n\n-----Ursprüngliche Nachricht-----\nVon: Nordlicht <a@b.example>\nWelches Budget?", ["Ja."]),
        ("Yes.\nSent from my iPhone\n\n________________________________\nFrom: N <a@b.example>\nBudget?", ["Yes."]),
        ("On balance we wrote this:\nkeep it", ["On balance we wrote this:", "keep it"]),
    ],
)
def test_quoted_mails_and_signatures_are_nobodys_answer(mail: str, said: list[str]) -> None:
    assert [line.strip() for line in own_words(mail).split("\n") if line.strip()] == said


def test_answers_are_found_under_their_questions_and_after_their_numbers() -> None:
    mail = f"Hello,\n{BELOW}\nAbout 9,000.\n> 2. By when do you need it?\n\nIn May,\nor June.\n-- \nMaja"
    assert [mail[each.start : each.end] for each in answers(mail, QUESTIONS)] == ["About 9,000.", "In May,\nor June."]
    mail = "2) In May\n1. 9k\n7. seven"
    assert [(each.number, mail[each.start : each.end]) for each in answers(mail, QUESTIONS)][1] == (2, "In May")
    assert answers("We will see.", QUESTIONS) == []
    assert answers(" We will see.\n", QUESTIONS[:1])[0][1:] == (1, 13)


@given(st.lists(st.sampled_from(LINES) | st.text(max_size=30), max_size=12))
def test_places_stay_places(lines: list[str]) -> None:
    mail = "\n".join(lines)
    own = own_words(mail)
    assert len(own) == len(mail)
    assert all(each in (" ", was) for each, was in zip(own, mail, strict=True))
    for place in answers(mail, QUESTIONS):
        assert mail[place.start : place.end].strip() == mail[place.start : place.end] != ""
