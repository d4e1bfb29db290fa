"""Azure Blob storage: the client."""

from __future__ import annotations

from typing import Any

from shared.adapters._azure.identity import credential
from shared.domain.connection import Connection

BLOCK = 4 * 2**20
"""Bytes that are sent or fetched at once."""
_OPTIONS = {
    "retry_total": 0,
    "connection_timeout": 5,
    "read_timeout": 60,
    "max_single_get_size": BLOCK,
    "max_chunk_get_size": BLOCK,
}
"""Asking again is `patience`'s: the SDK's own would wait for as long as any Retry-After says."""


def blob_service(connection: Connection) -> Any:
    """A `BlobServiceClient`, to be closed; thread-safe. Raises ValueError for a connection that cannot be one."""
    from azure.storage.blob import BlobServiceClient

    if connection.secret:
        return BlobServiceClient.from_connection_string(connection.secret, **_OPTIONS)
    return BlobServiceClient(connection.endpoint, credential=credential(connection), **_OPTIONS)
