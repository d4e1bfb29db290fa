"""When timer triggers are due."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.host.schedule import parse_schedule

FRIDAY = datetime(2026, 3, 13, 8, 59, 30, tzinfo=UTC)


def after(text: str, moment: datetime = FRIDAY, **settings: str) -> str:
    return parse_schedule(text, settings.get).after(moment).strftime("%a %d %b %H:%M:%S")


def test_six_fields_begin_with_the_second() -> None:
    assert after("15 */5 * * * *") == "Fri 13 Mar 09:00:15"


def test_five_fields_begin_with_the_minute() -> None:
    assert after("30 9 * * *") == "Fri 13 Mar 09:30:00"


def test_days_of_the_week_are_numbers_from_sunday_or_names() -> None:
    assert after("0 0 9 * * 1-5", FRIDAY + timedelta(hours=1)) == "Mon 16 Mar 09:00:00"
    assert after("0 0 9 * * MON,sun") == "Sun 15 Mar 09:00:00"


def test_day_of_month_and_day_of_week_must_both_match() -> None:
    assert after("0 0 0 13 * FRI") == "Fri 13 Nov 00:00:00"


def test_an_occurrence_is_strictly_after_the_moment() -> None:
    nine = FRIDAY.replace(hour=9, minute=0, second=0)
    assert after("0 0 9 * * *", nine) == "Sat 14 Mar 09:00:00"


def test_a_time_span_repeats_from_the_moment_given() -> None:
    assert after("00:02:30") == "Fri 13 Mar 09:02:00"
    assert after("1.12:00:00") == "Sat 14 Mar 20:59:30"


def test_a_schedule_can_stand_in_an_app_setting() -> None:
    assert after("%WHEN%", WHEN="0 0 12 * * *") == "Fri 13 Mar 12:00:00"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("%WHEN%", "the app setting WHEN"),
        ("often", "Wrong number of fields"),
        ("0 61 * * * *", "Bad minute"),
        ("0 0 0 30 2 *", "Bad day-of-month"),
        ("24:00:00", "hours go to 23"),
        ("00:00:00", "never ends"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        parse_schedule(text, {}.get)


@given(st.integers(1, 59), st.integers(0, 4_000_000_000))
def test_every_n_minutes_comes_within_n_minutes_on_a_multiple_of_n(every: int, second: int) -> None:
    moment = datetime.fromtimestamp(second, UTC)
    occurrence = parse_schedule(f"0 */{every} * * * *", {}.get).after(moment)
    assert moment < occurrence <= moment + timedelta(minutes=every)
    assert occurrence.minute % every == 0
    assert occurrence.second == occurrence.microsecond == 0
