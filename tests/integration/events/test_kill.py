"""kill -9 between the change and the last answer: every event reaches every webhook, and the bus, under one id each."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from azure.servicebus import ServiceBusClient

from shared.agents import events
from shared.agents.events.deliver import LEASE
from shared.domain.names import EVENTS, Kind
from tests.contract.cosmos_home import prepare
from tests.integration.events.homes import Homes
from tests.integration.generate.home import SCOPE
from tests.servers.cosmos import CosmosServer
from tests.servers.service_bus import ServiceBus, Settings

from .conftest import World, world_at

ROOT = Path(__file__).parents[3]
KILLED_AT = (3, 9, 16)
SUBSCRIPTION = f"{EVENTS}/Subscriptions/crm"


def child(world: World, moment: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.integration.events.tell_child", str(world.file.parent)]
    return subprocess.run(
        [*command, str(world.endpoint.port), str(moment), json.dumps(world.homes)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_no_event_is_lost_wherever_whoever_tells_it_is_killed(world: World) -> None:
    hooks = [world.subscribe("/a"), world.subscribe("/b", events=["task.completed"])]
    tasks = [world.happens().id, world.happens().id, world.happens("failed").id]
    for call in KILLED_AT:
        assert child(world, call).returncode == -9
        world.wait(seconds=(LEASE.total_seconds() + 1))  # what was claimed is free again
    done = child(world, "never")
    assert (done.returncode, done.stdout) == (0, "lived\n"), done.stderr
    for hook, wanted in zip(hooks, (tasks, tasks[:2]), strict=True):
        assert {each.state for each in world.deliveries(hook)} == {"delivered"}
        path = hook.url.rpartition("/")[2]
        arrived = {
            each.headers["webhook-id"]: json.loads(each.body)["data"]["task"]
            for each in world.endpoint.asked
            if each.path == f"/{path}"
        }
        assert sorted(arrived.values()) == sorted(wanted)


@pytest.mark.long
def test_no_event_is_lost_on_its_way_to_service_bus_and_its_message_id_tells_it_from_a_repeat(tmp_path: Path) -> None:
    topics = {EVENTS: {"": Settings(duplicate_seconds=600), "crm": Settings()}}
    with CosmosServer() as cosmos, ServiceBus({}, topics) as bus:
        homes = Homes(prepare(cosmos).secret, bus.connection_string)
        with world_at(tmp_path, homes) as world:
            world.happens(), world.happens("failed")
            assert child(world, "sending").returncode == -9
            assert child(world, "sent").returncode == -9
            assert (states(world), bus.counts(SUBSCRIPTION)[0]) == ({"routed": 2}, 2), "on the bus, and nobody knows"
            world.happens()
            assert child(world, "sent").returncode == -9
            done = child(world, "never")
            assert (done.returncode, done.stdout) == (0, "lived\n"), done.stderr
            told, _ = events.listing(world.ports, SCOPE, None, 10)
            assert states(world) == {"told": 3}
        assert sorted(received(bus, 3)) == sorted(f"{SCOPE}~{event.id}" for event in told)
        assert bus.counts(SUBSCRIPTION) == (0, 0, 0, 0)


def states(world: World) -> Counter[str]:
    return Counter(each.body["state"] for each in world.ports.documents.find(SCOPE, Kind.EVENT).documents)


def received(bus: ServiceBus, count: int) -> list[str]:
    """The ids of so many messages."""
    with (
        ServiceBusClient.from_connection_string(bus.connection_string) as client,
        client.get_subscription_receiver(EVENTS, "crm") as receiver,
    ):
        found = list[str]()
        while len(found) < count and (taken := receiver.receive_messages(count, 20)):
            for each in taken:
                receiver.complete_message(each)
                found.append(str(each.message_id))
        return found
