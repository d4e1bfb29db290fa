"""How many segments a text message takes, at every edge of the two encodings."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.sms import length


@pytest.mark.parametrize(
    ("text", "encoding", "places", "segments"),
    [
        ("", "GSM-7", 0, 1),
        ("a" * 160, "GSM-7", 160, 1),
        ("a" * 161, "GSM-7", 161, 2),
        ("a" * 306, "GSM-7", 306, 2),
        ("a" * 307, "GSM-7", 307, 3),
        ("€" * 80, "GSM-7", 160, 1),
        ("€" * 81, "GSM-7", 162, 2),
        ("€" * 153, "GSM-7", 306, 3),  # the 77th does not fit into the one place that 76 of them leave
        ("Grüße", "GSM-7", 5, 1),
        ("ç", "UCS-2", 1, 1),
        ("я" * 70, "UCS-2", 70, 1),
        ("я" * 71, "UCS-2", 71, 2),
        ("я" * 134, "UCS-2", 134, 2),
        ("я" * 135, "UCS-2", 135, 3),
        ("😀" * 35, "UCS-2", 70, 1),
        ("😀" * 36, "UCS-2", 72, 2),
        ("😀" * 67, "UCS-2", 134, 3),  # a pair is never cut: 33 in a segment
    ],
)
def test_the_edges(text: str, encoding: str, places: int, segments: int) -> None:
    assert length(text) == (encoding, places, segments)


@given(st.text(max_size=1000), st.characters())
def test_a_longer_text_never_takes_less(text: str, more: str) -> None:
    before, after = length(text), length(text + more)
    assert after.segments >= before.segments
    assert before.segments >= -(-before.places // 160)
