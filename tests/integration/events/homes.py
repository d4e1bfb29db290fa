"""Where a world lies: what the tests, and the processes that they kill, open alike."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import NamedTuple

from shared.adapters._azure.cosmos import cosmos_client
from shared.adapters._azure.service_bus import service_bus
from shared.adapters.bus.service_bus import ServiceBus
from shared.adapters.clock.host import HostClock
from shared.adapters.documents.cosmos import CosmosDocuments
from shared.adapters.documents.encrypted import EncryptedDocuments
from shared.adapters.endpoints.guarded import GuardedEndpoints
from shared.domain.connection import Connection
from shared.ports import Ports
from tests.integration.generate.home import opened


class Homes(NamedTuple):
    """Connection strings; None: documents lie in SQLite, and there is no bus."""

    cosmos: str | None = None
    bus: str | None = None


@contextmanager
def ports_at(folder: Path, endpoint: int, homes: Homes) -> Iterator[Ports]:
    """The home in a folder, with its clock; webhooks may go to the port of the loopback."""
    clock = HostClock(folder / "clock")
    with ExitStack() as stack:
        ports = stack.enter_context(opened(folder / "home", clock=clock))
        keys = ports.keys
        ports = replace(ports, endpoints=GuardedEndpoints(f"127.0.0.1:{endpoint}"))
        if homes.cosmos:
            connect = partial(cosmos_client, Connection(secret=homes.cosmos))
            plain = stack.enter_context(closing(CosmosDocuments(connect, clock=clock, replica="here")))
            ports = replace(ports, documents=EncryptedDocuments(plain, lambda: keys))
        if homes.bus:
            bus = ServiceBus(partial(service_bus, Connection(secret=homes.bus)))
            ports = replace(ports, bus=stack.enter_context(closing(bus)))
        yield ports
