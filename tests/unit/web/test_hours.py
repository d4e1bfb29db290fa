from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from shared.domain.forecast import Slot
from shared.domain.report import Hour
from shared.web.hours import due, left

BERLIN, KOLKATA = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Kolkata")
FIRST = datetime(2027, 3, 2, 7, tzinfo=UTC)


def slots(*counts: tuple[int, int]) -> list[Slot]:
    return [Slot(at=FIRST + timedelta(minutes=15 * at), count=n) for at, n in counts]


@given(st.lists(st.tuples(st.integers(0, 700), st.integers(0, 5_000)), max_size=40, unique_by=lambda each: each[0]))
def test_every_number_is_in_one_bar_and_the_bars_add_up(counts: list[tuple[int, int]]) -> None:
    for zone in (BERLIN, KOLKATA):
        found = due(slots(*counts), "planned", zone)
        total = sum(n for _, n in counts)
        assert (found is None) == (total == 0)
        if found:
            assert found.n == total == sum(day.n for day in found.days)
            assert all(day.n == sum(bar.n for bar in day.bars) for day in found.days)
            assert max(bar.percent for day in found.days for bar in day.bars) == 100
            assert all((bar.percent > 0) == (bar.n > 0) for day in found.days for bar in day.bars)


def test_hours_are_those_of_the_clock_that_is_asked_for() -> None:
    found = due(slots((0, 3), (1, 4), (8, 5)), "foreseen", BERLIN)
    assert found
    (day,) = found.days
    assert [(bar.hour, bar.n) for bar in day.bars] == [(8, 7), (9, 0), (10, 5)]
    there = due(slots((0, 3), (1, 4), (8, 5)), "foreseen", KOLKATA)
    assert there
    assert [(bar.hour, bar.n) for bar in there.days[0].bars] == [(12, 7), (13, 0), (14, 5)]


def test_what_has_left_is_told_and_what_only_came_back_is_not() -> None:
    hours = [
        Hour(at=FIRST, sent=0, opened=3, clicked=1),
        Hour(at=FIRST + timedelta(days=4), sent=2, opened=0, clicked=0),
    ]
    found = left(hours, BERLIN)
    assert found
    assert (found.what, found.n, len(found.days)) == ("sent", 2, 1)
