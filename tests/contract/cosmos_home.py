"""Documents in the Cosmos server, made as a deployment makes them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from shared.adapters._azure.cosmos import CONTAINER, DATABASE, DEFAULT_TTL, INDEXING, PARTITION_KEY, cosmos_client
from shared.adapters.documents.cosmos import CosmosDocuments
from shared.domain.connection import Connection
from shared.ports import Clock
from tests.servers.cosmos import CosmosServer


def prepare(server: CosmosServer) -> Connection:
    """Makes the database and its container, which Baton itself never does; the connection to it."""
    from azure.cosmos import PartitionKey

    connection = Connection(secret=server.connection_string)
    with cosmos_client(connection) as client:
        client.create_database(DATABASE).create_container(
            CONTAINER,
            partition_key=PartitionKey(list(PARTITION_KEY), kind="MultiHash"),
            indexing_policy=INDEXING,
            default_ttl=DEFAULT_TTL,
        )
    return connection


@contextmanager
def cosmos_documents(server: CosmosServer, clock: Clock, replica: str = "here") -> Iterator[CosmosDocuments]:
    connection = prepare(server) if not server.databases else Connection(secret=server.connection_string)
    documents = CosmosDocuments(lambda: cosmos_client(connection), clock=clock, replica=replica)
    try:
        yield documents
    finally:
        documents.close()
