"""Timers and the virtual clock: days pass in a moment, and everything happens at its time."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from tests.e2e.host.process import RunningHost, running, wait_for

START = "virtual=2026-03-13T08:58:30Z"


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    file = tmp_path / "notes"
    file.touch()
    return file


def ticking(tmp_path: Path, notes: Path, clock: str, schedule: str = "0 */20 * * * *"):  # type: ignore[no-untyped-def]
    return running("ticking", tmp_path / "state", "--clock", clock, TICKING_NOTES=str(notes), TICKING_SCHEDULE=schedule)


def lines(notes: Path) -> list[str]:
    return notes.read_text().splitlines()


def run_until(host: RunningHost, until: str) -> None:
    host.set_clock(mode="run", until=until)
    wait_for(lambda: True if host.clock()["mode"] == "hold" else None)
    assert host.clock()["now"] == until


def test_the_clock_stands_still_while_nothing_waits(tmp_path: Path, notes: Path) -> None:
    with ticking(tmp_path, notes, START) as host:
        wait_for(lambda: lines(notes) or None)
        assert lines(notes) == ["hourly 08:58"]  # at start, because the function asks for it
        state = host.clock()
        assert (state["mode"], state["now"], state["until"]) == ("run", "2026-03-13T08:58:30Z", None)
        assert state["next"] == "2026-03-13T09:00:00Z"


def test_triggers_fire_at_their_times_up_to_the_time_asked_for(tmp_path: Path, notes: Path) -> None:
    with ticking(tmp_path, notes, START) as host:
        run_until(host, "2026-03-13T10:15:00Z")
        assert lines(notes) == [
            "hourly 08:58",
            "hourly 09:00",
            "minutely 09:00 on time",
            "minutely 09:20 on time",
            "failing 09:30",
            "minutely 09:40 on time",
            "hourly 10:00",
            "minutely 10:00 on time",
        ]
        assert host.logged("RuntimeError: every time")


def test_a_timer_of_an_instance_moves_the_clock_and_triggers_fire_on_the_way(tmp_path: Path, notes: Path) -> None:
    with ticking(tmp_path, notes, START) as host:
        host.manage("POST", "orchestrators/nap/long", json=45 * 60)
        woken = host.until("long", "Completed")
        assert datetime.fromisoformat(woken["output"]).strftime("%H:%M") == "09:43"
        assert lines(notes)[-2] == "minutely 09:40 on time"
        wall = int(lines(notes)[-1].split()[1]) / 1e9  # what another process reads from the file
        assert (
            datetime.fromtimestamp(wall, tz=datetime.fromisoformat(woken["output"]).tzinfo).strftime("%H:%M") == "09:43"
        )
        assert "minutely 10:00 on time" not in lines(notes)


def test_time_goes_on_where_the_last_host_stopped(tmp_path: Path, notes: Path) -> None:
    with ticking(tmp_path, notes, START) as host:
        run_until(host, "2026-03-13T09:10:00Z")
        host.kill()
    with ticking(tmp_path, notes, "virtual") as host:
        assert host.clock()["now"] == "2026-03-13T09:10:00Z"
        run_until(host, "2026-03-13T09:25:00Z")
        assert lines(notes).count("minutely 09:00 on time") == 1
        assert lines(notes).count("minutely 09:20 on time") == 1


def test_a_restart_jumps_over_no_trigger(tmp_path: Path, notes: Path) -> None:
    with ticking(tmp_path, notes, START) as host:
        host.set_clock(mode="hold")
        host.manage("POST", "orchestrators/nap/long", json=45 * 60)
        host.kill()
    with ticking(tmp_path, notes, "virtual") as host:
        host.until("long", "Completed")
        minutely = [line for line in lines(notes) if line.startswith("minutely")]
        assert minutely == [f"minutely 09:{minute} on time" for minute in ("00", "20", "40")]


def test_a_second_host_that_is_refused_does_not_touch_the_time_of_the_first(tmp_path: Path, notes: Path) -> None:
    with ticking(tmp_path, notes, START) as host:
        shown = (host.state / "clock").read_bytes()
        with pytest.raises(AssertionError, match="cannot start"), ticking(tmp_path, notes, "virtual=2030-01-01"):
            pass
        assert (host.state / "clock").read_bytes() == shown


def test_three_days_of_waiting_for_a_person_pass_at_once(tmp_path: Path) -> None:
    with running("patterns", tmp_path, "--clock", START) as host:
        host.set_clock(mode="hold")
        host.call("POST", "start/approval/asked")
        assert host.status("asked")["runtimeStatus"] in ("Pending", "Running")
        host.set_clock(mode="run")
        assert host.until("asked", "Completed")["output"]["at"].startswith("2026-03-16T08:58:30")


def test_a_monitor_looks_every_ten_virtual_minutes(tmp_path: Path) -> None:
    with running("patterns", tmp_path, "--clock", START) as host:
        host.call("POST", "start/watch/frost", {"hours": 6, "degrees": 3})
        result = host.until("frost", "Completed")["output"]
        assert (result["looks"], result["at"][11:16]) == (8, "10:08")


def test_two_runs_write_the_same_history(tmp_path: Path) -> None:
    histories = []
    for run in ("first", "second"):
        with running("patterns", tmp_path / run, "--clock", START) as host:
            host.call("POST", "start/watch/frost", {"hours": 6, "degrees": 3})
            host.until("frost", "Completed")
            shown = host.manage("GET", "instances/frost", params={"showHistory": "true", "showHistoryOutput": "true"})
            histories.append(shown.content)
    assert histories[0] == histories[1]


def test_missed_times_are_made_up_for_by_one_call_that_is_past_due(tmp_path: Path, notes: Path) -> None:
    with ticking(tmp_path, notes, START) as host:
        run_until(host, "2026-03-13T09:05:00Z")
        host.stop()
    # On the real clock of the next host months have gone by.
    with ticking(tmp_path, notes, "real") as host:
        wait_for(lambda: next((line for line in lines(notes) if "late" in line), None))
        assert host.stop() == 0
    assert len([line for line in lines(notes) if "late" in line]) == 1


def test_on_the_real_clock_triggers_fire_each_second(tmp_path: Path, notes: Path) -> None:
    with ticking(tmp_path, notes, "real", "* * * * * *"):
        wait_for(lambda: True if len([line for line in lines(notes) if line.startswith("minutely")]) >= 2 else None)


def test_the_clock_refuses_what_it_cannot_do_and_says_why(tmp_path: Path, notes: Path) -> None:
    refusals = {
        '{"mode": "jump"}': "mode: 'jump'",
        '{"mode": "run", "until": "noon"}': "until: 'noon' is not an ISO 8601 time",
        '{"mode": "run", "until": 7}': "until: 7",
        '{"mode": "run", "until": "9999-12-31T23:59:59-14:00"}': "until: '9999-12-31T23:59:59-14:00'",
        '{"mode": "run", "until": "2020-01-01T00:00:00Z"}': "until",
        '{"mode": "hold", "until": "2030-01-01T00:00:00Z"}': "until",
        "[]": "object",
        "{": "JSON",
        "[" * 100_000: "JSON",
    }
    with ticking(tmp_path, notes, START) as host:
        for asked, reason in refusals.items():
            refused = host.http.put("/admin/host/clock", content=asked)
            assert refused.status_code == 400
            assert reason in refused.json()["error"]
        assert host.clock()["mode"] == "run"


def test_the_real_clock_can_be_seen_but_not_set(web: RunningHost) -> None:
    assert web.clock()["mode"] == "real"
    assert web.http.put("/admin/host/clock", json={"mode": "hold"}).status_code == 409
    assert web.http.delete("/admin/host/clock").status_code == 405


@pytest.mark.parametrize(
    "header", [{"origin": "https://evil.example"}, {"host": "evil.example"}, {"x-forwarded-for": "203.0.113.9"}]
)
def test_web_pages_may_not_touch_the_clock(web: RunningHost, header: dict[str, str]) -> None:
    assert web.http.get("/admin/host/clock", headers=header).status_code == 403
