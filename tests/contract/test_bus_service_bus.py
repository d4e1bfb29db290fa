"""What only a namespace over a wire can do: lose connections, forget settlements, be sent to by strangers."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest
from azure.servicebus import ServiceBusMessage

from shared.adapters._azure.service_bus import service_bus
from shared.adapters.bus.service_bus import ServiceBus
from shared.domain.connection import Connection
from shared.domain.scope import Scope
from shared.ports import BusMessage
from tests.servers import service_bus as broker

HERE = Scope("local", "main")
QUEUES = {
    "plain": broker.Settings(),
    "once": broker.Settings(duplicate_seconds=600),
    "hostile": broker.Settings(),
    "crowd": broker.Settings(duplicate_seconds=600),
}


@pytest.fixture(scope="module")
def server() -> Iterator[broker.ServiceBus]:
    with broker.ServiceBus(QUEUES) as server:
        yield server


@pytest.fixture(scope="module")
def client(server: broker.ServiceBus) -> Iterator[Any]:
    with service_bus(Connection(secret=server.connection_string)) as client:
        yield client


@pytest.fixture(scope="module")
def bus(server: broker.ServiceBus) -> Iterator[ServiceBus]:
    bus = ServiceBus(partial(service_bus, Connection(secret=server.connection_string)))
    yield bus
    bus.close()


def test_a_connection_that_is_lost_is_made_again_and_loses_no_message(
    server: broker.ServiceBus, bus: ServiceBus
) -> None:
    bus.send(HERE, "plain", [BusMessage("a", "deal.won", {})])
    server.lose_connections()
    bus.send(HERE, "plain", [BusMessage("b", "deal.won", {})])
    assert server.counts("plain") == (2, 0, 0, 0)


def test_a_replay_that_was_not_finished_sends_nothing_twice(server: broker.ServiceBus, bus: ServiceBus) -> None:
    bus.send(HERE, "once", [BusMessage("a", "deal.won", {"deal": "d1"})])
    server.bury("once")
    [dead] = bus.dead_letters(HERE, "once")
    server.forget_settlements("once/$DeadLetterQueue", 1)  # as if killed after the sending
    assert bus.replay(HERE, "once", [dead.number]) == [dead.number]
    assert server.counts("once") == (1, 0, 0, 1)
    assert bus.replay(HERE, "once", [dead.number]) == [dead.number]
    assert server.counts("once") == (1, 0, 0, 0)


def test_what_a_stranger_sent_neither_breaks_the_list_nor_counts_as_the_scopes(
    server: broker.ServiceBus, client: Any, bus: ServiceBus
) -> None:
    ours: dict[str | bytes, Any] = {"tenant": "local", "workspace": "main"}
    with client.get_queue_sender("hostile") as sender:
        sender.send_messages(
            [
                ServiceBusMessage("no JSON {", application_properties={**ours, "id": "x"}),
                ServiceBusMessage("[" * 100_000, application_properties={**ours, "id": "deep"}),
                ServiceBusMessage("{}", application_properties=ours),
                ServiceBusMessage("{}", application_properties={"tenant": 7, "workspace": 0.5, "id": True}),
                ServiceBusMessage(b"\xff"),
            ]
        )
    server.bury("hostile")
    found = bus.dead_letters(HERE, "hostile")
    assert [each.message.id for each in found] == ["x", "deep"]
    assert found[0].message.body == {"unreadable": "no JSON {"}
    assert bus.replay(HERE, "hostile", [each.number for each in found[:1]]) == [found[0].number]
    with client.get_queue_receiver("hostile") as receiver:
        [again] = receiver.peek_messages(1)
    assert str(again) == "no JSON {"


def test_many_threads_send_through_one_bus(server: broker.ServiceBus, bus: ServiceBus) -> None:
    def send(number: int) -> None:
        bus.send(HERE, "crowd", [BusMessage(f"m{number % 20}", "deal.won", {"n": number})])

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(send, range(40)))
    assert server.counts("crowd") == (20, 0, 0, 0)
