"""Azure Cosmos DB: the client, and the container that documents lie in."""

from __future__ import annotations

from typing import Any

from shared.adapters._azure.identity import credential
from shared.domain.connection import Connection

DATABASE, CONTAINER = "baton", "documents"
PARTITION_KEY = ("/tenant", "/workspace", "/kind")
INDEXING: dict[str, Any] = {
    "indexingMode": "consistent",
    "includedPaths": [{"path": "/*"}],
    "excludedPaths": [{"path": f"/{name}/?"} for name in ("changed_at", "changed_by", "schema", '"_etag"')]
    + [{"path": "/trail/*"}],
}
"""Every field of a body, so that any may be looked by; not the bookkeeping. No composite index is needed."""

DEFAULT_TTL = -1
"""Items live for ever unless they say otherwise; tombstones do."""
TOMBSTONES_LIVE = 90 * 24 * 3600
"""Seconds."""

_PATIENCE = {
    "retry_total": 0,
    "retry_throttle_total": 5,
    "retry_throttle_backoff_max": 8,
    "connection_timeout": 5,
    "read_timeout": 15,
}
"""The SDK waits out a 429 as x-ms-retry-after-ms says; asking again for any other reason is `patience`'s."""


def cosmos_client(connection: Connection) -> Any:
    """A `CosmosClient`, to be closed; thread-safe. It asks the account at once. Raises ValueError for a connection that
    cannot be one."""
    from azure.cosmos import CosmosClient

    options = {**_PATIENCE, "enable_compact_utf8_item_writes": True}
    if connection.secret:
        return CosmosClient.from_connection_string(connection.secret, **options)
    return CosmosClient(connection.endpoint, credential(connection), **options)
