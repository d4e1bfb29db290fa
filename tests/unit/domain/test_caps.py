"""Rule C10: how often one person is written to, over all campaigns and clients."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.caps import Use, read_uses, released, reserved, waits, write_uses
from shared.domain.policy import Cap, Policy

NOW = datetime(2027, 3, 2, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def used(*days_ago: float, channel: str = "email") -> list[Use]:
    return [Use(NOW - DAY * days, channel, f"e{n}") for n, days in enumerate(days_ago)]


def free(uses: list[Use], channel: str = "email", effect: str = "mine", **rules: Any) -> dict[str, datetime]:
    policy = Policy(**{"apart_minutes": 0, "caps": [], **rules})
    return {wait.code: wait.at for wait in waits(uses, policy, channel, effect, NOW)}


def test_rule_c10_the_cap_says_when_it_next_allows_one() -> None:
    cap = [Cap(days=7, most=2)]
    assert free(used(3), caps=cap) == {}
    assert free(used(6, 3), caps=cap) == {"capped": NOW + DAY}
    assert free(used(6, 5, 3), caps=cap) == {"capped": NOW + 2 * DAY}
    assert free(used(8, 7, 3), caps=cap) == {}


def test_rule_c10_a_cap_on_one_channel_counts_that_channel_only() -> None:
    uses = [*used(1), *used(1, channel="sms")]
    assert free(uses, caps=[Cap(days=7, most=2, channel="email")]) == {}
    assert "capped" in free(uses, caps=[Cap(days=7, most=2)])
    assert free(used(1, 2), channel="sms", caps=[Cap(days=7, most=1, channel="email")]) == {}


def test_rule_c10_a_retry_recognises_its_own_reservation() -> None:
    uses = reserved([], Use(NOW, "email", "mine"))
    assert free(uses, caps=[Cap(days=7, most=1)], apart_minutes=60) == {}
    assert reserved(uses, Use(NOW + DAY, "email", "mine")) == [Use(NOW + DAY, "email", "mine")]


def test_rule_c10_two_campaigns_keep_their_distance() -> None:
    assert free(used(1 / 48), apart_minutes=60) == {"collision": NOW + timedelta(minutes=30)}
    assert free(used(1 / 24), apart_minutes=60) == {}


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"uses": None},
        {"uses": [["2027-03-02T12:00:00", "email", "e"]]},
        {"uses": [[1, 2]]},
        {"uses": [["x", "y", "z"]]},
    ],
)
def test_a_garbled_reservation_is_not_taken_for_none(body: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="not a reservation"):
        read_uses(body)


@given(
    st.lists(st.tuples(st.integers(0, 60 * 24 * 40), st.sampled_from("abcdefgh"), st.booleans())),
    st.integers(1, 9),
    st.integers(1, 31),
    st.integers(0, 3000),
)
def test_whatever_is_tried_in_order_never_exceeds_the_cap(
    tries: list[tuple[int, str, bool]], most: int, days: int, apart: int
) -> None:
    policy = Policy(caps=[Cap(days=days, most=most)], apart_minutes=apart)
    uses: list[Use] = []
    for minute, effect, fails in sorted(tries):
        now = NOW + timedelta(minutes=minute)
        if not waits(uses, policy, "email", effect, now):
            uses = read_uses(write_uses(reserved(uses, Use(now, "email", effect))))
            uses = released(uses, effect) if fails else uses
        times = sorted(use.at for use in uses)
        for begin in times:
            assert sum(begin <= at < begin + timedelta(days=days) for at in times) <= most
        assert all(b - a >= timedelta(minutes=apart) for a, b in pairwise(times))
