"""A home with each of the two homes of documents, and a clock that a test moves by hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from shared.ports import Ports
from tests.contract.cosmos_home import cosmos_documents
from tests.integration.agents.conftest import SCOPE, START, Hand, hand, people, ports
from tests.servers.cosmos import CosmosServer

__all__ = ["SCOPE", "START", "Hand", "hand", "people", "ports"]


@pytest.fixture(params=["sqlite", "cosmos"])
def home(request: pytest.FixtureRequest, ports: Ports) -> Iterator[Ports]:
    """The ports with the documents in SQLite, then with them in Cosmos DB."""
    if request.param == "sqlite":
        yield ports
        return
    with CosmosServer() as server, cosmos_documents(server, ports.clock) as documents:
        yield replace(ports, documents=documents)
