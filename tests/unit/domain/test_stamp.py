from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from shared.domain.stamp import next_stamp

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def test_a_stamp_is_the_time_and_a_count() -> None:
    assert next_stamp(NOON, None) == "2026-03-02T12:00:00.000000Z.0000"
    assert next_stamp(NOON, "2026-03-02T12:00:00.000000Z.00ff") == "2026-03-02T12:00:00.000000Z.0100"
    assert next_stamp(NOON.astimezone(timezone(timedelta(hours=-8))), None) == "2026-03-02T12:00:00.000000Z.0000"


def test_a_full_count_borrows_the_next_microsecond() -> None:
    assert next_stamp(NOON, "2026-03-02T12:00:00.000000Z.ffff") == "2026-03-02T12:00:00.000001Z.0000"


@given(st.lists(st.timedeltas(timedelta(days=-2000), timedelta(days=2000)), min_size=2))
def test_stamps_only_go_forward_and_stay_close_to_the_clock(offsets: list[timedelta]) -> None:
    times = [NOON + offset for offset in offsets]
    stamps: list[str] = []
    for now in times:
        stamps.append(next_stamp(now, stamps[-1] if stamps else None))
    assert stamps == sorted(set(stamps))
    assert stamps[-1][:26] == max(times).replace(tzinfo=None).isoformat(timespec="microseconds")
