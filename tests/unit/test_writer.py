from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.adapters.models._phrases import BOOKS
from shared.adapters.models.writer import BuiltInWriter
from shared.adapters.models.writer_mail import SUBJECT_LENGTH
from shared.domain.campaign import CampaignRequest
from shared.domain.checks import review, sources_of
from shared.domain.draft import Draft
from shared.domain.scope import Scope
from shared.domain.wording import TASK, Copy
from shared.ports import Question
from shared.render.letter import lay_out
from shared.render.personal import draft_findings, with_fallbacks
from shared.render.sandbox import judge

ENGLISH = {
    "goal": "Fill the spring back course",
    "offer": "Six evenings, eight people, one physiotherapist who watches every movement",
    "audience": "Former patients",
    "tone": "friendly",
    "language": "en",
    "call_to_action": {"text": "Book a place", "url": "https://practice.example/course"},
    "facts": ["It starts on Tuesday 3 March at 18:30", "Details: https://practice.example/details"],
}
GERMAN = {
    **ENGLISH,
    "goal": "Beratungen vereinbaren",
    "offer": "Wir prüfen kostenlos die Heizung Ihres Betriebs und sagen Ihnen, was sich lohnt und was nicht",
    "audience": "Betriebe in Köln",
    "language": "de",
    "call_to_action": {"text": "Termin wählen", "url": "https://waerme.example/termin"},
    "facts": ["Der Termin dauert 30 Minuten"],
}


def write(brief: dict[str, Any], variant: str = "A", seed: int = 0, wish: str | None = None) -> Copy:
    data = {"variant": variant, "brief": brief, "sender": "The Practice", "change_wish": wish}
    return Copy.model_validate(BuiltInWriter().ask(Scope("local", "main"), Question(TASK, "", data, {}, seed)).data)


def findings(brief: dict[str, Any], copy: Copy) -> list[tuple[str, str, str]]:
    sender = {"name": "The Practice", "address": "hi@practice-mail.com", "postal_address": "1 Mill Road, Leeds"}
    request = CampaignRequest.model_validate({"name": "n", "brief": brief, "segment": {"all": True}, "sender": sender})
    draft = laid_out(copy, request)
    judged = [finding for where, text in copy.parts() for finding in judge(text, where)]
    found = [*judged, *draft_findings(draft), *review(draft, copy.mapped(with_fallbacks), request, sources_of(request))]
    return [(each.severity, each.rule, each.reason) for each in found]


def laid_out(copy: Copy, request: CampaignRequest) -> Draft:
    return lay_out(copy, request, campaign="c", version=1, variant="A", written_by="built-in writer")


@pytest.mark.parametrize("brief", [ENGLISH, GERMAN], ids=["en", "de"])
@pytest.mark.parametrize("tone", ["friendly", "formal", "enthusiastic"])
@pytest.mark.parametrize("variant", ["A", "B", "C", "D"])
def test_every_angle_in_every_tone_passes_every_check(brief: dict[str, Any], tone: str, variant: str):
    for seed in range(6):
        assert findings(brief, write({**brief, "tone": tone}, variant, seed)) == []


def test_variants_take_different_angles():
    benefit, question, facts, note = (write(ENGLISH, variant) for variant in "ABCD")
    assert ENGLISH["offer"] in " ".join(benefit.paragraphs)
    assert question.paragraphs[0].endswith("?")
    assert facts.paragraphs[0].startswith(ENGLISH["facts"][0])
    assert facts.subject == ENGLISH["facts"][0]
    assert note.points == []
    assert note.headline == ""


def test_a_new_version_says_it_otherwise():
    first, second = write(ENGLISH, seed=0), write(ENGLISH, seed=1)
    assert first.subject != second.subject
    assert (first.closing, first.sign_off) != (second.closing, second.sign_off)


@pytest.mark.parametrize(
    ("language", "tone", "greeting"),
    [("en", "formal", "Dear "), ("en", "warm", "Hi "), ("de", "sachlich", "Guten Tag "), ("de", "locker", "Hey ")],
)
def test_the_tone_decides_the_greeting(language: str, tone: str, greeting: str):
    assert write({**ENGLISH, "language": language, "tone": tone}).greeting.startswith(greeting)


