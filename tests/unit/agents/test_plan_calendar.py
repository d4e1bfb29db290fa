"""No planned slot lies in what the sender's calendar takes, whatever the zone and wherever the clock changes (S2.7)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.agents.schedule.plan import Member, Terms, plan
from shared.domain.calendar import Busy, Taken
from shared.domain.scope import Scope
from shared.domain.slots import SLOT, slot_start

ZONES = ["Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Apia", None]
CHANGES = [datetime(2027, *rest, tzinfo=UTC) for rest in ((3, 12, 17, 7), (3, 26, 9), (10, 29, 22, 3))]
"""Before the nights in which the clock changes in the United States and in Europe."""
TERMS = Terms(
    scope=Scope("local", "main"),
    campaign="c" * 32,
    channel="email",
    start=CHANGES[1],
    days=4,
    hours=(9, 18),
    variants=1,
    holdout=0,
    rate=0.05,
    most=None,
    default_zone=ZoneInfo("Europe/Berlin"),
)
STRETCH = st.tuples(st.integers(-300, 6000), st.integers(1, 2000), st.booleans())


def people(count: int) -> list[Member]:
    return [Member(f"p{n}", f"person{n}", ZONES[n % len(ZONES)], True) for n in range(count)]


@settings(max_examples=60)
@given(
    st.lists(STRETCH, max_size=8),
    st.integers(0, 120),
    st.sampled_from(CHANGES),
    st.integers(1, 5),
    st.sampled_from([(9, 18), (0, 24), (22, 24)]),
)
def test_nobody_is_planned_into_what_is_taken(
    stretches: list[tuple[int, int, bool]], count: int, start: datetime, days: int, hours: tuple[int, int]
) -> None:
    made = [_busy(start, *each) for each in stretches]
    terms, end = replace(TERMS, start=start, days=days, hours=hours, taken=Taken(made)), start + timedelta(days=days)
    rows = [line.row for line in plan(terms, people(count))]
    assert sorted(row.contact for row in rows) == sorted(each.contact for each in people(count))
    for row in rows:
        if "calendar" in row.facts:
            assert made
            assert row.facts["calendar"] in {each.why for each in made}
            assert start <= row.due < end
        if "calendar" in row.facts or "no_room" in row.facts:
            continue
        slot = slot_start(row.due)
        assert not any(each.start < slot + SLOT and each.end > slot for each in made), (slot, made)
        assert hours[0] <= row.due.astimezone(ZoneInfo(row.facts["zone"])).hour < hours[1]
        if row.reason in ("busy", "blackout"):
            assert slot < end


def _busy(start: datetime, minute: int, length: int, whole: bool) -> Busy:
    begins = start + timedelta(minutes=minute)
    return Busy(begins, begins + timedelta(minutes=length), "blackout" if whole else "busy")


def test_who_would_be_due_on_a_blackout_day_is_spread_over_the_other_days() -> None:
    """The last day is closed: nobody is held for that, and nobody waits for a day after the window."""
    start = datetime(2027, 6, 1, 6, tzinfo=UTC)
    third = Busy(datetime(2027, 6, 2, 22, tzinfo=UTC), datetime(2027, 6, 4, 22, tzinfo=UTC), "blackout")
    terms = replace(TERMS, start=start, days=3, rate=100, taken=Taken([third]))
    berlin = [each._replace(timezone="Europe/Berlin") for each in people(300)]
    rows = [line.row for line in plan(terms, berlin)]
    per_day = [sum(row.due.date().day == day for row in rows) for day in (1, 2, 3)]
    assert per_day[2] == 0
    assert min(per_day[:2]) > 100
    assert not any({"calendar", "no_room"} & set(row.facts) for row in rows)
    assert {row.reason for row in rows} == {"first_slot"}


def test_who_has_no_free_slot_is_planned_into_the_one_that_is_taken() -> None:
    """In New York the hours of the window are those in which the sender is closed."""
    start = datetime(2027, 6, 1, 6, tzinfo=UTC)
    evening = Busy(datetime(2027, 6, 1, 12, tzinfo=UTC), datetime(2027, 6, 2, 6, tzinfo=UTC), "blackout")
    terms = replace(TERMS, start=start, days=1, rate=100, taken=Taken([evening]))
    rows = [line.row for line in plan(terms, people(60))]
    held = {row.facts["zone"] for row in rows if row.facts.get("calendar") == "blackout"}
    assert "America/New_York" in held
    assert "Europe/Berlin" not in held


def test_a_busy_hour_moves_to_the_first_slot_after_it() -> None:
    start = datetime(2027, 6, 1, 7, 2, tzinfo=UTC)
    talk = Busy(start, datetime(2027, 6, 1, 8, 20, tzinfo=UTC), "busy")
    terms = replace(TERMS, start=start, days=1, rate=100, taken=Taken([talk]))
    rows = [line.row for line in plan(terms, [Member("p", "person", "Europe/Berlin", True)])]
    assert [(row.due, row.reason) for row in rows] == [(datetime(2027, 6, 1, 8, 30, tzinfo=UTC), "busy")]


def test_those_without_a_free_slot_come_no_faster_than_the_channel_takes_them() -> None:
    """Two slots are free, then the calendar takes all that is left: the rest is due in it, one after the other."""
    start = datetime(2027, 6, 1, 7, tzinfo=UTC)
    rest = Busy(start + 2 * SLOT, start + timedelta(days=2), "busy")
    terms = replace(TERMS, start=start, days=1, rate=0.05, taken=Taken([rest]))
    berlin = [each._replace(timezone="Europe/Berlin") for each in people(150)]
    rows = sorted((line.row for line in plan(terms, berlin)), key=lambda row: row.due)
    assert [row.facts.get("calendar") for row in rows] == [None] * 90 + ["busy"] * 60
    assert rows[90].due == start + 2 * SLOT
    assert {after.due - before.due for before, after in pairwise(rows)} == {timedelta(seconds=20)}
