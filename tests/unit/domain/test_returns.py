from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.address import effect_key
from shared.domain.returns import KEY_START, Returned, names_in, read_return, sign_return
from shared.domain.scope import Scope

SCOPE, OTHER = Scope("local", "main"), Scope("local", "mains")
KEYS = {"1": b"one" * 11, "2": b"two" * 11}
CAMPAIGN = "0197a1b2c3d4e5f60718293a4b5c6d7e"
KEY = effect_key(SCOPE, CAMPAIGN, "1", "email", "someone")


@given(st.binary(min_size=16, max_size=16), st.binary(min_size=4), st.integers(0, 255))
def test_a_name_is_read_back_whole_in_any_case_and_fits_into_a_local_part(
    campaign: bytes, seed: bytes, attempt: int
) -> None:
    key = effect_key(SCOPE, campaign.hex(), "1", "email", seed.hex())
    name = sign_return(SCOPE, campaign.hex(), key, attempt, KEYS)
    assert (len(name) <= 64, name.isascii(), name.isalnum(), name == name.lower()) == (True, True, True, True)
    found = Returned(SCOPE, campaign.hex(), key[:KEY_START], attempt)
    assert read_return(name, [OTHER, SCOPE], KEYS) == found
    assert read_return(name.upper(), [SCOPE], KEYS) == found
    assert names_in(f"Ann <{name}@bounces.example>, <x@{name}x.example>") == [name]


def test_rule_b3_the_signature_binds_the_scope_and_every_part() -> None:
    name = sign_return(SCOPE, CAMPAIGN, KEY, 1, KEYS)
    assert read_return(name, [OTHER], KEYS) is None
    assert read_return(name, [], KEYS) is None
    assert read_return(name, [SCOPE], {"3": b"x" * 32}) is None
    for at in range(len(name) - 1):  # of the last character only the first bits count
        forged = name[:at] + ("a" if name[at] != "a" else "b") + name[at + 1 :]
        assert read_return(forged, [SCOPE], KEYS) is None, at


def test_an_older_key_still_reads_what_it_signed() -> None:
    assert read_return(sign_return(SCOPE, CAMPAIGN, KEY, 1, {"1": KEYS["1"]}), [SCOPE], KEYS)


@given(st.text(max_size=80))
def test_nothing_that_is_no_name_is_read(text: str) -> None:
    assert read_return(text, [SCOPE], KEYS) is None


@pytest.mark.parametrize(("campaign", "key"), [("c", KEY), (CAMPAIGN, "a"), ("0" * 30, KEY), (CAMPAIGN, "")])
def test_what_cannot_be_signed_is_refused(campaign: str, key: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        sign_return(SCOPE, campaign, key, 1, KEYS)
