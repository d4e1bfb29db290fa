"""A host whose connection is configured: its triggers receive from Service Bus, its output bindings send there."""

from __future__ import annotations

import json
import random
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from azure.servicebus import ServiceBusClient, ServiceBusMessage

from tests.e2e.host.process import RunningHost, running, wait_for
from tests.servers.service_bus import Rule, ServiceBus, Settings

pytestmark = pytest.mark.long  # most of it is waiting for the SDK, which rests between its steps

QUEUES = {name: Settings() for name in ("plain", "many", "stuck", "steps", "done", "fading", "fleeting", "starts")} | {
    "poison": Settings(max_delivery_count=3),
    "hasty": Settings(lock_seconds=2),
    "ordered": Settings(requires_session=True),
    "once": Settings(duplicate_seconds=600),
}
TOPICS = {"leads": {"warm": Settings(rules=(Rule({"label": "warm"}),)), "all": Settings()}}


class Sender:
    """Sends through the SDK; a sender is kept for each queue or topic."""

    def __init__(self, client: ServiceBusClient) -> None:
        self._client, self._made = client, dict[str, Any]()

    def send(self, name: str, *bodies: str, **details: Any) -> None:
        made = self._made.get(name) or self._made.setdefault(name, self._client.get_queue_sender(name))
        made.send_messages([ServiceBusMessage(body, **details) for body in bodies])

    def close(self) -> None:
        for made in self._made.values():
            made.close()


@contextmanager
def sending(broker: ServiceBus) -> Iterator[Sender]:
    with ServiceBusClient.from_connection_string(broker.connection_string) as client:
        sender = Sender(client)
        yield sender
        sender.close()


class Served:
    """A host of an app, with what its functions note."""

    def __init__(self, broker: ServiceBus, sender: Sender, host: RunningHost, notes: Path) -> None:
        self.broker, self.send, self.host, self._notes = broker, sender.send, host, notes

    def notes(self, first_word: str) -> list[str]:
        return [line for line in self._notes.read_text().splitlines() if line.split()[0] == first_word]

    def noted(self, first_word: str, count: int) -> list[str]:
        return wait_for(lambda: found if len(found := self.notes(first_word)) >= count else None)

    def empty(self, name: str, dead: int = 0) -> None:
        wait_for(lambda: True if self.broker.counts(name) == (0, 0, 0, dead) else None)


def completed(host: RunningHost, instance: str) -> dict[str, Any]:
    """The instance, which a message is yet to start."""
    return wait_for(lambda: found if (found := host.status(instance)).get("runtimeStatus") == "Completed" else None)


@contextmanager
def host_of(app: str, broker: ServiceBus, directory: Path) -> Iterator[tuple[RunningHost, Path]]:
    notes = directory / "notes"
    notes.touch()
    env = {
        "BUS_NOTES": str(notes),
        "HOLDING": str(directory / "holding"),
        "PLAIN_QUEUE": "plain",
        "ServiceBusConnection": broker.connection_string,
    }
    with running(app, directory / "state", **env) as host:
        yield host, notes


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with (
        ServiceBus(QUEUES, TOPICS) as broker,
        sending(broker) as sender,
        host_of("bus", broker, tmp_path_factory.mktemp("served")) as (host, notes),
    ):
        yield Served(broker, sender, host, notes)


def test_a_function_gets_all_that_the_sender_said_and_settles_it(served: Served) -> None:
    properties = {"n": 7, "word": "é", "yes": True}
    details = {"message_id": "m", "correlation_id": "c", "content_type": "text/plain", "to": "you", "reply_to": "me"}
    served.send("plain", "hello", subject="greeting", application_properties=properties, **details)
    [line] = served.noted('{"body":', 1)
    told = json.loads(line)
    assert (told["body"], told["id"], told["correlation"], told["type"]) == ("hello", "m", "c", "text/plain")
    assert (told["subject"], told["to"], told["reply"], told["count"]) == ("greeting", "you", "me", 1)
    assert (told["properties"], told["locked"]) == (properties, True)
    served.empty("plain")


def test_many_messages_come_as_lists(served: Served) -> None:
    served.send("many", *map(str, range(12)), application_properties={"n": 1})
    wait_for(lambda: True if sum(len(line.split()) - 1 for line in served.notes("many")) == 12 else None)
    words = [word for line in served.notes("many") for word in line.split()[1:]]
    assert words == [f"{n}/1" for n in range(12)]
    assert max(len(line.split()) - 1 for line in served.notes("many")) <= 5  # as host.json says
    served.empty("many")


