"""The sweep looks when something changed, when something is due, and every half hour; else it rests."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from functions.rounds import Rounds
from shared.adapters.bus.host import HostBus
from shared.domain.names import Kind
from shared.domain.scope import Scope
from shared.telemetry import SILENT
from tests.integration.generate.home import SCOPE
from tests.servers.provider import Reply, Twist

from .conftest import World


class Sweeper:
    """The sweeps of one process. No flow is under way there, so nothing is asked of the runtime: there is none."""

    def __init__(self, world: World) -> None:
        self._world, self._rounds, self._none = world, Rounds(), None
        self.hook = world.subscribe()

    def looks(self, **time: float) -> bool:
        """After so much time."""
        self._world.wait(**time)
        return asyncio.run(self._rounds.go(self._none, self._world.ports, SILENT))  # type: ignore[arg-type]

    def comes_to_rest(self) -> None:
        """It looks once more where its own look changed something; never for ever."""
        assert not [self.looks(seconds=1) for _ in range(3)][-1]


@pytest.fixture
def sweeper(world: World) -> Sweeper:
    return Sweeper(world)


def test_while_nothing_changes_it_rests_for_half_an_hour(sweeper: Sweeper) -> None:
    assert sweeper.looks()
    sweeper.comes_to_rest()
    assert [sweeper.looks(minutes=5) for _ in range(7)] == [False] * 5 + [True, False]


def test_whatever_changes_in_any_workspace_makes_it_look(sweeper: Sweeper, world: World) -> None:
    sweeper.looks()
    sweeper.comes_to_rest()
    world.happens()
    assert sweeper.looks()
    assert [each.state for each in world.deliveries(sweeper.hook)] == ["delivered"]
    sweeper.comes_to_rest()
    world.ports.documents.put(SCOPE.agency, Kind.SCOPE, "other", {"workspace": "other"})
    assert sweeper.looks(), "a workspace that is new"
    sweeper.comes_to_rest()
    world.ports.documents.put(Scope(SCOPE.tenant, "other"), Kind.CONTACT, "c1", {"email": "ann@people.example"})
    assert sweeper.looks()


def test_another_process_looks_although_the_changes_were_read(sweeper: Sweeper, world: World) -> None:
    other = Sweeper(world)
    assert sweeper.looks()
    assert other.looks()
    sweeper.comes_to_rest()
    other.comes_to_rest()
    world.happens()
    assert sweeper.looks()
    assert other.looks(), "what one has read, the other has not looked after"


def test_a_delivery_that_is_tried_again_ends_the_rest(sweeper: Sweeper, world: World) -> None:
    sweeper.looks()
    world.endpoint.script.append(Twist(take=False, reply=Reply(503)))
    world.happens()
    assert sweeper.looks()
    due = world.one(sweeper.hook).next_at
    sweeper.comes_to_rest()
    world.set(due)
    assert sweeper.looks()
    assert world.one(sweeper.hook).tries == 2


def test_it_does_not_rest_while_an_event_is_not_told(sweeper: Sweeper, world: World, tmp_path: Path) -> None:
    world.ports = replace(world.ports, bus=HostBus("http://127.0.0.1:9", tmp_path / "no.keys"))
    world.happens()
    assert all(sweeper.looks(minutes=1) for _ in range(4))
    world.ports = replace(world.ports, bus=None)
    assert sweeper.looks()
    sweeper.comes_to_rest()
