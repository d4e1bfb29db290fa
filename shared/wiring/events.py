"""How other systems are told and heard: the bus, and where webhooks may go."""

from __future__ import annotations

from functools import partial

from shared.adapters._azure.service_bus import service_bus
from shared.adapters.bus.host import HostBus
from shared.adapters.bus.service_bus import ServiceBus
from shared.adapters.endpoints.guarded import GuardedEndpoints
from shared.domain.faults import Misconfigured
from shared.ports import Bus, Endpoints
from shared.settings import Settings
from shared.wiring.home import Home


def bus(home: Home) -> Bus | None:
    """None: neither a namespace nor the embedded host's queues are there."""
    chosen = home.settings
    if chosen.bus is not None:
        return home.closing(ServiceBus(partial(service_bus, chosen.bus)))
    if chosen.host_bus is None or chosen.host_keys is None:
        return None
    return home.closing(HostBus(chosen.host_bus, chosen.host_keys))


def endpoints(chosen: Settings) -> Endpoints:
    try:
        return GuardedEndpoints(chosen.webhook_allow or "")
    except ValueError as error:
        raise Misconfigured("BATON_WEBHOOK_ALLOW", str(error)) from None
