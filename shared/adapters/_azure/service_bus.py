"""Azure Service Bus: the client."""

from __future__ import annotations

from typing import Any

from shared.adapters._azure.identity import credential
from shared.domain.connection import Connection

_PATIENCE = {"retry_total": 4, "retry_backoff_factor": 0.25, "retry_backoff_max": 8}
"""The SDK asks again after a lost connection and when the service is busy. A message that was sent twice by this is
dropped by duplicate detection, or by the receiver, who knows its id."""


def service_bus(connection: Connection) -> Any:
    """A `ServiceBusClient`, to be closed; what it makes is for one thread at a time. Raises ValueError for a connection
    that cannot be one."""
    from azure.servicebus import ServiceBusClient

    if connection.secret:
        return ServiceBusClient.from_connection_string(connection.secret, **_PATIENCE)
    return ServiceBusClient(connection.endpoint, credential(connection), **_PATIENCE)
