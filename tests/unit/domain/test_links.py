from __future__ import annotations

import base64

from hypothesis import example, given
from hypothesis import strategies as st

from shared.domain.links import Link, sign, verify
from shared.domain.scope import Scope

KEYS = {"k1": b"1" * 32, "k2": b"2" * 32}
LINK = Link("c", Scope("local", "main"), "0f" * 16, 12, "abcdefgh", 3)


def test_a_link_comes_back_whole_and_only_for_its_purpose() -> None:
    token = sign(LINK, KEYS)
    assert verify(token, "c", KEYS) == LINK
    assert verify(token, "u", KEYS) is None


def test_links_of_an_older_key_stay_good_after_rotation() -> None:
    old = sign(LINK, {"k1": KEYS["k1"]})
    assert verify(old, "c", KEYS) == LINK
    assert verify(old, "c", {"k2": KEYS["k2"]}) is None


@given(st.integers(0, 200), st.integers(1, 255))
def test_a_changed_byte_is_noticed(position: int, flip: int) -> None:
    raw = bytearray(base64.urlsafe_b64decode(sign(LINK, KEYS) + "=="))
    raw[position % len(raw)] ^= flip
    assert verify(base64.urlsafe_b64encode(bytes(raw)).rstrip(b"=").decode(), "c", KEYS) is None


@given(st.text(max_size=80))
@example("")
@example("=")
@example("\N{SNOWMAN}")
def test_garbage_is_no_link_and_no_error(token: str) -> None:
    assert verify(token, "c", KEYS) is None


@given(st.integers(1, 104))
def test_a_truncated_token_is_no_link(missing: int) -> None:
    assert verify(sign(LINK, KEYS)[:-missing], "c", KEYS) is None


@given(st.integers(0, 104), st.sampled_from([".", "=", "\n", " ", "%", "\0", "/", "+", "\N{SNOWMAN}", "A"]))
def test_a_link_has_one_spelling(at: int, more: str) -> None:
    token = sign(LINK, KEYS)
    assert verify(token[:at] + more + token[at:], "c", KEYS) is None


@given(st.sampled_from(["=", "==", "\n", ".", "...."]))
def test_nothing_stands_after_a_link(more: str) -> None:
    assert verify(sign(LINK, KEYS) + more, "c", KEYS) is None


def test_spare_bits_of_the_last_character_are_not_free() -> None:
    for campaign in ("0", "00", "000"):
        token = sign(LINK._replace(campaign=campaign), KEYS)
        letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
        good = [each for each in letters if verify(token[:-1] + each, "c", KEYS)]
        assert good == [token[-1]]
