from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from shared.domain.health import BOUNCES_LEAST, COMPLAINTS_LEAST, judge
from shared.domain.warmup import FORGOTTEN, RAMP, day_of_ramp, most_on, room

COUNT = st.integers(0, 10_000)
TODAY = date(2027, 3, 2)


def test_rule_c12_the_limits_are_where_they_are_said_to_be() -> None:
    assert judge(10_000, 0, 9).state == "good"
    assert judge(10_000, 0, 10).state == "watch"
    assert judge(10_000, 0, 20).state == "stop"
    assert judge(10_000, 199, 0).state == "good"
    assert judge(10_000, 200, 0).state == "watch"
    assert judge(10_000, 499, 0).state == "watch"
    assert judge(10_000, 500, 0).state == "stop"
    assert judge(10_000, 400, 0, refused=100).state == "stop", "bounces for the sender's sake count as the others"
    assert judge(10_000, 500, 0).why == "500 bounces of 10,000 messages in 7 days; the limit is 5.0%"


def test_rule_c12_a_handful_is_chance_and_a_first_batch_that_fails_is_not() -> None:
    assert judge(1, 0, 1).state == judge(20, 4, 2).state == "good"
    assert judge(20, 5, 0).state == judge(20, 0, 3).state == "stop"


@given(COUNT, COUNT, COUNT, COUNT, st.integers(0, 100))
def test_rule_c12_more_that_comes_back_is_never_healthier(
    sent: int, bounces: int, complaints: int, refused: int, more: int
) -> None:
    order = ("good", "watch", "stop")
    first = order.index(judge(sent, bounces, complaints, refused).state)
    assert order.index(judge(sent, bounces + more, complaints, refused).state) >= first
    assert order.index(judge(sent, bounces, complaints + more, refused).state) >= first
    assert order.index(judge(sent, bounces, complaints, refused + more).state) >= first
    assert order.index(judge(sent + more, bounces, complaints, refused).state) <= first


@given(st.integers(-5, 0), st.integers(BOUNCES_LEAST, 50), st.integers(COMPLAINTS_LEAST, 50))
def test_rule_c12_what_came_back_of_nothing_stops(sent: int, bounces: int, complaints: int) -> None:
    assert judge(sent, bounces, 0).state == judge(sent, 0, complaints).state == "stop"


def test_the_ramp_only_rises_and_no_day_is_more_than_double() -> None:
    for before, after in pairwise(RAMP):
        assert before < after <= 2 * before
    assert most_on(len(RAMP) + 1) is None


def test_days_without_mail_do_not_warm_and_a_long_silence_cools() -> None:
    sent = {TODAY - timedelta(days=n): 10 for n in (1, 3, 9)} | {TODAY - timedelta(days=2): 0, TODAY: 40}
    assert day_of_ramp(sent, TODAY) == 4
    assert day_of_ramp(sent, TODAY + FORGOTTEN) == 5
    assert day_of_ramp(sent, TODAY + FORGOTTEN + timedelta(days=1)) == 1
    assert day_of_ramp({}, TODAY) == 1


@given(st.integers(1, 40), st.integers(1, 60), COUNT)
def test_the_room_of_some_days_is_the_sum_of_them(day: int, days: int, taken: int) -> None:
    limits = [most_on(day + n) for n in range(days)]
    found = room(day, days, taken)
    if None in limits:
        assert found is None
    else:
        assert found == max(0, sum(each for each in limits if each) - taken)