def test_companies_are_asked_as_companies():
    assert "{{ company | default(" in write(GERMAN, "B").paragraphs[0]
    assert "{{ company" not in write(ENGLISH, "B").paragraphs[0]


def test_an_unknown_language_is_answered_in_english_and_says_so():
    copy = write({**ENGLISH, "language": "fi"})
    assert copy.language == "en"
    assert "not 'fi'" in copy.notes[0]
    assert {severity for severity, _, _ in findings({**ENGLISH, "language": "fi"}, copy)} == {"info"}


@pytest.mark.parametrize(
    ("wish", "greeting", "points", "notes"),
    [("Shorter please", "Hi ", 0, 0), ("More formal", "Dear ", 2, 0), ("Mention the parking space", "Hi ", 2, 1)],
)
def test_a_wish_is_followed_as_far_as_the_writer_can(wish: str, greeting: str, points: int, notes: int):
    copy = write(ENGLISH, wish=wish)
    assert copy.greeting.startswith(greeting)
    assert (len(copy.points), len(copy.notes)) == (points, notes)


def test_personal_fields_of_the_brief_stay_whole():
    field = '{{ city | default("your town, and around", true) }}'
    offer = (
        f"A very long course in {field}, for everyone who wants to sit and walk and work in peace again, all day long"
    )
    copy = write({**ENGLISH, "offer": offer}, seed=0)
    assert field in copy.paragraphs[0]
    assert copy.headline == f"A very long course in {field}"


def test_private_characters_cannot_pretend_to_be_a_field_put_aside():
    copy = write({**ENGLISH, "offer": "Six \ue0000\ue001\ue0009\ue001 evenings"})
    assert copy.paragraphs == ["Six 09 evenings."]


@pytest.mark.parametrize(
    ("offer", "headline"),
    [
        (
            "Staircases in oak and ash, drawn, built and fitted by the same four people we know",
            "Staircases in oak and ash",
        ),
        ("Your bicycle is ready on the same day, if you bring it to us by nine in the morning", ""),
        ("On Friday the studio is open to everybody in town who has never danced a step before", ""),
        ("Old apples, grafted by hand", ""),
    ],
)
def test_a_headline_never_promises_more_than_the_offer_nor_repeats_it(offer: str, headline: str):
    assert write({**ENGLISH, "offer": offer, "facts": []}).headline in (headline, ENGLISH["call_to_action"]["text"])


def test_german_goes_on_in_lower_case_but_for_nouns_and_the_polite_form():
    offers = {
        "Alte Sorten": "alte Sorten.", "Wir kommen": "wir kommen.", "Ihre Heizung": "Ihre Heizung.",
        "Geländer aus Stahl": "Geländer aus Stahl.", "Sie kommen": "Sie kommen.", "Äpfel": "Äpfel.",
    }  # fmt: skip
    said = {offer: write({**GERMAN, "offer": offer, "facts": []}).paragraphs[0] for offer in offers}
    assert said == offers


def test_without_facts_there_is_still_a_mail():
    for variant in "ABCD":
        copy = write({**ENGLISH, "facts": []}, variant)
        assert ENGLISH["offer"] in " ".join(copy.paragraphs)
        assert copy.preheader


def test_every_phrase_book_has_the_same_slots():
    english, german = BOOKS["en"], BOOKS["de"]
    assert english.closing.keys() == german.closing.keys()
    for book in BOOKS.values():
        assert all("warm" in each for each in (*book.subject.values(), *book.closing.values(), book.question))


prose = st.text(max_size=300).map(lambda text: " ".join(f"A{text}".split()))


@given(prose, st.lists(prose, max_size=3), st.sampled_from("ABCD"), st.integers(0, 9), st.sampled_from(["en", "de"]))
def test_any_brief_makes_a_mail_with_a_subject_of_one_short_line(
    offer: str, facts: list[str], variant: str, seed: int, language: str
):
    copy = write({**ENGLISH, "offer": offer, "facts": facts, "language": language}, variant, seed)
    assert 0 < len(copy.subject) <= SUBJECT_LENGTH
    assert "\n" not in copy.subject
    assert copy.paragraphs
