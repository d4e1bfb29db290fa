from __future__ import annotations

import pytest

from local.cli.words import moment, money, parts, window


def test_times_are_said_in_utc() -> None:
    assert moment("2027-03-02T09:05:00+01:00") == "Tue 2 Mar 08:05 UTC"
    assert moment("2027-03-02T08:05:00Z", zone="") == "Tue 2 Mar 08:05"
    assert moment(None) is None


@pytest.mark.parametrize(
    ("micros", "said"), [(0, "€0.00"), (400, "€0.0004"), (1_240_000, "€1.24"), (10**10, "€10,000.00")]
)
def test_money_keeps_what_cents_would_lose(micros: int, said: str) -> None:
    assert money(micros) == said


def test_a_window_says_when_it_begins() -> None:
    assert window({"days": 1, "hours": [0, 24], "start": None}).startswith("1 day from the approval, 0 to 24 h")
    assert window({"days": 2, "hours": [9, 18], "start": "2027-03-02T08:00:00Z"}).startswith(
        "2 days from Tue 2 Mar 08:00"
    )


def test_the_greatest_part_comes_first() -> None:
    assert parts({"holdout": 2, "no_consent": 1200}) == "no consent 1,200, holdout 2"
