"""The bus on the virtual clock: schedules, lifetimes and windows pass in a moment, and nothing is jumped over."""

from __future__ import annotations

import json
from pathlib import Path

from tests.e2e.host.bus import BusHost, bus_host
from tests.e2e.host.process import wait_for

START = "virtual=2026-03-13T09:00:00Z"


def run_until(bus: BusHost, until: str) -> None:
    bus.host.set_clock(mode="run", until=until)
    wait_for(lambda: True if bus.host.clock()["mode"] == "hold" else None)
    assert bus.host.clock()["now"] == until


def test_a_scheduled_message_moves_the_clock_to_its_time_and_not_beyond(tmp_path: Path) -> None:
    with bus_host(tmp_path, "--clock", START) as bus:
        bus.host.set_clock(mode="hold")
        bus.give("plain", "later", {"ScheduledEnqueueTimeUtc": "Fri, 13 Mar 2026 18:00:00 GMT", "MessageId": "late"})
        bus.give("plain", "sooner", {"ScheduledEnqueueTimeUtc": "2026-03-13T12:00:00Z"})
        assert bus.counts("plain") == (0, 0, 2, 0)
        assert bus.notes() == []
        bus.host.set_clock(mode="run")
        notes = [json.loads(note) for note in bus.noted(2)]
        assert [(note["body"], note["enqueued"]) for note in notes] == [
            ("sooner", "2026-03-13T12:00:00+00:00"),
            ("later", "2026-03-13T18:00:00+00:00"),
        ]
        assert notes[1]["id"] == "late"
        assert bus.host.clock()["now"] == "2026-03-13T18:00:00Z"


def test_scheduled_messages_survive_a_kill(tmp_path: Path) -> None:
    with bus_host(tmp_path, "--clock", START) as bus:
        bus.host.set_clock(mode="hold")
        bus.give("plain", "tomorrow", {"ScheduledEnqueueTimeUtc": "2026-03-14T09:00:00Z"})
        bus.host.kill()
    with bus_host(tmp_path, "--clock", "virtual") as bus:
        assert json.loads(bus.noted(1)[0])["enqueued"] == "2026-03-14T09:00:00+00:00"


def test_the_clock_stands_still_while_a_message_is_open(tmp_path: Path) -> None:
    with bus_host(tmp_path, "--clock", START) as bus:
        bus.host.set_clock(mode="hold")
        bus.give("hasty", "0.5")
        bus.give("plain", "behind", {"ScheduledEnqueueTimeUtc": "2026-03-13T10:00:00Z"})
        bus.host.set_clock(mode="run")
        wait_for(lambda: bus.notes() or None)
        if bus.counts("hasty")[1]:  # it still runs
            assert bus.host.clock()["now"] == "2026-03-13T09:00:00Z"
        notes = bus.noted(2)
        assert notes[0] == "hasty 0.5 1"
        assert json.loads(notes[1])["body"] == "behind"
        assert [note for note in notes if note.startswith("hasty")] == ["hasty 0.5 1"]


def test_what_is_not_taken_in_its_time_dies_or_goes(tmp_path: Path) -> None:
    with bus_host(tmp_path, "--clock", START) as bus:
        bus.give("fading", "by the queue", {"TimeToLive": 3600})
        bus.give("fading", "by itself", {"TimeToLive": 30})
        bus.give("fleeting", "gone")
        assert bus.host.clock()["now"] == "2026-03-13T09:00:00Z"  # what only expires does not move the clock
        run_until(bus, "2026-03-13T09:00:30Z")
        assert (bus.counts("fading"), bus.counts("fleeting")) == ((1, 0, 0, 1), (1, 0, 0, 0))
        run_until(bus, "2026-03-13T09:01:00Z")
        assert (bus.counts("fading"), bus.counts("fleeting")) == ((0, 0, 0, 2), (0, 0, 0, 0))
        dead = bus.look("fading/$deadletterqueue")
        assert [(message["body"], message["deadLetterReason"]) for message in dead] == [
            ("by the queue", "TTLExpiredException"),
            ("by itself", "TTLExpiredException"),
        ]


def test_a_message_id_may_come_again_after_the_window(tmp_path: Path) -> None:
    with bus_host(tmp_path, "--clock", START) as bus:
        bus.give("once", "first", {"MessageId": "same"})
        run_until(bus, "2026-03-13T09:09:59Z")
        bus.give("once", "too soon", {"MessageId": "same"})
        run_until(bus, "2026-03-13T09:10:00Z")
        bus.give("once", "after", {"MessageId": "same"})
        assert bus.noted(2) == ["once first same", "once after same"]
