"""What is taken is taken, to the minute and in every zone; what overlaps is one stretch."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from shared.domain.calendar import Busy, Entry, Taken

START = datetime(2027, 3, 26, tzinfo=UTC)
MINUTES = st.integers(0, 60)


def minute(n: int) -> datetime:
    return START + timedelta(minutes=n)


BUSY = st.builds(
    lambda a, n, why: Busy(minute(a), minute(a + n), why),
    MINUTES,
    st.integers(0, 20),
    st.sampled_from(["busy", "blackout"]),
)


@given(st.lists(BUSY, max_size=8), MINUTES, st.integers(1, 30))
def test_it_says_of_every_stretch_what_the_entries_say_minute_by_minute(
    found: list[Busy], at: int, length: int
) -> None:
    taken = Taken(found)
    full = {n for each in found for n in range(90) if each.start <= minute(n) < each.end}
    asked = range(at, at + length)
    met = taken.over(minute(at), minute(at + length))
    assert (met is not None) == bool(full & set(asked))
    free = next(n for n in range(at, 200) if n not in full)
    assert taken.free_from(minute(at)) == minute(free)
    assert (taken.whole(minute(at), minute(at + length)) is not None) == full.issuperset(asked)
    stretches = list(taken)
    assert all(one.end <= other.start for one, other in pairwise(stretches))
    whole_days = [each for each in found if each.why == "blackout" and each.start < each.end]
    for each in stretches:
        overlaps = any(day.start < each.end and day.end > each.start for day in whole_days)
        assert each.why == ("blackout" if overlaps else "busy")


def test_a_day_has_as_many_hours_as_it_has_there() -> None:
    days = (Entry(first_day=date(2027, 3, 28)), Entry(first_day=date(2027, 10, 31)))
    spans = [day.span(ZoneInfo("Europe/Berlin")) for day in days]
    assert [(each.end - each.start) / timedelta(hours=1) for each in spans] == [23, 25]


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({}, "give first_day"),
        ({"first_day": "2027-03-01", "start": "2027-03-01T09:00:00Z"}, "give first_day"),
        ({"start": "2027-03-01T09:00:00Z"}, "give first_day"),
        ({"last_day": "2027-03-01"}, "give first_day"),
        ({"first_day": "2027-03-02", "last_day": "2027-03-01"}, "must not be before"),
        ({"start": "2027-03-01T09:00:00Z", "end": "2027-03-01T09:00:00Z"}, "must be after start"),
        ({"start": "2027-03-01T09:00:00", "end": "2027-03-01T10:00:00Z"}, "needs a UTC offset"),
        ({"first_day": "2027-03-01", "last_day": "2028-03-05"}, "366 days at most"),
        ({"first_day": "9999-12-31"}, "2000 to 2199"),
        ({"start": "0001-01-01T00:00:00+14:00", "end": "2027-03-01T10:00:00Z"}, "2000 to 2199"),
        ({"first_day": "2027-03-01", "title": "a\x00b"}, "control character"),
    ],
)
def test_an_entry_that_cannot_be_is_refused_with_the_reason(given: dict[str, str], why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        Entry.model_validate(given)
