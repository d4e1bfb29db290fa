"""100,000 activities, and 100,000 messages, that wait at once: on the disk, while the host goes on answering.

Each carries 2,000 bytes, so all of them 200 MB. A host that held them in memory would grow by more than that, whatever
else it needs; these tests let it grow by less, at its highest. What does stay in memory is what the SDK keeps of every
step that an orchestrator has asked for (about half a KB), and one transaction.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

from tests.e2e.host.process import RunningHost, running, wait_for

CROWD, LUGGAGE = 100_000, 2_000
CROWDS = 20  # orchestrations, of 5,000 activities each
BOUND = 160  # MB; the luggage alone is 200
LONG = 300  # seconds; for machines that are busy

pytestmark = pytest.mark.long
memory_is_told = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read from /proc")


class Visitor:
    """Asks again and again how many have passed, and notes each answer."""

    def __init__(self, host: RunningHost) -> None:
        self._host = host
        self._leaves = threading.Event()
        self._pool = ThreadPoolExecutor(1)
        self.statuses: set[int] = set()
        self.seen: list[int] = []

    def __enter__(self) -> Visitor:
        self._walk = self._pool.submit(self._ask)
        return self

    def __exit__(self, *_: object) -> None:
        self._leaves.set()
        self._walk.result()
        self._pool.shutdown()

    def _ask(self) -> None:
        with httpx2.Client(base_url=self._host.http.base_url, timeout=60) as client:
            while not self._leaves.wait(0.02):
                response = client.get("/api/passed")
                self.statuses.add(response.status_code)
                self.seen.append(int(response.text))

    @property
    def last(self) -> int:
        if self._walk.done():
            self._walk.result()  # raises what stopped it
        return self.seen[-1] if self.seen else 0


@contextmanager
def crowded(state: Path, passing: int) -> Iterator[tuple[RunningHost, Visitor]]:
    """A host before whose gate everybody stands, and its visitor; then that it answered until so many had passed."""
    with running("crowd", state) as host, Visitor(host) as visitor:
        yield host, visitor
        wait_for(lambda: True if visitor.last >= passing else None, LONG)
    assert visitor.statuses == {200}
    assert visitor.seen == sorted(visitor.seen)
    # Answers came between the steps of the run, not only before and after it.
    assert len(set(visitor.seen)) > 20


def megabytes(host: RunningHost, of: str) -> float:
    lines = Path(f"/proc/{host.process.pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(of))


@pytest.mark.nightly  # tests/integration/host/test_recovery.py has a crowd beyond the memory's window in CI
@memory_is_told
@pytest.mark.skipif("off" in os.environ.get("HOST_FLAGS", ""), reason="each turn would replay 5,000 steps")
def test_a_hundred_thousand_activities_wait_on_the_disk(tmp_path: Path) -> None:
    with crowded(tmp_path, CROWD) as (host, visitor):
        before = megabytes(host, "VmRSS")
        asked = {"people": CROWD // CROWDS, "luggage": LUGGAGE}
        ids = [host.call("POST", "crowds", asked)["id"] for _ in range(CROWDS)]
        for id_ in ids:
            host.until(id_, "Running")
        assert visitor.last == 0
        host.http.post("/api/gate").raise_for_status()
        outputs = [wait_for(lambda id_=id_: completed(host, id_), LONG) for id_ in ids]
        assert outputs == [sum(range(CROWD // CROWDS))] * CROWDS
        assert megabytes(host, "VmHWM") - before < BOUND


def completed(host: RunningHost, id_: str) -> int | None:
    status = host.status(id_)
    assert status["runtimeStatus"] in ("Running", "Completed"), status
    return int(status["output"]) if status["runtimeStatus"] == "Completed" else None


@memory_is_told
def test_a_hundred_thousand_messages_wait_on_the_disk(tmp_path: Path) -> None:
    with crowded(tmp_path, 5_000) as (host, visitor):
        before = megabytes(host, "VmRSS")
        give(host, 500)
        assert waiting(host) == CROWD
        assert visitor.last == 0
        host.http.post("/api/gate").raise_for_status()
        # Not until the queue is empty: with a COMMIT for each receipt and each settlement that takes minutes.
        wait_for(lambda: True if visitor.last >= 5_000 else None, LONG)
        assert megabytes(host, "VmHWM") - before < BOUND


def give(host: RunningHost, at_once: int) -> None:
    batch = json.dumps([{"Body": "x" * LUGGAGE}] * at_once)
    headers = {"x-functions-key": host.keys["servicebus"], "content-type": "application/vnd.microsoft.servicebus.json"}
    for _ in range(CROWD // at_once):
        host.http.post("/arrivals/messages", content=batch, headers=headers).raise_for_status()


def waiting(host: RunningHost) -> int:
    [queue] = host.http.get("/admin/host/queues", params={"code": host.keys["master"]}).json()
    return int(queue["active"] + queue["locked"] + queue["deadLettered"])
