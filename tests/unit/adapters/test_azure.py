"""Azure's side of the adapters without Azure: who asks, and that nothing is loaded or opened before it is needed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from azure.identity import DefaultAzureCredential, ManagedIdentityCredential

from shared.adapters._azure import identity
from shared.adapters._azure.identity import credential
from shared.adapters._azure.service_bus import service_bus
from shared.adapters._azure.tables import table_service
from shared.domain.connection import Connection

ROOT = Path(__file__).parents[3]
NAMESPACE = "agency.servicebus.windows.net"
WHERE = "https://agency.table.core.windows.net"
CONNECTIONS = {
    "CosmosConnection__accountEndpoint": "https://agency.documents.azure.com/",
    "LedgerConnection__tableServiceUri": WHERE,
    "JournalConnection__tableServiceUri": WHERE,
    "FilesConnection__blobServiceUri": "https://agency.blob.core.windows.net",
    "ServiceBusConnection__fullyQualifiedNamespace": NAMESPACE,
}
MAKE_PORTS = """
import socket, sys
def refuse(*arguments): raise AssertionError("nothing may be opened yet")
socket.socket.connect = socket.getaddrinfo = refuse
from shared import wiring
made = wiring.ports()
inner = vars(made.documents)["_documents"]  # encrypted on the way to its home
print(*(type(each).__name__ for each in (made.documents, inner, made.ledger, made.journal, made.files, made.bus)))
print(*sorted(name for name in sys.modules if name.startswith("azure.")))
wiring.close()
"""


def test_an_endpoint_is_asked_with_the_identity_that_was_named() -> None:
    named = Connection(endpoint=WHERE, managed=True, client_id="c1")
    assert isinstance(credential(named), ManagedIdentityCredential)
    assert isinstance(credential(Connection(endpoint=WHERE)), DefaultAzureCredential)
    kept = credential(named)
    assert credential(named) is kept
    identity.close()
    assert credential(named) is not kept
    identity.close()


@pytest.mark.parametrize("secret", [None, "AccountName=agency;AccountKey=aGlkZGVu;EndpointSuffix=core.windows.net"])
def test_the_client_speaks_to_the_endpoint_of_its_connection(secret: str | None) -> None:
    with table_service(Connection(secret=secret, endpoint=WHERE)) as client:
        assert client.url == WHERE


@pytest.mark.parametrize(
    "secret", [None, "Endpoint=sb://agency.servicebus.windows.net/;SharedAccessKeyName=k;SharedAccessKey=aGlkZGVu"]
)
def test_the_client_of_the_bus_speaks_to_the_namespace_of_its_connection(secret: str | None) -> None:
    with service_bus(Connection(secret=secret, endpoint=NAMESPACE)) as client:
        assert client.fully_qualified_namespace == NAMESPACE


def test_choosing_homes_on_azure_loads_and_opens_nothing_before_the_first_use(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", MAKE_PORTS],
        cwd=ROOT,
        env={**os.environ, "BATON_HOME": str(tmp_path), **CONNECTIONS},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ran.returncode == 0, ran.stderr
    homes = ["CosmosDocuments", "TablesLedger", "TablesJournal", "BlobFiles", "ServiceBus"]
    assert ran.stdout.split() == ["EncryptedDocuments", *homes]
