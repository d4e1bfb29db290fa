"""The built-in writer in every format: whole, within the limits, true to the brief, and never a gap to fill."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.adapters.models.writer import BuiltInWriter
from shared.agents.generate.piece_examine import Written, look_at, plan_of, sources_of
from shared.agents.generate.piece_prompt import part_question, plan_question, text_question
from shared.domain.formats import FormatName, exchanged, named, ordered
from shared.domain.likeness import distance
from shared.domain.piece import Piece, PieceText, Plan
from shared.domain.scope import Scope
from shared.domain.style_guide import StyleGuide

FORMATS: tuple[FormatName, ...] = get_args(FormatName)
SCOPE = Scope("local", "main")
BRIEFS: dict[str, dict[str, Any]] = {
    "course": {
        "goal": "Fill the spring back course",
        "offer": "Six evenings, eight people, one physiotherapist who watches every movement",
        "audience": "Former patients",
        "call_to_action": {"text": "Book a place", "url": "https://practice.example/course"},
        "facts": [
            "It starts on Tuesday 3 March at 18:30",
            "It costs 140 euros.",
            "Details: https://practice.example/d",
        ],
    },
    "heating": {
        "goal": "Beratungen vereinbaren",
        "offer": "Wir prüfen kostenlos die Heizung Ihres Betriebs und sagen Ihnen, was sich lohnt und was nicht",
        "audience": "Betriebe in Köln",
        "language": "de",
        "call_to_action": {"text": "Termin wählen", "url": "https://waerme.example/termin"},
        "facts": ["Der Termin dauert 30 Minuten", "Danach erhalten Sie einen Bericht von zwei Seiten"],
    },
    "party": {
        "goal": "Anmeldungen",
        "offer": "Sommerfest im Hof: Musik, Grill und eine Führung durch die Werkstatt",
        "audience": "Nachbarn",
        "language": "de",
        "call_to_action": {"text": "Platz sichern", "url": "https://hof.example/fest"},
        "facts": ["Samstag, 12. Juni, ab 15 Uhr", "Der Eintritt ist frei", "für Kinder gibt es eine Hüpfburg"],
    },
}
TONES = {"en": ("friendly", "formal", "lively"), "de": ("herzlich", "sachlich", "locker")}


def piece(brief: dict[str, Any], **more: Any) -> Piece:
    request = {"name": "n", "brief": brief, "sender": "The Practice", "formats": [*FORMATS], "variants": 4, **more}
    made = {
        "id": "p",
        "request": request,
        "status": "planning",
        "created_at": "2027-03-01T08:00:00Z",
        "created_by": "a",
    }
    return Piece.model_validate(made)


def planned(made: Piece) -> Plan:
    sources = sources_of(made, [], [])
    question = plan_question(made, [], StyleGuide(), [], [])
    return plan_of(made.request, BuiltInWriter().ask(SCOPE, question).data, sources)


def written(
    made: Piece, format: FormatName, variant: str, attempt: int = 0, guide: StyleGuide | None = None
) -> PieceText:
    plan, guide = planned(made), guide or StyleGuide()
    question = text_question(made, plan, (f"{format}-1-{variant}", format, "all", variant), guide, {}, [], attempt)
    answer = BuiltInWriter().ask(SCOPE, question)
    data = dict(answer.data)
    language, notes = data.pop("language"), data.pop("notes")
    blank = PieceText(
        id="t", format=format, audience="all", variant=variant, words={}, language="", published="", written_by=""
    )
    words = ordered(format, data)
    return look_at(
        blank, Written(format, words, language, notes, answer.model), made.request, sources_of(made, [], []), guide
    )


@pytest.mark.parametrize("name", BRIEFS)
@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("variant", "ABCD")
def test_every_format_in_every_tone_and_angle_passes_every_check(name: str, format: FormatName, variant: str):
    brief = BRIEFS[name]
    for tone in TONES[brief.get("language", "en")]:
        for attempt in range(3):
            text = written(piece({**brief, "tone": tone}), format, variant, attempt)
            against = [each for each in text.findings if each.severity != "info"]
            assert against == [], (text.published, against)
            assert text.written_by == "built-in writer"


ZEBRA = {
    "goal": "register", "offer": "Zebra", "audience": "all",
    "call_to_action": {"text": "Zebra", "url": "https://zebra.example"}, "facts": ["Zebras"],
}  # fmt: skip


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("goal", ["register", "sell", "talk", "read"])
def test_it_claims_nothing_of_its_own(language: str, format: FormatName, goal: str):
    for variant in "ABCD":
        for tone in TONES[language]:
            for attempt in range(3):
                made = piece({**ZEBRA, "goal": goal, "language": language, "tone": tone}, sender="Zebra")
                text = written(made, format, variant, attempt)
                assert not [each for each in text.findings if each.severity == "error"], (text.published, text.findings)


prose = st.text(alphabet="aäÖ b.,:!?c1 d\ne-", max_size=400).map(lambda text: " ".join(f"A{text}".split()))


@given(
    prose, st.lists(prose, max_size=4), st.sampled_from("ABCD"), st.sampled_from(FORMATS), st.sampled_from(["en", "de"])
)
def test_any_brief_makes_a_text_that_fits_its_format(
    offer: str, facts: list[str], variant: str, format: FormatName, language: str
):
    brief = {**ZEBRA, "offer": offer, "facts": facts, "language": language}
    text = written(piece(brief), format, variant)
    limits = {
        "part-long",
        "part-lines",
        "part-empty",
        "part-many",
        "post-long",
        "sms-long",
        "section-shape",
        "leftover",
    }
    assert not [each for each in text.findings if each.rule in limits], (text.words, text.findings)
    assert "…." not in text.published
    assert ".." not in text.published or ".." in offer + "".join(facts) or ". ." in offer + "".join(facts)


@pytest.mark.parametrize("format", FORMATS)
def test_four_variants_really_differ(format: FormatName):
    for brief in BRIEFS.values():
        texts = [written(piece(brief), format, variant).published for variant in "ABCD"]
        apart = [distance(one, other) for n, one in enumerate(texts) for other in texts[:n]]
        assert min(apart) >= 25, (apart, texts)


def test_a_full_stop_after_a_figure_does_not_end_a_phrase():
    for variant in "ABCD":
        words = written(piece(BRIEFS["party"]), "email", variant).words
        assert "12. Juni" in str(words["preheader"]) or "12" not in str(words["preheader"])


def test_the_heading_is_not_said_again_by_the_text():
    text = written(piece(BRIEFS["party"]), "landing", "A")
    assert text.words["headline"] == "Sommerfest im Hof"
    assert text.words["paragraphs"][-1] == "Musik, Grill und eine Führung durch die Werkstatt."


@pytest.mark.parametrize(("address", "tone"), [("du", "sachlich"), ("Sie", "locker")])
def test_the_style_guide_decides_between_du_and_sie(address: str, tone: str):
    guide = StyleGuide(address=address)  # type: ignore[arg-type]
    brief = {**BRIEFS["party"], "tone": tone}
    for format in FORMATS:
        for variant in "ABCD":
            text = written(piece(brief), format, variant, guide=guide)
            assert not [each for each in text.findings if each.rule == "brand-address"], text.published


def test_personal_fields_of_the_brief_become_their_fallbacks_where_many_read():
    brief = {**ZEBRA, "offer": 'Zebras in {{ city | default("your town", true) }}'}
    assert "Zebras in your town" in written(piece(brief), "linkedin", "A").published
    assert "{{ city" in written(piece(brief), "email", "A").published


def test_a_part_is_made_shorter_and_the_rest_is_not_touched():
    made = piece(BRIEFS["course"])
    words = written(made, "blog", "A").words
    where = "sections.1"
    question = part_question(
        made.request.brief, "The Practice", planned(made), ("blog", "A", 7), words, (where, "shorter"), StyleGuide()
    )
    text = BuiltInWriter().ask(SCOPE, question).data["text"]
    assert 0 < len(text) < len(dict(named(words))[where])
    assert text.splitlines()[0] == str(words["sections"][1]).splitlines()[0]
    after = exchanged(words, where, text)
    changed = [part for part, said in named(after) if dict(named(words))[part] != said]
    assert changed == [where]


def test_a_part_that_has_no_other_words_says_so():
    made = piece(ZEBRA)
    words = written(made, "sms", "C").words
    question = part_question(
        made.request.brief, "Z", planned(made), ("sms", "C", 7), words, ("text", "funnier"), StyleGuide()
    )
    assert BuiltInWriter().ask(SCOPE, question).data["notes"] != []
