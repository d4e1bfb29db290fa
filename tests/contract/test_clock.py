from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from shared.adapters.clock.host import HostClock


def test_without_a_host_the_clock_is_the_real_one() -> None:
    before = time.time()
    now = HostClock().now()
    assert before <= now.timestamp() <= time.time()
    assert now.utcoffset() == timedelta(0)


def test_the_hosts_time_is_read_anew_each_time(tmp_path: Path) -> None:
    file = tmp_path / "clock"
    clock = HostClock(file)
    for at in (datetime(1969, 12, 31, 23, 59, 59, 999999, UTC), datetime(2027, 3, 1, 9, 30, 0, 123456, UTC)):
        nanoseconds = (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1) * 1000
        file.write_bytes((nanoseconds + 999).to_bytes(8, "little", signed=True))
        assert clock.now() == at


def test_a_broken_clock_file_is_an_error_and_never_the_real_time(tmp_path: Path) -> None:
    file = tmp_path / "clock"
    clock = HostClock(file)
    with pytest.raises(FileNotFoundError):
        clock.now()
    file.write_bytes(b"1234")
    with pytest.raises(ValueError, match="4 bytes instead of 8"):
        clock.now()


def test_pacing_waits_on_the_real_clock_only(tmp_path: Path) -> None:
    began = time.monotonic()
    HostClock(tmp_path / "clock").pace(60)
    assert time.monotonic() - began < 30  # half of what a wait would take: no test fails of a busy machine
    HostClock().pace(0.02)
    assert time.monotonic() - began >= 0.02
    HostClock().pace(-1)
