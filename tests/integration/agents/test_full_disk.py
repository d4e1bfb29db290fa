"""A real disk without room: what is not written is said, nothing is lost or doubled, and it goes on when there is room
again."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from functions.activities.step import step
from shared.agents import campaigns, schedule
from shared.domain.contact import Contact
from shared.domain.outcome import Done, Later, from_wire
from shared.ports import Ports

from .conftest import SCOPE, Hand, Walk

People = Callable[..., list[Contact]]
Walks = Callable[..., Walk]


class Disk:
    """A file system of its own at a folder, as large as it is told."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def make(self, kilobytes: int) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        _run("mount", "-t", "tmpfs", "-o", f"size={kilobytes}k,mode=700", "tmpfs", str(self._folder))

    def fill(self) -> None:
        """Leave room for next to nothing more."""
        found = os.statvfs(self._folder)
        self.resize((found.f_blocks - found.f_bfree) * found.f_frsize // 1024 + 8)

    def resize(self, kilobytes: int) -> None:
        _run("mount", "-o", f"remount,size={kilobytes}k", str(self._folder))


@pytest.fixture
def disk() -> Iterator[Callable[[Path], Disk]]:
    made: list[Path] = []

    def at(folder: Path, kilobytes: int = 64) -> Disk:
        disk = Disk(folder)
        try:
            disk.make(kilobytes)
        except (OSError, subprocess.CalledProcessError):
            if os.environ.get("CI"):
                raise
            pytest.skip("only root can make a file system")
        made.append(folder)
        return disk

    yield at
    for folder in made:
        _run("umount", "-l", str(folder))


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)


def test_the_outbox_without_room(
    walk: Walks, people: People, ports: Ports, hand: Hand, tmp_path: Path, disk: Callable[..., Disk]
) -> None:
    small = disk(tmp_path / "home" / "outbox", 128)
    people(60)
    spring = walk()
    spring.plan()
    for _ in range(6):
        outcome = spring.send()
        assert isinstance(outcome, Later)
        hand.set(max(hand.now(), outcome.at))
    assert outcome.why == "unreachable"
    assert str(spring.campaign.status_reason).endswith("outbox/local~main is full")
    found = campaigns.certificate(ports, SCOPE, spring.id)
    assert found.remaining + found.unknown > 30
    assert found.sent_once + found.remaining + found.unknown == 60
    assert found.failed == 0
    assert found.sent_once == len(spring.outbox(tmp_path))
    tries = [row.attempt for row in ports.ledger.of_shard(SCOPE, spring.id, 0)]
    assert max(tries) <= 5, "while nothing can be written nobody's tries are used up"

    small.resize(4096)
    spring.send_all()
    found = campaigns.certificate(ports, SCOPE, spring.id)
    assert (found.sent_once, found.sent_twice, found.unknown) == (60, 0, 0)
    mails = spring.outbox(tmp_path)
    assert len(mails) == 60
    assert all(b"Unsubscribe" in mail.read_bytes() for mail in mails)
    assert spring.campaign.status_reason is None


def test_files_without_room_hold_the_plan_up_and_lose_nothing(
    walk: Walks, people: People, ports: Ports, tmp_path: Path, disk: Callable[..., Disk]
) -> None:
    small = disk(tmp_path / "home" / "files", 12)
    people(400)
    spring = walk()
    spring.write()
    outcome = from_wire(step(schedule.run, spring.order))
    assert isinstance(outcome, Later)
    assert outcome.why == "disk_full"
    assert spring.campaign.status_reason == "waiting: the disk is full"

    small.resize(4096)
    spring.plan()
    assert spring.campaign.status_reason is None
    spring.send_all()
    assert campaigns.certificate(ports, SCOPE, spring.id).sent_once == 400


def test_the_plan_itself_without_room(
    walk: Walks, people: People, ports: Ports, tmp_path: Path, disk: Callable[..., Disk]
) -> None:
    small = disk(tmp_path / "home" / "files", 4096)
    people(400)
    spring = walk()
    spring.write()
    spring.approve()
    small.fill()
    assert from_wire(step(schedule.run, spring.order)).why == "disk_full"  # type: ignore[union-attr]
    small.resize(4096)
    assert isinstance(from_wire(step(schedule.run, spring.order)), Done)
    spring.send_all()
    assert campaigns.certificate(ports, SCOPE, spring.id).sent_once == 400
