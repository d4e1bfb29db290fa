"""How often anybody may call (rule S7)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.access.pace import Pace, Paces, address_of
from shared.access.problem import Refusal

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


@given(st.lists(st.floats(0, 30), max_size=200), st.integers(1, 10), st.sampled_from([0.5, 1.0, 20.0]))
def test_rule_s7_in_any_time_there_are_never_more_than_the_burst_and_the_rate(
    gaps: list[float], burst: int, rate: float
) -> None:
    pace, at, taken = Pace(rate, burst), NOW, 0
    for gap in gaps:
        at += timedelta(seconds=gap)
        try:
            pace.take("a", at)
            taken += 1
        except Refusal as refusal:
            wait = int(refusal.problem.headers["Retry-After"])
            pace.check("a", at + timedelta(seconds=wait))  # who comes when it said is let in
    assert taken <= burst + rate * (at - NOW).total_seconds() + 1e-6


def test_rule_s7_one_caller_does_not_use_up_what_is_anothers() -> None:
    paces = Paces()
    for _ in range(200):
        paces.admit_principal("agency|key:1", NOW)
    with pytest.raises(Refusal) as refused:
        paces.admit_principal("agency|key:1", NOW)
    assert refused.value.problem.status == 429
    paces.admit_principal("agency|key:2", NOW)


def test_rule_s7_links_are_counted_by_token_and_never_by_who_fetches_them() -> None:
    paces = Paces()
    for n in range(5_000):
        paces.admit_stranger("192.0.2.1", f"token-{n}", NOW)  # a mail provider's proxy
    for _ in range(60):
        paces.admit_stranger(None, "one", NOW)
    with pytest.raises(Refusal):
        paces.admit_stranger(None, "one", NOW)


def test_rule_s7_who_guesses_is_slowed_down_and_nobody_else() -> None:
    paces = Paces()
    for _ in range(150):
        paces.count_refused("192.0.2.1", NOW)
    with pytest.raises(Refusal):
        paces.admit_stranger("192.0.2.1", "guess", NOW)
    paces.admit_stranger("192.0.2.2", "guess", NOW)
    paces.admit_stranger("192.0.2.1", "guess", NOW + timedelta(seconds=1))


def test_names_are_forgotten_before_they_fill_the_memory() -> None:
    pace = Pace(1, 1)
    for n in range(30_000):
        pace.take(str(n), NOW)
    assert len(pace._buckets) == 20_000


@pytest.mark.parametrize(
    ("forwarded", "address"),
    [
        (None, None),
        ("", None),
        ("198.51.100.7:1234", "198.51.100.7"),
        ("203.0.113.9, 198.51.100.7", "198.51.100.7"),
        ("made-up,[2001:db8::1]:443", "2001:db8::1"),
        ("2001:db8::1", "2001:db8::1"),
    ],
)
def test_the_address_is_what_the_nearest_proxy_saw(forwarded: str | None, address: str | None) -> None:
    assert address_of(forwarded) == address
