"""Documents in Cosmos DB that does not answer clearly: whoever asks over HTTP is told to ask again, and when; and its
client keeps its requests to itself."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared import wiring
from tests.contract.cosmos_home import prepare
from tests.servers.cosmos import CosmosServer, Fault

from .conftest import Edge

POLICY = {"apart_minutes": 30}


@pytest.fixture
def server(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[CosmosServer]:
    with CosmosServer() as made:
        prepare(made)
        monkeypatch.setenv("CosmosConnection", made.connection_string)
        wiring.close()
        yield made
        wiring.close()


@pytest.mark.parametrize(
    "fault", [Fault(), Fault(applied=True), Fault(429, headers={"x-ms-retry-after-ms": "1"}), Fault(449)]
)
def test_a_write_that_got_no_clear_answer_is_a_503_that_says_when_to_ask_again(
    server: CosmosServer, edge: Edge, fault: Fault
) -> None:
    assert edge.ask("PUT", "/api/v1/policy", POLICY).status == 200
    server.trouble = lambda operation: fault if operation == "batch" else None
    answer = edge.ask("PUT", "/api/v1/policy", {"apart_minutes": 45})
    if answer.status != 200:  # a write whose answer was lost may have been found to be there
        assert (answer.status, answer.headers["Retry-After"], list(answer.fields)) == (503, "5", ["store"])
        assert json.loads(answer.body)["type"] == "urn:baton:problem:unavailable"
    else:
        assert fault.applied
    server.trouble = lambda operation: None
    assert edge.ask("PUT", "/api/v1/policy", {"apart_minutes": 60}).status == 200


def test_requests_to_azure_are_not_in_the_log(
    server: CosmosServer, edge: Edge, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    assert edge.ask("PUT", "/api/v1/policy", POLICY).status == 200
    said = [record for record in caplog.records if record.name.startswith("azure")]
    assert [record.getMessage() for record in said if record.levelno < logging.WARNING] == []
