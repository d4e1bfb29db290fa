from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from local.host.clock import RealClock, VirtualClock

START = datetime(2026, 3, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def clock(tmp_path: Path) -> VirtualClock:
    return VirtualClock(START, tmp_path / "state" / "clock")


def test_the_real_clock_is_the_machines_and_nothing_holds_it() -> None:
    clock = RealClock()
    with clock.open():
        before = clock.now()
        assert before.tzinfo is UTC
        assert clock.now() >= before
    assert clock.opened == 0


def test_it_starts_as_told_and_goes_on_from_its_file(tmp_path: Path) -> None:
    file = tmp_path / "clock"
    VirtualClock(START, file)
    assert VirtualClock(None, file).now() == START
    before = datetime.now(UTC)
    assert VirtualClock(None, tmp_path / "other").now() >= before
    (tmp_path / "killed as it was made").touch()
    assert VirtualClock(None, tmp_path / "killed as it was made").now() >= before


@given(st.timedeltas(timedelta(days=-80_000), timedelta(days=80_000)).map(lambda since: START + since))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_file_holds_eight_bytes_of_nanoseconds(tmp_path: Path, start: datetime) -> None:
    file = tmp_path / "clock"
    clock = VirtualClock(START, file)
    clock.restore(start)
    assert len(file.read_bytes()) == 8
    microseconds = int.from_bytes(file.read_bytes(), "little", signed=True) // 1000
    assert datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=microseconds) == start
    assert VirtualClock(None, file).now() == start


def test_it_does_not_jump_while_anything_is_open(clock: VirtualClock) -> None:
    with clock.open():
        clock.enter(2)
        assert not clock.jump(START + HOUR)
        clock.leave(2)
        assert not clock.jump(START + HOUR)
    assert clock.jump(START + HOUR)
    assert clock.now() == START + HOUR


def test_whoever_closes_last_wakes_the_engine(clock: VirtualClock) -> None:
    woken: list[datetime] = []
    clock.wake = lambda: woken.append(clock.now())
    with clock.open():
        with clock.open():
            pass
        assert woken == []
    assert len(woken) == 1


@pytest.mark.parametrize(
    ("timer", "trigger", "until", "stop"),
    [
        (None, None, None, None),
        (None, 1, None, None),
        (5, None, None, 5),
        (5, 3, None, 3),
        (5, 7, None, 5),
        (5, 0, None, None),
        (None, None, 4, 4),
        (None, 2, 4, 2),
        (9, 8, 4, 4),
    ],
)
def test_the_next_stop(
    clock: VirtualClock, timer: int | None, trigger: int | None, until: int | None, stop: int | None
) -> None:
    def at(hours: int | None) -> datetime | None:
        return None if hours is None else START + hours * HOUR

    clock.next_trigger = lambda: at(trigger)
    clock.set("hold")
    assert not clock.jump(at(timer))
    clock.set("run", at(until))
    assert clock.jump(at(timer)) is (stop is not None)
    assert clock.now() == START + (stop or 0) * HOUR


def test_at_the_time_it_was_to_run_to_it_holds(clock: VirtualClock) -> None:
    clock.set("run", START + HOUR)
    assert clock.jump(START + HOUR)
    assert clock.mode == "run"  # what is due at that time comes first
    assert not clock.jump(START + HOUR)
    assert (clock.mode, clock.until) == ("hold", None)
    assert not clock.jump(START + 2 * HOUR)


def test_what_is_set_while_it_looks_where_to_go_has_the_last_word(clock: VirtualClock) -> None:
    """The loop's thread may set it at any moment of a jump, which the engine's thread makes."""

    def until_two() -> None:
        clock.set("run", START + 2 * HOUR)

    clock.next_trigger = until_two
    assert not clock.jump(START + 5 * HOUR)
    assert clock.jump(START + 5 * HOUR)
    assert clock.now() == START + 2 * HOUR

    clock.next_trigger = lambda: clock.set("run")
    assert not clock.jump(None)
    assert (clock.mode, clock.until) == ("run", None)


def test_listeners_are_told(clock: VirtualClock) -> None:
    heard: list[str] = []
    clock.listen(lambda: heard.append("jump"))
    clock.tell()
    assert heard == ["jump"]
