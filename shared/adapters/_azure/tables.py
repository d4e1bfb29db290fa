"""Azure Table storage: the client, and what every adapter on it needs."""

from __future__ import annotations

from typing import Any

from shared.adapters._azure.identity import credential
from shared.domain.connection import Connection

_PATIENCE = {"retry_total": 0, "connection_timeout": 5, "read_timeout": 15}
"""Asking again is `patience`'s: the SDK's own would wait for as long as any Retry-After says."""


def table_service(connection: Connection) -> Any:
    """A `TableServiceClient`, to be closed; thread-safe. Raises ValueError for a connection that cannot be one."""
    from azure.data.tables import TableServiceClient

    if connection.secret:
        return TableServiceClient.from_connection_string(connection.secret, **_PATIENCE)
    return TableServiceClient(connection.endpoint, credential=credential(connection), **_PATIENCE)