def test_what_always_fails_is_a_dead_letter_and_its_trigger_gets_it(served: Served) -> None:
    served.send("poison", "bad")
    assert len(served.noted("poison", 3)) == 3
    assert served.noted("buried", 6)[-1] == "buried bad MaxDeliveryCountExceeded poison"
    served.empty("poison")


def test_a_lock_is_renewed_while_the_function_runs(served: Served) -> None:
    served.send("hasty", "3")  # seconds: longer than the lock, shorter than maxAutoLockRenewalDuration and a lock
    served.noted("hasty", 1)
    served.empty("hasty")
    assert served.notes("hasty") == ["hasty 3 1"]


def test_a_session_is_served_in_order_one_message_after_the_other(served: Served) -> None:
    for number in range(3):
        for session in ("a", "b"):
            served.send("ordered", str(number), session_id=session)
    served.noted("end", 6)
    lines = [line.split() for line in [*served.notes("begin"), *served.notes("end")]]
    for session in ("a", "b"):
        assert [number for _, of, number in lines if of == session] == ["0", "1", "2"] * 2
    served.empty("ordered")


def test_what_a_function_sends_goes_to_the_namespace_unless_it_fails(served: Served) -> None:
    before = len(served.notes('{"body":'))
    served.send("steps", "told")
    assert served.noted("all", 1) == ["all from a function"]
    assert served.notes("warm") == []
    wait_for(lambda: True if served.broker.counts("done")[0] == 1 else None)
    assert served.host.http.post("/api/out", content=b"by http").status_code == 200
    assert json.loads(served.noted('{"body":', before + 1)[-1])["body"] == "by http"
    queues = served.host.http.get("/admin/host/queues", params={"code": served.host.keys["master"]}).json()
    assert "plain" not in {queue["name"] for queue in queues}  # the host has none of its own


def test_a_message_starts_an_orchestration_whose_activities_send(served: Served) -> None:
    before = served.broker.counts("done")[0]
    served.send("starts", "word", message_id="i-1")
    assert completed(served.host, "i-1")["output"] == "word!!"
    wait_for(lambda: True if served.broker.counts("done")[0] == before + 2 else None)


def test_after_a_lost_connection_it_goes_on(served: Served) -> None:
    before = len(served.notes('{"body":'))
    served.broker.lose_connections()
    served.send("plain", "after all")
    assert json.loads(served.noted('{"body":', before + 1)[-1])["body"] == "after all"


def test_a_host_that_is_killed_in_the_middle_handles_each_message_once(tmp_path: Path) -> None:
    held, more = [f"held-{n}" for n in range(4)], [f"more-{n}" for n in range(20)]
    with ServiceBus({"handoffs": Settings(lock_seconds=1, max_delivery_count=50)}) as broker, sending(broker) as sender:
        holding = tmp_path / "holding"
        holding.touch()
        with host_of("accepting", broker, tmp_path) as (host, _):
            sender.send("handoffs", *held)
            for handoff in held:
                completed(host, f"handoff~{handoff}")
            assert broker.counts("handoffs") == (0, 4, 0, 0)  # nothing is settled yet
            host.kill()
        holding.unlink()
        with host_of("accepting", broker, tmp_path) as (host, notes):
            sender.send("handoffs", *more)
            wait_for(lambda: True if "more-" in notes.read_text() else None)
            threading.Event().wait(random.Random(7).uniform(0, 0.3))  # anywhere in the middle of them
            host.kill()
        with host_of("accepting", broker, tmp_path) as (host, notes):
            wait_for(lambda: True if broker.counts("handoffs") == (0, 0, 0, 0) else None)
            for handoff in more:
                completed(host, f"handoff~{handoff}")
            broker.forget_settlements("handoffs", 2)
            sender.send("handoffs", "twice")
            wait_for(lambda: True if notes.read_text().count("accepted twice") == 3 else None)
            wait_for(lambda: True if broker.counts("handoffs") == (0, 0, 0, 0) else None)
            assert host.stop() == 0
        counted = Counter(notes.read_text().splitlines())
    assert all(counted[f"accepted {each}"] >= 2 for each in held)
    assert [counted[f"worked {each}"] for each in [*held, "twice"]] == [1] * 5
    assert all(counted[f"worked {each}"] >= 1 for each in more)  # an activity may be killed, too
