from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from shared.adapters.knowledge.published import PublishedKnowledge
from shared.agents import knowledge
from shared.domain.knowledge import Description, KnowledgeDocument
from shared.domain.knowledge_formats import Format
from shared.ports import Ports
from tests.contract.cosmos_home import cosmos_documents
from tests.integration.contacts.home import SCOPE, home
from tests.servers.cosmos import CosmosServer

Bring = Callable[..., KnowledgeDocument]


@pytest.fixture(params=["one machine", "many machines"])
def ports(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Ports]:
    """Both homes: SQLite for everything; documents in Cosmos DB with the index published in Files."""
    with home(tmp_path) as made:
        if request.param == "one machine":
            yield made
            return
        with CosmosServer() as server, cosmos_documents(server, made.clock) as documents:
            yield replace(made, documents=documents, knowledge=PublishedKnowledge(made.files, tmp_path / "copies"))


@pytest.fixture
def bring(ports: Ports) -> Bring:
    """Brings a text, under a title."""

    def bring(text: str | bytes, title: str | None = "Prices", format: Format = "text") -> KnowledgeDocument:
        data = text if isinstance(text, bytes) else text.encode()
        brought = knowledge.Brought(data, format, "prices.txt")
        return knowledge.bring_in(ports, SCOPE, "anna", brought, Description(title=title, source="our own"))

    return bring
