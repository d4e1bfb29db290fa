"""Marks follow from counts per week, and a week in which nothing was read is none."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from shared.domain.watch import Season, days_of, mark

WEEKS = [f"2027-W{n:02}" for n in range(1, 40)]
COUNTS = st.lists(st.integers(0, 6), min_size=1, max_size=len(WEEKS))


@given(COUNTS, st.sets(st.sampled_from(WEEKS)), st.integers(1, 9))
def test_what_is_counted_in_weeks_that_were_not_read_makes_no_difference(
    counts: list[int], down: set[str], times: int
) -> None:
    read = WEEKS[: len(counts)]
    weeks = dict(zip(read, counts, strict=True))
    others = {week: times for week in WEEKS if week not in read}
    assert mark(weeks | others, read) == mark(weeks, read)
    without = [week for week in read[:-1] if week not in down] + read[-1:]
    assert (mark(weeks, without) == "gone") == (counts[-1] == 0)


@given(COUNTS)
def test_the_rule_as_it_is_written_down(counts: list[int]) -> None:
    found = mark(dict(zip(WEEKS, counts, strict=False)), WEEKS[: len(counts)])
    *before, now = counts
    if now == 0:
        assert found == "gone"
    elif not any(before[-26:]):
        assert found == "new"
    else:
        mean = sum(before[-4:]) / len(before[-4:])
        assert found == ("rising" if now >= 2 and now >= 1.5 * mean else "steady")


def test_a_season_over_the_turn_of_the_year_is_one() -> None:
    winter = Season(name="Winter tyres", start="12-20", end="01-10")
    mondays = [date(2026, 12, 7), date(2026, 12, 14), date(2026, 12, 28), date(2027, 1, 4), date(2027, 1, 11)]
    assert [days_of(winter, 1, each)[0] for each in mondays] == [1, 7, 7, 7, 0]
    assert {days_of(winter, 1, each)[1] for each in mondays[:4]} == {date(2026, 12, 20)}
    leap = Season(name="Leap", start="02-29", end="03-01")
    assert days_of(leap, 0, date(2027, 3, 1))[0] == 1
