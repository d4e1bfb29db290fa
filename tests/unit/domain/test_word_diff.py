from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from shared.domain.word_diff import stretches

texts = st.text(alphabet="ab ,.é\n", max_size=60)


@given(texts, texts)
def test_without_what_is_new_it_is_the_old_text_and_without_what_is_gone_the_new_one(before: str, after: str) -> None:
    found = stretches(before, after)
    assert "".join(each.text for each in found if each.kind != "new") == before
    assert "".join(each.text for each in found if each.kind != "gone") == after
    assert all(each.text for each in found)


def test_whole_words_change() -> None:
    found = [(each.kind, each.text) for each in stretches("Book a place", "Book two places")]
    assert [text for kind, text in found if kind == "gone"] == ["a", "place"]
    assert [text for kind, text in found if kind == "new"] == ["two", "places"]
