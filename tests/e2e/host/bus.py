"""The sample app `bus` as a child process, and what a sender and the owner of its queues do."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2

from tests.e2e.host.process import RunningHost, running, wait_for


class BusHost:
    """A running host and the notes that its functions write."""

    def __init__(self, host: RunningHost, notes: Path) -> None:
        self.host, self._notes = host, notes

    def send(
        self, name: str, body: str | bytes, broker: dict[str, Any] | None = None, **headers: str
    ) -> httpx2.Response:
        sent = {"x-functions-key": self.host.keys["servicebus"], **headers}
        if broker is not None:
            sent["BrokerProperties"] = json.dumps(broker)
        return self.host.http.post(f"/{name}/messages", content=body, headers=sent)

    def give(self, name: str, body: str, broker: dict[str, Any] | None = None, **headers: str) -> None:
        response = self.send(name, body, broker, **headers)
        assert response.status_code == 201, response.text

    def give_batch(self, name: str, items: list[dict[str, Any]]) -> None:
        kind = {"content-type": "application/vnd.microsoft.servicebus.json"}
        assert self.send(name, json.dumps(items), None, **kind).status_code == 201

    def look(self, name: str = "", **params: Any) -> Any:
        """What the owner sees of all queues, or of one."""
        response = self.host.http.get(f"/admin/host/queues/{name}", params={"code": self.host.keys["master"], **params})
        assert response.status_code == 200, response.text
        return response.json()

    def counts(self, name: str) -> tuple[int, int, int, int]:
        found = next(queue for queue in self.look() if queue["name"] == name)
        return found["active"], found["locked"], found["scheduled"], found["deadLettered"]

    def notes(self) -> list[str]:
        return self._notes.read_text().splitlines()

    def noted(self, count: int) -> list[str]:
        """All notes, as soon as there are so many and nothing is left that could write more."""
        wait_for(lambda: self.notes() if len(self.notes()) >= count else None)
        self.settled()
        return self.notes()

    def settled(self) -> None:
        """Wait until no message is locked, dead letters included."""
        wait_for(lambda: None if any(map(self._is_busy, self.look())) else True)

    def _is_busy(self, queue: dict[str, Any]) -> bool:
        dead = self.look(f"{queue['name']}/$DeadLetterQueue") if queue["deadLettered"] else []
        return bool(queue["locked"]) or any(message["state"] == "locked" for message in dead)


@contextmanager
def bus_host(directory: Path, *flags: str) -> Iterator[BusHost]:
    notes = directory / "notes"
    notes.touch()
    env = {"BUS_NOTES": str(notes), "PLAIN_QUEUE": "plain"}
    with running("bus", directory / "state", *flags, **env) as host:
        yield BusHost(host, notes)
