"""The two homes of the bus, each with a receiver: the embedded host with its app, and a broker of Service Bus."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from azure.servicebus import NEXT_AVAILABLE_SESSION

from shared.adapters._azure.service_bus import service_bus
from shared.adapters.bus.host import HostBus
from shared.adapters.bus.service_bus import ServiceBus
from shared.domain.connection import Connection
from shared.ports import Bus, BusMessage
from tests.e2e.host.process import RunningHost, running, wait_for
from tests.servers import service_bus as broker

SALES = "events/subscriptions/sales"
_DUPLICATES = broker.Settings(max_delivery_count=1, duplicate_seconds=600)
QUEUES = {"handoffs": _DUPLICATES, "ordered": broker.Settings(requires_session=True, max_delivery_count=1)}
TOPICS = {"events": {"sales": broker.Settings(rules=(broker.Rule({"label": "deal.won"}),)), "all": broker.Settings()}}
Received = tuple[str, BusMessage]
"""The scope, as a text, and the message."""


class BusHome(Protocol):
    """The port under test and what stands at the other end."""

    bus: Bus

    def take(self, source: str, count: int) -> list[Received]:
        """The next messages that a receiver gets."""
        ...

    def scheduled(self, source: str) -> int: ...

    @contextmanager
    def refusing(self, source: str, count: int) -> Iterator[None]:
        """What is sent in the block becomes dead letters, so many."""
        yield


def _received(properties: dict[str, Any], subject: str, session: str | None, body: str) -> Received:
    scope = f"{properties['tenant']}~{properties['workspace']}"
    own = session.removeprefix(f"{scope}~") if session else None
    return scope, BusMessage(properties["id"], subject, json.loads(body), own)


class OnHost:
    """The app `handing` receives, on the host's own queues."""

    def __init__(self, directory: Path, host: RunningHost) -> None:
        self._directory, self._host, self._taken = directory, host, dict[str, int]()
        self.bus: Bus = HostBus(str(host.http.base_url), host.state / "host.keys.json")

    def take(self, source: str, count: int) -> list[Received]:
        start = self._taken.get(source, 0)
        self._taken[source] = start + count
        found = wait_for(lambda: notes if len(notes := self._notes(source)) >= start + count else None)
        return [_received(n["properties"], n["subject"], n["session"], n["body"]) for n in found[start:]]

    def _notes(self, source: str) -> list[dict[str, Any]]:
        lines = (self._directory / "notes").read_text().splitlines()
        return [note for note in map(json.loads, lines) if note["source"] == source]

    def scheduled(self, source: str) -> int:
        return self._count(source, "scheduled")

    def _count(self, source: str, what: str) -> int:
        params = {"code": self._host.keys["master"]}
        queues = self._host.http.get("/admin/host/queues", params=params).raise_for_status().json()
        return int(next(queue[what] for queue in queues if queue["name"] == source))

    @contextmanager
    def refusing(self, source: str, count: int) -> Iterator[None]:
        refusing, before = self._directory / "refusing", self._count(source, "deadLettered")
        refusing.touch()
        yield
        wait_for(lambda: True if self._count(source, "deadLettered") == before + count else None)
        refusing.unlink()


class OnServiceBus:
    """The SDK receives, from the broker."""

    def __init__(self, server: broker.ServiceBus, client: Any) -> None:
        self._server, self._client, self._receivers = server, client, dict[str, Any]()
        self.bus: Bus = ServiceBus(partial(service_bus, Connection(secret=server.connection_string)))

    def take(self, source: str, count: int) -> list[Received]:
        if source == "ordered":  # a receiver holds one session
            with self._client.get_queue_receiver(source, session_id=NEXT_AVAILABLE_SESSION) as receiver:
                return _taken(receiver, count)
        if source not in self._receivers:
            topic, _, subscription = source.partition("/subscriptions/")
            make = self._client.get_subscription_receiver if subscription else self._client.get_queue_receiver
            self._receivers[source] = make(*filter(None, (topic, subscription)))
        return _taken(self._receivers[source], count)

    def scheduled(self, source: str) -> int:
        return self._server.counts(source)[2]

    @contextmanager
    def refusing(self, source: str, count: int) -> Iterator[None]:
        yield
        self._server.bury(source)
        assert self._server.counts(source)[3] == count

    def close(self) -> None:
        for receiver in self._receivers.values():
            receiver.close()


def _taken(receiver: Any, count: int) -> list[Received]:
    found: list[Received] = []
    while len(found) < count and (got := receiver.receive_messages(count - len(found), 5)):
        for letter in got:
            told = {name.decode(): value.decode() for name, value in letter.application_properties.items()}
            found.append(_received(told, letter.subject, letter.session_id, str(letter)))
            receiver.complete_message(letter)
    return found


@contextmanager
def on_host(directory: Path) -> Iterator[BusHome]:
    (directory / "notes").touch()
    env = {"BUS_NOTES": str(directory / "notes"), "REFUSING": str(directory / "refusing")}
    with running("handing", directory / "state", **env) as host:
        home = OnHost(directory, host)
        yield home
        home.bus.close()  # type: ignore[attr-defined]


@contextmanager
def on_service_bus() -> Iterator[BusHome]:
    with (
        broker.ServiceBus(QUEUES, TOPICS) as server,
        service_bus(Connection(secret=server.connection_string)) as client,
    ):
        home = OnServiceBus(server, client)
        yield home
        home.close()
        home.bus.close()  # type: ignore[attr-defined]
