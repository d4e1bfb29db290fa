"""Formats and networks: lengths as networks count them, parts exchanged one at a time, how much texts differ, style."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.draft import Finding
from shared.domain.formats import FORMATS, Words, exchanged, named, ordered, schema_of
from shared.domain.formats_checks import format_findings
from shared.domain.formats_layout import published
from shared.domain.formats_networks import NETWORKS, Counting, counted
from shared.domain.likeness import distance, nearest
from shared.domain.style_guide import Avoided, StyleGuide, style_findings

POST: Words = {"hook": "Zebra", "paragraphs": ["Zebras"], "call": "Zebra", "hashtags": []}


def against(words: Words, network: str = "x") -> list[Finding]:
    whole = published(
        network,
        words,
        sender="Z",
        call="Zebra",
        url="https://z.example",
        language="en",
        written_by="m",  # type: ignore[arg-type]
    )
    return [each for each in format_findings(network, words, "en", whole, [], StyleGuide()) if "claim" not in each.rule]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "counting", "size"),
    [
        ("four", "x", 4),
        ("https://practice.example/a/very/long/address/that/goes/on", "x", 23),
        ("👩‍👩‍👧", "x", 2),
        ("👍🏽", "x", 2),
        ("日本", "x", 4),
        ("cafe\u0301", "x", 4),
        ("“quoted”", "x", 8),
        ("https://practice.example/a/very/long/address", "mastodon", 23),
        ("hello @anna@social.example", "mastodon", 11),
        ("👍🏽", "characters", 2),
    ],
)
def test_a_post_is_as_long_as_its_network_counts_it(text: str, counting: Counting, size: int) -> None:
    assert counted(text, counting) == size


def test_every_network_names_its_source_and_its_day() -> None:
    for network in NETWORKS.values():
        assert network.source.startswith("https://")
        assert date(2026, 1, 1) <= network.as_of <= date(2026, 12, 31)


def test_what_a_network_does_not_take_is_an_error() -> None:
    assert [each.rule for each in against(POST | {"paragraphs": ["zebra " * 23, "zebra " * 23]})] == ["post-long"]
    assert [each.rule for each in against(POST | {"hashtags": ["a b"]})] == ["hashtag-broken"]
    many = against(POST | {"hashtags": [f"zebra{n}" for n in range(6)]}, "instagram")
    assert ("error", "hashtags-many") in [(each.severity, each.rule) for each in many]
    assert "field-in-public" in [each.rule for each in against(POST | {"hook": "{{ city }}"})]
    assert ("warning", "mention") in [(each.severity, each.rule) for each in against(POST | {"hook": "Zebra @zebra"})]


def test_the_parts_keep_their_order_and_a_strange_one_is_named() -> None:
    assert list(ordered("x", dict(reversed(POST.items())))) == list(POST)
    for wrong, word in ((POST | {"x": "y"}, "x: "), ({"hook": "a"}, "paragraphs"), (POST | {"hook": ["a"]}, "hook")):
        with pytest.raises(ValueError, match=word):
            ordered("x", wrong)


@given(st.lists(st.text(max_size=20), min_size=1, max_size=5), st.integers(0, 4), st.text(max_size=20))
def test_one_part_is_exchanged_and_no_other(paragraphs: list[str], at: int, text: str) -> None:
    words = POST | {"paragraphs": paragraphs}
    where = f"paragraphs.{at}"
    if at >= len(paragraphs):
        with pytest.raises(KeyError):
            exchanged(words, where, text)
        return
    after = exchanged(words, where, text)
    assert dict(named(after)) == dict(named(words)) | {where: text}


def test_the_schema_asks_for_every_part() -> None:
    for name, format in FORMATS.items():
        assert {part.name for part in format.parts} < set(schema_of(name)["required"])  # type: ignore[call-overload]


def test_distance_is_nothing_for_the_same_words_and_all_for_others() -> None:
    assert distance("One two three four.", "one two, three four") == 0
    assert distance("one two three", "four five six") == 100
    assert 0 < distance("one two three four five", "one two three four six") < 100
    assert nearest("a b c", [("A", "x y z"), ("B", "a b c d")]) == ("B", 50)
    assert nearest("a", []) is None


@given(st.text(max_size=200), st.text(max_size=200))
def test_distance_is_symmetric_and_a_per_cent(one: str, other: str) -> None:
    assert distance(one, other) == distance(other, one)
    assert 0 <= distance(one, other) <= 100


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("A cheap offer", "brand-word"),
        ("Cheapness", None),
        ("On Ebay and e-bay", "brand-name"),
        ("On eBay", None),
        ("See ebay.example", None),
        ("Das ist für Sie da.", "brand-address"),
        ("Das ist für dich da.", None),
        ("Sie kommen aus Köln.", None),
    ],
)
def test_the_style_guide_is_kept(text: str, rule: str | None) -> None:
    guide = StyleGuide(avoid=[Avoided(words="cheap", instead="good value")], names=["eBay"], address="du")
    found = [each.rule for each in style_findings(guide, [("text", text)], "de")]
    assert found == ([rule] if rule else [])


def test_markdown_shows_what_people_wrote_as_it_is() -> None:
    words: Words = {"title": "*Zebra*", "description": "d", "paragraphs": ["a_b <c>"], "sections": ["H\nText"],
                    "closing": "See https://z.example/a_b"}  # fmt: skip
    whole = published(
        "blog", words, sender="Z", call="Go", url="https://z.example", language="en", written_by="built-in writer"
    )
    assert whole.startswith("# \\*Zebra\\*\n\na\\_b \\<c\\>\n\n## H\n\nText\n\nSee https://z.example/a_b\n\n[Go](<")
    assert whole.endswith("*Written by Baton's built-in writer*")
