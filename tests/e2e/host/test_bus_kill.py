"""kill -9 at random moments, and more messages than memory should hold."""

from __future__ import annotations

import random
import threading
from collections import Counter
from pathlib import Path

import httpx2
import pytest

from tests.e2e.host.bus import BusHost, bus_host
from tests.e2e.host.process import wait_for

KILLS = 6  # fewer than the deliveries after which a message is dead


def send_until_killed(bus: BusHost, life: int, acknowledged: set[str], sent: set[str]) -> None:
    for number in range(100_000):
        body = f"{life}-{number}"
        sent.add(body)
        try:
            if bus.send("steps", body, {"Label": "x"}).status_code == 201:
                acknowledged.add(body)
        except httpx2.TransportError:
            return


@pytest.mark.parametrize("seed", [7])
def test_no_kill_loses_an_acknowledged_message_or_settles_one_twice(tmp_path: Path, seed: int) -> None:
    chance, pause = random.Random(seed), threading.Event()
    acknowledged: set[str] = set()
    sent: set[str] = set()
    for life in range(KILLS):
        with bus_host(tmp_path) as bus:
            sender = threading.Thread(target=send_until_killed, args=(bus, life, acknowledged, sent))
            sender.start()
            pause.wait(chance.uniform(0.05, 0.5))
            bus.host.process.kill()
            sender.join()
    with bus_host(tmp_path) as bus:
        wait_for(lambda: True if bus.counts("steps")[:3] == (0, 0, 0) else None)
        assert bus.counts("steps")[3] == 0
        done = Counter(message["body"] for message in all_messages(bus, "done"))
    assert len(acknowledged) > KILLS
    assert acknowledged <= set(done) <= sent
    # The function may have run twice; what it sent went out with the one settlement.
    assert set(done.values()) == {1}


def all_messages(bus: BusHost, name: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    after = 0
    while page := bus.look(name, after=after, limit=1000):
        found += page
        after = page[-1]["sequenceNumber"]
    return found


def resident_megabytes(bus: BusHost) -> float:
    lines = Path(f"/proc/{bus.host.process.pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))


def test_a_long_queue_waits_on_the_disk(tmp_path: Path) -> None:
    body = "x" * 4096
    with bus_host(tmp_path) as bus:
        for _ in range(4):  # as many as are called at once
            bus.give("stuck", "x")
        before = resident_megabytes(bus)
        for _ in range(40):
            bus.give_batch("stuck", [{"Body": body}] * 500)
        assert bus.counts("stuck") == (20_000, 4, 0, 0)
        assert resident_megabytes(bus) - before < 40  # of the 80 that were sent
        assert bus.host.http.get("/api/resting").elapsed.total_seconds() < 20
