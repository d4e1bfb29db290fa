"""A home whose clock stands still until it is moved, and an endpoint that keeps to Standard Webhooks."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from shared.adapters.clock.host import HostClock
from shared.agents import events, tasks
from shared.agents.events import again, subscriptions
from shared.domain.names import Kind
from shared.domain.subscription import Delivery, Webhook, WebhookRequest
from shared.domain.task import Assignment, Attempt, Task
from shared.ports import Ports
from tests.contract.cosmos_home import prepare
from tests.integration.events.homes import Homes, ports_at
from tests.integration.generate.home import SCOPE
from tests.servers.cosmos import CosmosServer
from tests.servers.endpoints import WebhookEndpoint

BEGAN = datetime(2027, 3, 1, 9, tzinfo=UTC)


@dataclass
class World:
    """What a test does, and where it stands."""

    ports: Ports
    endpoint: WebhookEndpoint
    file: Path
    homes: Homes

    def wait(self, **time: float) -> None:
        self.set(self.ports.clock.now() + timedelta(**time))

    def set(self, at: datetime) -> None:
        nanoseconds = (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1) * 1000
        self.file.write_bytes(nanoseconds.to_bytes(8, "little", signed=True))

    def subscribe(self, path: str = "/hook", **more: Any) -> Webhook:
        request = WebhookRequest(url=self.endpoint.url + path, **more)
        hook = subscriptions.create(self.ports, SCOPE, "ann", request)
        self.endpoint.secrets = (*self.endpoint.secrets, self.secret(hook))
        return hook

    def secret(self, hook: Webhook) -> str:
        return subscriptions.secret_of(self.ports, SCOPE, hook.id, hook.secrets[0])

    def hook(self, hook: Webhook) -> Webhook:
        return subscriptions.HOOKS.load(self.ports, SCOPE, hook.id)

    def happens(self, outcome: Any = "done") -> Task:
        """A task ends."""
        self.wait(seconds=1)
        now = self.ports.clock.now()
        made = tasks.create(self.ports, SCOPE, "ann", "analyst", Assignment(title="March", instructions="Look"))
        made.run, made.status = 1, outcome
        made.attempts = [Attempt(run=1, at=now, ended_at=now, outcome=outcome)]
        self.ports.documents.put(SCOPE, Kind.TASK, made.id, made.model_dump(mode="json"), "*")
        return made

    def tell(self) -> None:
        events.tell(self.ports, SCOPE)

    def deliveries(self, hook: Webhook) -> list[Delivery]:
        return again.deliveries(self.ports, SCOPE, hook.id, None, 100)[0]

    def one(self, hook: Webhook) -> Delivery:
        (found,) = self.deliveries(hook)
        return found


ON_BOTH_IN_CI = pytest.mark.parametrize(
    "world", ["sqlite", pytest.param("cosmos", marks=pytest.mark.long)], indirect=True
)
"""For those that between them make every kind of question that Cosmos DB is asked here."""


@pytest.fixture(params=["sqlite", pytest.param("cosmos", marks=pytest.mark.nightly)])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    """Its documents lie in SQLite or in Cosmos DB."""
    with ExitStack() as stack:
        where = prepare(stack.enter_context(CosmosServer())) if request.param == "cosmos" else None
        yield stack.enter_context(world_at(tmp_path, Homes(cosmos=where and where.secret)))


@contextmanager
def world_at(folder: Path, homes: Homes) -> Iterator[World]:
    clock = HostClock(folder / "clock")
    with WebhookEndpoint(secrets=()) as endpoint, ports_at(folder, endpoint.port, homes) as ports:
        world = World(ports, endpoint, folder / "clock", homes)
        world.set(BEGAN)
        endpoint.now = clock.now
        yield world


def signatures(secret: str, headers: Any, body: bytes) -> bool:
    """As the specification has it, by hand."""
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    key = base64.b64decode(secret.removeprefix("whsec_"))
    mine = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return f"v1,{mine}" in headers["webhook-signature"].split()
