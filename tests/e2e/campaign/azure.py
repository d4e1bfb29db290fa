"""Every home on Azure's side, on the loopback, each behind a wire that may fail: Cosmos DB, Tables, Blobs, Service Bus
and a Foundry project. The settings are those of a deployment: an instance's disk holds nothing that lasts."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from tests.contract.cosmos_home import prepare
from tests.servers import azurite, service_bus
from tests.servers.cosmos import KEY, CosmosServer
from tests.servers.faulty_proxy import Asked, Fate, FaultyProxy, LoseAnswer, LoseRequest, Refuse, Slow, Twice
from tests.servers.models import ModelServer
from tests.servers.smtp_strict import authority

FAULTS: tuple[Fate, ...] = (
    LoseAnswer(),
    LoseRequest(),
    Refuse(503),
    Refuse(429, {"Retry-After": "1", "x-ms-retry-after-ms": "20"}),
    Slow(0.3),
    Twice(),
)
_KEYS = {"address": f"{'a' * 43}=", "link": {"1": f"{'b' * 43}="}, "field": {"1": f"{'c' * 43}="}}


@dataclass(frozen=True)
class Azure:
    """`wires`: the proxies by the home behind them; `models` breaks as its script says; `cosmos` is what lies there."""

    settings: dict[str, str]
    cosmos: CosmosServer
    wires: dict[str, FaultyProxy]
    models: ModelServer

    @property
    def settings_of_one_machine(self) -> dict[str, str]:
        """The same keys and the same model, and every other home on the disk."""
        away = {"WEBSITE_SITE_NAME", *(f"{name}Connection" for name in ("Cosmos", "Ledger", "Journal", "Files"))}
        return {name: text for name, text in self.settings.items() if name not in away | {"ServiceBusConnection"}}


@contextmanager
def azure(folder: Path) -> Iterator[Azure]:
    certified = authority(folder)
    with ExitStack() as stack:
        cosmos = stack.enter_context(CosmosServer())
        prepare(cosmos)
        ports = {
            "cosmos": int(cosmos.url.rpartition(":")[2].strip("/")),
            "tables": stack.enter_context(azurite.serving(folder)),
            "blobs": stack.enter_context(azurite.serving(folder, "blob")),
        }
        wires = {name: stack.enter_context(FaultyProxy(port).serving()) for name, port in ports.items()}
        # The account tells its clients where it is: at the wire, too.
        cosmos.url = f"http://127.0.0.1:{wires['cosmos'].port}/"
        bus = stack.enter_context(
            service_bus.ServiceBus(
                {"handoffs": service_bus.Settings(), "commands": service_bus.Settings()},
                {"events": {"": service_bus.Settings()}},
            )
        )
        models = stack.enter_context(ModelServer(tls=certified.context))
        tables = azurite.connection_string(wires["tables"].port)
        settings = {
            "WEBSITE_SITE_NAME": "func-baton-loopback",
            "BATON_KEYS": json.dumps(_KEYS),
            "BATON_OWNER_TOKEN": "the-owner-of-the-loopback-and-nobody-else",
            "CosmosConnection": f"AccountEndpoint={cosmos.url};AccountKey={KEY};",
            "LedgerConnection": tables,
            "JournalConnection": tables,
            "FilesConnection": azurite.connection_string(wires["blobs"].port, "blob"),
            "ServiceBusConnection": bus.connection_string,
            "FoundryConnection__endpoint": models.project,
            "FoundryConnection__credential": "managedidentity",
            "BATON_FOUNDRY_MODEL": "test-model",
            "SSL_CERT_FILE": str(certified.ca_file),
            "REQUESTS_CA_BUNDLE": str(certified.ca_file),
            **models.identity,
        }
        yield Azure(settings, cosmos, wires, models)


def failing(seed: int, share: float) -> Callable[[Asked], Fate]:
    """So many requests meet a fault, never two in a row that look alike: the same question gets through in the end."""
    dice, lock, spared = random.Random(seed), Lock(), set[tuple[str, str]]()

    def fate(asked: Asked) -> Fate:
        alike = asked.method, asked.path
        with lock:
            if alike in spared:
                spared.discard(alike)
            elif dice.random() < share:
                spared.add(alike)
                return dice.choice(FAULTS)
            return None

    return fate
