"""The same over AMQP: commands from a Service Bus namespace, events on its topic."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from azure.servicebus import ServiceBusClient, ServiceBusMessage

from shared.domain.scope import Scope
from tests.e2e.campaign.baton import Baton
from tests.e2e.host.process import wait_for
from tests.servers.service_bus import ServiceBus, Settings

pytestmark = pytest.mark.long  # most of it is waiting for the SDK, which rests between its steps

SCOPE = Scope("local", "main")
WORK = {"agent": "analyst", "title": "March", "instructions": "What went well?"}


@pytest.fixture
def broker() -> Iterator[ServiceBus]:
    with ServiceBus({"commands": Settings(max_delivery_count=5)}, {"events": {"crm": Settings()}}) as broker:
        yield broker


@pytest.fixture
def client(broker: ServiceBus) -> Iterator[ServiceBusClient]:
    with ServiceBusClient.from_connection_string(broker.connection_string) as client:
        yield client


@pytest.fixture
def baton(tmp_path: Path, broker: ServiceBus) -> Iterator[Baton]:
    baton = Baton(tmp_path, "--clock", "virtual", ServiceBusConnection=broker.connection_string).start()
    try:
        yield baton
    finally:
        if baton.host:
            baton.kill()


def message(id: str, type: str, data: dict[str, Any], sent_as: str) -> ServiceBusMessage:
    properties: Any = {**SCOPE._asdict(), "id": id}
    body = json.dumps({"type": type, "data": data})
    return ServiceBusMessage(body, message_id=sent_as, application_properties=properties)


def test_commands_come_in_and_events_go_out(baton: Baton, client: ServiceBusClient) -> None:
    task = baton.ask("POST", "tasks", json=WORK)["id"]
    with client.get_queue_sender("commands") as sender:
        sender.send_messages([message("run", "task.execute", {"task": task}, f"run-{n}") for n in range(2)])
        sender.send_messages(message("bad", "task.execute", {"task": "none"}, "bad"))
    # The built-in writer takes no tasks: the run ends, which is what is told.
    wait_for(lambda: baton.ask("GET", f"tasks/{task}")["status"] == "failed" or None)
    wait_for(lambda: baton.ask("GET", "bus/dead-letters")["items"] or None)
    (letter,) = baton.ask("GET", "bus/dead-letters")["items"]
    assert (letter["id"], [error["field"] for error in letter["errors"]]) == ("bad", ["task"])
    assert baton.ask("GET", f"tasks/{task}")["run"] == 1
    _sweep(baton)
    with client.get_subscription_receiver("events", "crm", max_wait_time=20) as receiver:
        told = next(iter(receiver))
        receiver.complete_message(told)
    properties = {name.decode(): value.decode() for name, value in told.application_properties.items()}  # type: ignore[union-attr]
    (event,) = baton.ask("GET", "events")["items"]
    assert properties == {"tenant": "local", "workspace": "main", "id": event["id"]}
    assert (told.subject, told.message_id) == ("task.failed", f"local~main~{event['id']}")
    assert json.loads(str(told))["data"] == {"task": task, "agent": "analyst", "run": 1, "workspace": "main"}


def _sweep(baton: Baton) -> None:
    """Five minutes go by."""
    assert baton.host
    where, key = "/admin/host/clock", {"code": baton.host.keys["master"]}
    until = datetime.fromisoformat(baton.host.http.get(where, params=key).json()["now"]) + timedelta(minutes=6)
    answer = baton.host.http.put(where, params=key, json={"mode": "run", "until": until.isoformat()})
    assert answer.status_code == 200, answer.text
    wait_for(lambda: (baton.host and baton.host.http.get(where, params=key).json()["mode"] == "hold") or None)
