from __future__ import annotations

from typing import Any

import pytest

from shared.adapters.models.writer import BuiltInWriter
from shared.domain.draft import Finding
from shared.domain.scope import Scope
from shared.domain.style_guide import Avoided, StyleGuide, style_findings, with_voice
from shared.domain.voice import Voice, heard
from shared.domain.wording import TASK, Copy
from shared.ports import Question

WORKSHOP = [
    "Hello Anna,\n\nyour bike is done. We've changed both tyres, the chain is new. It's ready.\n\nAll best,\nJo",
    "Hello Mr Grant,\n\nthe frame is bent, sorry. A new one costs £140. Shall we order it?\n\nAll best,\nJo",
    "Hi Mia,\n\nwe're closed on Friday. Come on Saturday if you can.\n\nAll best\nJo",
]
KANZLEI = [
    "Guten Tag Frau Kern,\n\nder Bescheid ist da. Wir prüfen ihn und melden uns.\n\nMit freundlichen Grüßen\nIda",
    "Guten Tag Herr Aydin,\n\nsenden Sie uns bitte den Vertrag. Wir lesen ihn.\n\nMit freundlichen Grüßen\nIda",
    "Sehr geehrte Frau Lang,\n\ndie Frist läuft am Montag ab. Wir rufen Sie an.\n\nMit freundlichen Grüßen\nIda",
]
RADWERK = [
    "Hey Anna,\n\ndein Rad ist fertig! Hol es ab, wann du magst!\n\nBis bald\nJo",
    "Hey Tom,\n\nwir haben dein Teil! Kommst du morgen vorbei?\n\nBis bald\nJo",
    "Moin Mia,\n\nam Freitag ist zu. Komm doch am Samstag, wenn du kannst!\n\nBis bald\nJo",
]


def write(guide: StyleGuide, language: str, tone: str = "lively", variant: str = "B") -> Copy:
    brief: dict[str, Any] = {
        "goal": "Fill the course", "offer": "Six evenings", "audience": "patients", "tone": tone,
        "language": language, "call_to_action": {"text": "Book a place"}, "facts": ["It starts on Tuesday"],
    }  # fmt: skip
    data = {
        "variant": variant, "brief": brief, "sender": "Jo", "address": guide.address,
        "style_guide": guide.model_dump(mode="json"),
    }  # fmt: skip
    return Copy.model_validate(BuiltInWriter().ask(Scope("local", "main"), Question(TASK, "", data, {})).data)


def against(voice: Voice, text: str) -> list[Finding]:
    return list(style_findings(StyleGuide(voice=voice), [("text", text)], "en"))


@pytest.mark.parametrize(
    ("mails", "address", "tone", "greeting", "sign_off", "exclamations"),
    [
        (WORKSHOP, None, "warm", "Hello", "All best", False),
        (KANZLEI, "Sie", "formal", "Guten Tag", "Mit freundlichen Grüßen", False),
        (RADWERK, "du", "lively", "Hey", "Bis bald", True),
    ],
    ids=["workshop", "law firm", "bicycles"],
)
def test_three_mails_show_how_a_house_writes(
    mails: list[str], address: str | None, tone: str, greeting: str, sign_off: str, exclamations: bool
):
    found = heard(mails)
    assert (found.address, found.voice.tone) == (address, tone)
    assert (found.voice.greeting, found.voice.sign_off) == (greeting, sign_off)
    assert found.voice.exclamations is exclamations
    assert found.voice.sentence_words in range(5, 13)
    assert found.because["sign_off"] == "3 of 3 mails"
    assert found.because["greeting"] == "2 of 3 mails"


def test_a_word_that_the_house_uses_is_not_one_to_avoid():
    said = "Hello Anna,\n\nthis is an innovative, really unique bell. We like it.\n\nAll best,\nJo"
    never = heard([*WORKSHOP, said]).never
    assert "amazing" in never
    assert not {"innovative", "unique"} & set(never)


def test_what_mails_do_not_agree_on_stays_open():
    mails = [f"{hello} Anna,\n\nyour bike is done and waits for you.\n\n{bye},\nJo" for hello, bye in (
        ("Hi", "Cheers"), ("Hello", "Best"), ("Dear", "Kind regards"))]  # fmt: skip
    voice = heard(mails).voice
    assert (voice.greeting, voice.sign_off, voice.sentence_words) == (None, None, None)
    assert heard(["Nothing like a mail, only one long line of words and the rest of it."] * 3).voice.greeting is None


@pytest.mark.parametrize(("mails", "language"), [(WORKSHOP, "en"), (KANZLEI, "de"), (RADWERK, "de")])
def test_the_built_in_writer_sounds_like_the_mails(mails: list[str], language: str):
    found = heard(mails)
    for variant in "ABCD":
        copy = write(with_voice(StyleGuide(), found), language, variant=variant)
        assert copy.greeting.startswith(f"{found.voice.greeting} {{{{ first_name")
        assert copy.sign_off.splitlines()[0].rstrip(",") == found.voice.sign_off
        if not found.voice.exclamations:
            assert "!" not in "".join(text for _, text in copy.parts())


def test_a_wish_goes_before_the_voice_and_the_voice_before_the_briefs_tone():
    formal = StyleGuide(voice=Voice(tone="formal"))
    assert write(formal, "en", tone="lively").greeting.startswith("Dear")
    assert write(StyleGuide(), "en", tone="lively").greeting.startswith("Hello")


def test_texts_that_sound_otherwise_are_warned_of():
    voice = Voice(exclamations=False, sentence_words=8)
    assert [each.rule for each in against(voice, "Come and see it! It is here.")] == ["voice-exclamation"]
    long = "This is one of those sentences that go on and on."
    assert [(each.rule, each.severity) for each in against(voice, long)] == [("voice-sentence", "warning")]
    assert against(Voice(), long + "!") == []


def test_words_that_are_avoided_already_keep_their_rule():
    guide = with_voice(StyleGuide(avoid=[Avoided(words="Unique", instead="rare")]), heard(WORKSHOP))
    assert [each.instead for each in guide.avoid if each.words.lower() == "unique"] == ["rare"]
