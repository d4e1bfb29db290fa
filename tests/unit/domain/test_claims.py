"""Claims: what states a fact and who carries it (issue: every factual sentence is linked to a source)."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from benchmarks.claims import cases
from shared.adapters.models.writer import BuiltInWriter
from shared.domain.campaign import Brief, CallToAction
from shared.domain.claims import Judgement, Source, judge
from shared.domain.scope import Scope
from shared.domain.wording import TASK, Copy
from shared.ports import Question

EN = [
    Source("where", "Two-day course in Munich on 3 May."),
    Source("price", "Price: 490 euros, lunch included."),
    Source("size", "At most 12 participants."),
    Source("entry", "No prior knowledge needed."),
    Source("who", "The trainer has ten years of experience."),
    Source("plans", "The Basic plan costs 10 euros a month. The Pro plan costs 25 euros a month."),
    Source("maybe", "A second date in Hamburg is planned."),
]
DE = [
    Source("wo", "Zweitägiger Kurs in München am 3. Mai."),
    Source("preis", "Preis: 490 Euro, Mittagessen inbegriffen."),
    Source("plätze", "Höchstens 12 Teilnehmer."),
    Source("eingang", "Vorkenntnisse sind nicht nötig."),
    Source("wer", "Die Trainerin hat zehn Jahre Erfahrung."),
]


def one(text: str, sources: list[Source], language: str = "en") -> Judgement:
    (found,) = judge(text, sources, language)
    return found


@pytest.mark.parametrize(
    ("said", "source"),
    [
        ("The course takes two days and is held in Munich on 3 May.", "where"),
        ("It costs 490 euros.", "price"),
        ("Lunch is included in the price.", "price"),
        ("There are at most 12 people in the group.", "size"),
        ("You do not need any prior knowledge.", "entry"),
        ("You will learn with an experienced trainer.", "who"),
        ("The Pro plan is 25 euros a month.", "plans"),
        ("We are planning a second date in Hamburg, so it is planned only.", "maybe"),
    ],
)
def test_what_people_said_in_other_words_names_its_source(said: str, source: str) -> None:
    found = one(said, EN)
    assert (found.verdict, source in found.sources) == ("supported", True), found


@pytest.mark.parametrize(
    ("said", "source"),
    [
        ("Der Kurs dauert zwei Tage und findet am 3. Mai in München statt.", "wo"),
        ("Die Kursgebühr beträgt 490 Euro.", "preis"),
        ("Im Preis ist das Mittagessen enthalten.", "preis"),
        ("Sie brauchen keine Vorkenntnisse.", "eingang"),
        ("Maximal 12 Personen nehmen teil.", "plätze"),
        ("Eine erfahrene Trainerin leitet den Kurs.", "wer"),
    ],
)
def test_german_as_well(said: str, source: str) -> None:
    found = one(said, DE, "de")
    assert (found.verdict, source in found.sources) == ("supported", True), found


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("Dinner is included.", "'Dinner'"),
        ("Our trainers are certified.", "'certified'"),
        ("It is the best course in Munich.", "'best'"),
        ("The course costs 390 euros.", "'390 euros'"),
        ("You need prior knowledge.", "negation"),
        ("Lunch is not included in the price.", "opposite"),
        ("The group has 12 participants.", "exactly '12'"),
        ("More than 12 participants come.", "more '12'"),
        ("The Pro plan costs 10 euros a month.", "something else than 'Pro'"),
        ("There is a second date in Hamburg.", "less certain"),
        ("Book now and receive a free book.", "'free'"),
        ("Did you know that our customers sleep better?", "'customers'"),
        ("We think our trainers are certified.", "'certified'"),
    ],
)
def test_what_nobody_said_is_unsupported_and_says_why(said: str, why: str) -> None:
    found = one(said, EN)
    assert (found.verdict, why in found.reason) == ("unsupported", True), found


@pytest.mark.parametrize(
    "said",
    [
        "Hello Anna,",
        "Kind regards",
        "Book your seat now.",
        "Would you like to know more?",
        "We are looking forward to seeing you!",
        "Simply reply to this mail.",
    ],
)
def test_greetings_calls_questions_and_opinions_are_no_claims(said: str) -> None:
    assert one(said, EN).verdict == "no claim"


def test_a_figure_in_a_question_or_a_call_is_checked_all_the_same() -> None:
    assert one("Register now and save 20 %!", EN).verdict == "unsupported"
    assert one("Who would not like 50 % off?", EN).verdict == "unsupported"


def test_no_cost_is_said_in_many_ways() -> None:
    free = [Source("fee", "You can cancel free of charge until 1 May.")]
    for said in ("You can cancel without any costs until 1 May.", "You can cancel at no charge until 1 May."):
        assert one(said, free).verdict == "supported"


LINES = st.sampled_from([line for source in EN for line in source.text.split(". ")])


@given(LINES)
def test_a_source_carries_its_own_words(line: str) -> None:
    assert one(line, EN).verdict == "supported"


@given(LINES, st.integers(min_value=100_000, max_value=999_999))
def test_a_figure_that_no_source_has_never_passes(line: str, figure: int) -> None:
    assert one(f"{line.rstrip('.')} for {figure} people", EN).verdict == "unsupported"


@given(LINES, st.integers(min_value=13, max_value=99_999), st.sampled_from([0, 1, 2]))
def test_another_figure_in_a_sentence_that_is_carried_blocks_it(line: str, figure: int, which: int) -> None:
    digits = [*re.finditer(r"\d+", line)]
    assume(digits and str(figure) not in " ".join(source.text for source in EN))
    found = digits[which % len(digits)]
    assert one(f"{line[: found.start()]}{figure}{line[found.end() :]}", EN).verdict == "unsupported"


@pytest.mark.parametrize("said", [said for case in cases("open") for said in (*case["good"], *case["invented"])])
def test_what_a_person_confirms_word_for_word_is_said_whatever_else_is(said: str) -> None:
    case = next(case for case in cases("open") if said in (*case["good"], *case["invented"]))
    sources = [Source(name, text) for name, text in case["sources"].items()]
    found = judge(said, [*sources, Source("confirmed:1", said)], case["language"])
    assert all(each.verdict != "unsupported" for each in found), found


@given(LINES, st.lists(LINES, max_size=4))
def test_more_facts_never_block_a_source_s_own_words(line: str, more: list[str]) -> None:
    sources = [Source("own", line), *(Source(f"more.{number}", each) for number, each in enumerate(more))]
    assert one(line, sources).verdict == "supported"


PLAIN = [
    Source("price", "Baking class, 3 hours, $60. Coffee free above $20, otherwise $3 extra"),
    Source("when", "Tuesday to Friday, 2-5 pm, and the first Saturday at 10:30"),
    Source("pets", "Dogs stay outside. The terrace is heated. Parking costs $4 extra"),
]


@pytest.mark.parametrize(
    ("said", "language"),
    [
        ("Half an hour is enough.", "en"),
        ("We start at half past six.", "en"),
        ("In einer halben Stunde ist alles fertig.", "de"),
        ("Um halb sieben geht es los.", "de"),
    ],
)
def test_halves_are_figures(said: str, language: str) -> None:
    timed = [Source("when", "30 min. It starts at 6:30. / Dauert 30 Minuten, Beginn 6:30 Uhr.")]
    assert one(said, timed, language).verdict != "unsupported"
    other = [Source("when", "40 min. It starts at 7:30. / Dauert 40 Minuten, Beginn 7:30 Uhr.")]
    assert one(said, other, language).verdict == "unsupported"


@pytest.mark.parametrize(
    "said",
    [
        "Come on a Wednesday afternoon.",
        "Pets wait outside.",
        "Our bakery class costs $60.",
    ],
)
def test_days_between_kinds_of_things_and_families_of_words_are_known(said: str) -> None:
    assert one(said, PLAIN).verdict != "unsupported"


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("Come on a Sunday.", "Sunday"),
        ("Coffee is on the house.", "condition"),
        ("Parking is included.", "names a price"),
        ("The class takes four hours.", "four"),
        ("Take your certificate home.", "certificate"),
    ],
)
def test_conditions_prices_and_calls_are_read_closely(said: str, why: str) -> None:
    found = one(said, PLAIN)
    assert (found.verdict, why in found.reason) == ("unsupported", True), found


def test_only_what_nothing_else_speaks_against_may_be_asked_about() -> None:
    assert one("The trainer has a decade of zumba experience.", EN).unknown == ("decade", "zumba")
    assert not one("The zumba course costs 391 euros.", EN).unknown
    assert not one("You need prior zumba knowledge.", EN).unknown
    assert not one("The certified trainer has ten years of zumba experience.", EN).unknown
    assert not one("The trainer, Zumba, has ten years of experience.", EN).unknown


@given(st.text(max_size=300), st.sampled_from(["en", "de", "fr"]))
def test_any_text_at_all_is_judged(text: str, language: str) -> None:
    assert "".join(each.sentence for each in judge(text, EN, language)).split() == text.split() or text.split()


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("variant", ["A", "B", "C", "D"])
@pytest.mark.parametrize("seed", range(8))
def test_the_built_in_writer_claims_nothing_of_its_own(language: str, variant: str, seed: int) -> None:
    facts, offer = (["Zebras at 9:30"], "Zebra") if language == "en" else (["Zebras um 9:30 Uhr"], "Zebra")
    brief = Brief(
        goal="register",
        offer=offer,
        audience="all",
        language=language,
        facts=facts,
        call_to_action=CallToAction(text="Zebra", url="https://zebra.example"),  # type: ignore[arg-type]
    )
    data = {"variant": variant, "brief": brief.model_dump(mode="json"), "sender": "Zebra", "change_wish": None}
    answer = BuiltInWriter().ask(Scope("local", "main"), Question(TASK, "", data, {}, seed))
    sources = [Source("offer", offer), *(Source("fact", fact) for fact in facts)]
    for _, text in Copy.model_validate(answer.data).parts():
        for found in judge(text.replace('{{ first_name | default("there", true) }}', "there"), sources, language):
            assert found.verdict != "unsupported", found


MORE = [
    Source("boat", "Day on the boat, 7 pm to 8.30 pm, max. five guests, £80 per year for members"),
    Source("meals", "Food on board included, dinners ashore are not. Wine except on Sundays, for all guests"),
    Source("off", "Cats are not accepted. No lift. Sundays closed. Cancel until two weeks before"),
    Source(
        "tour", "Sehtest 25 Minuten, beim Kauf einer Brille kostenlos, sonst 20 €. Montags geschlossen. Beginn 16 Uhr"
    ),
    Source("wood", "Oak, beech and ash frames take three weeks"),
    Source("holen", "Verpasste Stunden können nachgeholt werden. Zuschuss 80 %. Der Wein liegt 14,20 € im Keller"),
]


@pytest.mark.parametrize(
    ("said", "language"),
    [
        ("It takes 90 minutes.", "en"),
        ("There are never more than five guests.", "en"),
        ("You may cancel until 14 days before.", "en"),
        ("Um vier Uhr ist Beginn.", "de"),
        ("Vier Fünftel sind Zuschuss.", "de"),
        ("Verpasste Stunden holst du nach.", "de"),
        ("Montags haben wir zu.", "de"),
        ("The guests relish the wine on board.", "en"),
    ],
)
def test_other_units_bounds_shares_split_and_unknown_verbs_are_the_same_statement(said: str, language: str) -> None:
    assert one(said, MORE, language).verdict != "unsupported"


@pytest.mark.parametrize(
    ("said", "language", "why"),
    [
        ("All dinners ashore are included.", "en", "negation"),
        ("Cats are welcome.", "en", "negation"),
        ("It is easy to reach by lift.", "en", "negation"),
        ("The wine is for all guests, every day.", "en", "except"),
        ("Der Sehtest ist bei uns immer kostenlos.", "de", "immer"),
        ("Montags haben wir geöffnet.", "de", "negation"),
        ("Ein Drittel ist Zuschuss.", "de", "33 %"),
        ("Schon morgen sind wir bei dir.", "de", "morgen"),
        ("Oak frames take longer than beech.", "en", "compares"),
        ("You may cancel tomorrow.", "en", "tomorrow"),
    ],
)
def test_denied_limited_and_compared_things_are_not_widened(said: str, language: str, why: str) -> None:
    found = one(said, MORE, language)
    assert (found.verdict, why in found.reason) == ("unsupported", True), found
