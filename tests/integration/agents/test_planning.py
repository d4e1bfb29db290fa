"""A plan whose making broke off: nobody is lost, nobody is uncounted, and nothing leaves that was stopped."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from shared.agents import campaigns, schedule
from shared.agents.campaigns import manifest
from shared.domain.contact import Contact
from shared.domain.outcome import Done
from shared.domain.scope import Scope
from shared.ports import PlannedRow, Ports

from .conftest import SCOPE, Walk

People = Callable[..., list[Contact]]
Walks = Callable[..., Walk]
WINDOW = {"days": 3, "hours": [0, 24]}


class Dying:
    """A ledger under a process that dies after a number of planned shards."""

    def __init__(self, ledger: Any, shards: int) -> None:
        self._ledger, self._left = ledger, shards

    def plan(self, scope: Scope, campaign: str, shard: int, rows: Sequence[PlannedRow]) -> None:
        if not self._left:
            raise KeyboardInterrupt
        self._left -= 1
        self._ledger.plan(scope, campaign, shard, rows)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._ledger, name)


def broken_off(walk: Walks, people: People, ports: Ports, shards: int) -> tuple[Walk, int]:
    """A campaign for thirty whose planning died after so many shards, and how many rows there are by then."""
    people(30)
    spring = walk(window=WINDOW)
    spring.write()
    spring.approve()
    with pytest.raises(KeyboardInterrupt):
        schedule.run(replace(ports, ledger=Dying(ports.ledger, shards)), spring.order)
    return spring, ports.ledger.tally(SCOPE, spring.id)["planned"]


@pytest.mark.parametrize("shards", [0, 1, 2])
def test_cancelled_after_its_planning_broke_off_everyone_is_held_and_counted(
    walk: Walks, people: People, ports: Ports, tmp_path: Path, shards: int
) -> None:
    spring, _ = broken_off(walk, people, ports, shards)
    campaigns.cancel(ports, SCOPE, spring.id, "ann")
    planned = spring.schedule()
    assert isinstance(planned, Done)
    assert planned.data["distributions"] == 3
    spring.send_all()
    certificate = campaigns.certificate(ports, SCOPE, spring.id)
    assert (certificate.planned, certificate.held) == (30, {"cancelled": 30})
    assert spring.outbox(tmp_path) == []
    assert spring.campaign.status == "cancelled"


@pytest.mark.parametrize("shards", [1, 2])
def test_the_certificate_counts_the_rows_of_half_a_plan(walk: Walks, people: People, ports: Ports, shards: int) -> None:
    spring, there = broken_off(walk, people, ports, shards)
    assert 0 < there < 30
    assert campaigns.certificate(ports, SCOPE, spring.id).remaining == there
    campaigns.fail(ports, SCOPE, spring.id, "the disk was full")
    assert spring.schedule() == Done({"next": "end"})
    certificate = campaigns.certificate(ports, SCOPE, spring.id)
    assert (certificate.planned, certificate.remaining) == (there, there)


def test_a_plan_that_broke_off_is_completed_as_it_was_begun(walk: Walks, people: People, ports: Ports) -> None:
    spring, _ = broken_off(walk, people, ports, 1)
    before = manifest.read(ports, SCOPE, spring.id)
    people(5, prefix="later")
    spring.hand.forward(hours=2)
    assert isinstance(spring.schedule(), Done)
    assert manifest.read(ports, SCOPE, spring.id) == before
    assert ports.ledger.tally(SCOPE, spring.id)["planned"] == 30


def test_cancelled_before_anything_was_planned_there_is_nothing_to_hold(
    walk: Walks, people: People, ports: Ports
) -> None:
    people(3)
    spring = walk()
    spring.write()
    spring.approve()
    campaigns.cancel(ports, SCOPE, spring.id, "ann")
    assert spring.schedule() == Done({"next": "end"})
    assert campaigns.certificate(ports, SCOPE, spring.id).planned == 0
