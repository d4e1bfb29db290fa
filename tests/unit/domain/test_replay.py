"""The first place where two values differ."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.replay import Difference, first_difference

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner, max_size=3),
    max_leaves=12,
)


@pytest.mark.parametrize(
    ("was", "now", "where", "before", "after"),
    [
        ({"a": 1, "b": 2}, {"a": 1, "b": 3}, "b", "2", "3"),
        ({"a": {"b": [1, 2]}}, {"a": {"b": [1, 2, 3]}}, "a.b.2", None, "3"),
        ({"a": [{"b": "x"}, {"b": "y"}]}, {"a": [{"b": "x"}]}, "a.1", '{"b": "y"}', None),
        ({"a": 1}, {"a": 1, "c": None}, "c", None, "null"),
        ({"a": True}, {"a": 1}, "a", "true", "1"),
        ({"a": ["x"]}, {"a": "x"}, "a", '["x"]', '"x"'),
        ({"t": "one\ntwo\nthree"}, {"t": "one\ntwo\nfour"}, "t, line 3", "one\ntwo\nthree", "one\ntwo\nfour"),
        ({"t": "Küche 5"}, {"t": "Küche 6"}, "t", "Küche 5", "Küche 6"),
    ],
)
def test_it_is_named_with_what_was_there(was: Any, now: Any, where: str, before: str | None, after: str | None) -> None:
    assert first_difference(was, now) == Difference(where=where, was=before, now=after)


def test_of_a_long_text_only_what_is_around_it_is_shown() -> None:
    found = first_difference("a" * 500 + "b" + "c" * 500, "a" * 500 + "d" + "c" * 500)
    assert found
    assert found.was == "…" + "a" * 40 + "b" + "c" * 39 + "…"


def test_of_a_long_value_only_the_beginning_is_shown() -> None:
    found = first_difference({}, {"a": ["x" * 50] * 50})
    assert found
    assert len(found.now or "") < 200


@given(JSON)
def test_nothing_differs_from_itself(value: Any) -> None:
    assert first_difference(value, value) is None


@given(JSON, JSON)
def test_what_differs_is_found(was: Any, now: Any) -> None:
    same = _exact(was) == _exact(now)
    assert (first_difference(was, now) is None) is same


def _exact(value: Any) -> Any:
    """In Python True is 1; in JSON it is not."""
    if isinstance(value, dict):
        return {name: _exact(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_exact(each) for each in value]
    return (type(value).__name__, value)
