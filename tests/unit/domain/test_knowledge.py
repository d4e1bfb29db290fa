"""Passages, terms and rankings: nothing is lost, nothing is doubled, the same words meet."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.knowledge_formats import format_of
from shared.domain.knowledge_fusion import fused
from shared.domain.knowledge_passages import MOST_WORDS, Block, as_seen, pieces
from shared.domain.knowledge_terms import asked, terms

WORDS = st.text("abc dé.!?\n", max_size=400)
BLOCKS = st.lists(
    st.builds(Block, text=st.one_of(WORDS, st.integers(1, 900).map("word. ".__mul__)).map(as_seen).filter(bool),
              heading=st.sampled_from(["", "A", "A › B"]), page=st.sampled_from([None, 1, 2])), max_size=12,
)  # fmt: skip


@given(BLOCKS)
def test_every_word_is_in_exactly_one_passage_in_order(blocks: list[Block]) -> None:
    made = list(pieces(blocks))
    assert " ".join(piece.text for piece in made).split() == " ".join(block.text for block in blocks).split()
    assert all(len(piece.text.split()) <= MOST_WORDS for piece in made)
    assert all(piece.text == piece.text.strip() for piece in made)


@given(BLOCKS)
def test_a_passage_stays_within_its_section_and_page(blocks: list[Block]) -> None:
    places = [(block.heading, block.page) for block in blocks for _ in block.text.split()]
    found = [(piece.heading, piece.page) for piece in pieces(blocks) for _ in piece.text.split()]
    assert found == places


def test_text_without_blanks_is_cut_too() -> None:
    made = list(pieces([Block("長" * 200_000)]))
    assert "".join(piece.text for piece in made) == "長" * 200_000
    assert max(len(piece.text) for piece in made) <= 100 * MOST_WORDS


@given(st.text(max_size=300))
def test_what_is_seen_is_seen_again(text: str) -> None:
    seen = as_seen(text)
    assert as_seen(seen) == seen
    assert seen.encode().decode() == seen, "it can be stored"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Preis", "Preise"),
        ("Behandlung", "Behandlungen"),
        ("Zahnarzt", "Zahnärzten"),
        ("Müller", "Mueller"),
        ("Straße", "STRASSE"),
        ("neue", "neuen"),
        ("price", "prices"),
        ("booking", "booked"),
        ("company", "companies"),
        ("patient", "patient's"),
        ("naïve", "naive"),
    ],
)
def test_forms_of_a_word_meet(one: str, other: str) -> None:
    assert terms(one) == terms(other)


@pytest.mark.parametrize(("one", "other"), [("2026", "2027"), ("Berlin", "Bern"), ("cat", "car"), ("B12", "B1")])
def test_different_words_do_not(one: str, other: str) -> None:
    assert terms(one) != terms(other)


@given(st.text(max_size=200))
def test_a_query_asks_for_what_the_index_stores(text: str) -> None:
    assert set(asked(text)) <= set(terms(text).split())


def test_words_that_say_nothing_are_asked_for_only_if_there_are_no_others() -> None:
    assert asked("what is the price of it") == [terms("price")]
    assert asked("to be or not") == [terms(word) for word in ("to", "be", "or", "not")]


def test_rankings_are_fused_by_places() -> None:
    assert [thing for thing, _ in fused([["a", "b", "c"], ["b", "a", "d"]])] == ["a", "b", "c", "d"]
    assert [thing for thing, _ in fused([["a", "b"], ["b"]])] == ["b", "a"]
    assert fused([]) == []
    assert fused([["a", "a"]]) == [("a", 1 / 61)]


@pytest.mark.parametrize(
    ("content_type", "name", "format"),
    [
        ("text/markdown; charset=utf-8", "x", "markdown"),
        ("text/plain", "notes.md", "markdown"),
        ("text/plain", "notes", "text"),
        ("application/octet-stream", "a.PDF", "pdf"),
        ("application/pdf", "a.txt", "pdf"),
        ("", "b.docx", "docx"),
        ("image/png", "b.png", None),
        ("nonsense\r\n", "", None),
    ],
)
def test_a_format_is_what_is_said_or_named(content_type: str, name: str, format: str | None) -> None:
    assert format_of(content_type, name) == format
