"""A small real server that speaks the part of Azure Cosmos DB's REST API that Baton uses, for tests without a network.

`with CosmosServer() as server: …` listens on a free port of the loopback in threads. `server.trouble` may break any
request. It is written from the documentation and from what azure-cosmos sends; it was never compared with Azure."""

from tests.servers.cosmos.faults import Fault, scripted
from tests.servers.cosmos.wire import KEY, CosmosServer

__all__ = ["KEY", "CosmosServer", "Fault", "scripted"]
