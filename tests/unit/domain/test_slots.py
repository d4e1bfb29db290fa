from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.slots import SLOT, first_slot, opening, slot_start, zone

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Chatham", "UTC"])
MOMENTS = st.integers(1_767_225_600, 1_861_833_600).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
HOURS = st.tuples(st.integers(0, 23), st.integers(1, 24)).filter(lambda hours: hours[0] < hours[1])


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (datetime(2027, 3, 2, 7, 59, tzinfo=UTC), datetime(2027, 3, 2, 8, tzinfo=UTC)),
        (datetime(2027, 3, 2, 8, 0, tzinfo=UTC), datetime(2027, 3, 2, 8, tzinfo=UTC)),
        (datetime(2027, 3, 2, 16, 59, tzinfo=UTC), datetime(2027, 3, 2, 16, 59, tzinfo=UTC)),
        (datetime(2027, 3, 2, 17, 0, tzinfo=UTC), datetime(2027, 3, 3, 8, tzinfo=UTC)),
    ],
)
def test_hours_are_the_recipients_own(moment: datetime, expected: datetime) -> None:
    assert opening(moment, BERLIN, (9, 18)) == expected


@given(MOMENTS, ZONES, HOURS)
def test_an_opening_is_inside_the_hours_and_never_before(moment: datetime, name: str, hours: tuple[int, int]) -> None:
    where = ZoneInfo(name)
    opens = opening(moment, where, hours)
    assert moment <= opens <= moment + timedelta(days=1, hours=2)
    local = opens.astimezone(where)
    # On the night the clocks change, an opening inside the hour that does not exist is that much later.
    assert hours[0] <= local.hour < hours[1] or local.utcoffset() != moment.astimezone(where).utcoffset()


@given(MOMENTS)
def test_slots_are_quarters_of_an_hour(moment: datetime) -> None:
    start = slot_start(moment)
    assert start <= moment < start + SLOT
    assert (start.minute % 15, start.second, start.microsecond) == (0, 0, 0)


def test_a_later_day_begins_at_the_first_hour_of_that_day() -> None:
    start = datetime(2027, 3, 1, 15, tzinfo=UTC)
    assert first_slot(start, 0, BERLIN, (9, 18)) == start
    assert first_slot(start, 2, BERLIN, (9, 18)) == datetime(2027, 3, 3, 8, tzinfo=UTC)


def test_a_zone_that_is_none_is_none() -> None:
    assert zone("Mars/Olympus") is None
    assert zone("../etc/passwd") is None
    assert zone("Europe/Berlin") == BERLIN
