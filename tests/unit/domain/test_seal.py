from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.seal import canonical, difference, digest

KEYS = st.text(st.characters(max_codepoint=127), max_size=8)
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


def test_the_canonical_form_is_that_of_rfc_8785() -> None:
    assert canonical({"b": [1, True, None], "a": "ü\n"}) == '{"a":"ü\\n","b":[1,true,null]}'.encode()


@given(st.dictionaries(KEYS, PLAIN, max_size=5))
def test_the_digest_does_not_depend_on_order_and_nothing_is_lost(value: dict[str, object]) -> None:
    reordered = dict(reversed(list(value.items())))
    assert digest(value) == digest(reordered)
    assert json.loads(canonical(value)) == value


@pytest.mark.parametrize("value", [{"a": 0.5}, {"ü": 1}, {"a": object()}, {1: 2}])
def test_what_has_no_safe_canonical_form_is_refused(value: dict[str, object]) -> None:
    with pytest.raises(TypeError):
        digest(value)


def test_a_difference_names_each_changed_part_with_both_values() -> None:
    assert difference({"a": 1, "b": 2}, {"a": 1, "b": 3, "c": 4}) == {"b": [2, 3], "c": [None, 4]}
